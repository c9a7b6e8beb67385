import { type NextRequest, NextResponse } from "next/server";
import { isActive } from "@/faults";

/** Called every minute by the scheduler, which knows CRON_SECRET. */
export function GET(request: NextRequest): NextResponse {
  if (!isScheduler(request)) {
    console.warn("[Cron] response-timing: unauthorized");
    return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  }
  if (isActive("cron-fails")) throw new Error("The response times could not be computed");
  return NextResponse.json({ success: true, computed: 0 });
}

export const POST = GET;

function isScheduler(request: NextRequest): boolean {
  const secret = process.env.CRON_SECRET;
  return !!secret && request.headers.get("authorization") === `Bearer ${secret}`;
}
