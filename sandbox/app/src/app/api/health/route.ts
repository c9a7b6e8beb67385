import { NextResponse } from "next/server";
import { database } from "@/database";

export const dynamic = "force-dynamic";

/** Whether the database answers, for anybody. */
export async function GET(): Promise<NextResponse> {
  await database.client.findFirst({ select: { id: true } });
  return NextResponse.json({ ok: true });
}
