import { NextResponse } from "next/server";

export function refuse(status: number, error: string): NextResponse {
  return NextResponse.json({ error }, { status });
}

export function accept(more: Record<string, unknown> = {}): NextResponse {
  return NextResponse.json({ ok: true, ...more });
}

/** A GET tells nothing about a webhook; senders ask for it when they are set up. */
export function GET(): NextResponse {
  return new NextResponse("ok");
}

export function parsed(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
