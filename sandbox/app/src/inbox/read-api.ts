import { randomUUID } from "node:crypto";
import { NextResponse } from "next/server";
import { reportFailure } from "./errors";

/**
 * Answers a GET of the read API: the flag, the headers every answer carries, and failures as the person may read them.
 * `sentence` opens the log line of a failure.
 */
export async function answer(
  request: Request,
  sentence: string,
  work: () => Promise<NextResponse>,
): Promise<NextResponse> {
  const started = performance.now();
  const response = isEnabled() ? await work().catch((error: unknown) => failed(sentence, error)) : disabled(request);
  response.headers.set("x-request-id", request.headers.get("x-request-id") ?? randomUUID());
  response.headers.set("x-zrg-duration-ms", String(Math.round(performance.now() - started)));
  return response;
}

function isEnabled(): boolean {
  return process.env.INBOX_READ_API_V1 !== "0";
}

function disabled(request: Request): NextResponse {
  console.warn("[Read API] disabled", { path: new URL(request.url).pathname });
  return NextResponse.json({ success: false, error: "READ_API_DISABLED" }, { status: 503 });
}

function failed(sentence: string, error: unknown): NextResponse {
  const { body, status } = reportFailure(sentence, error);
  return NextResponse.json(body, { status });
}
