import { timingSafeEqual } from "node:crypto";
import { NextResponse } from "next/server";
import { database } from "@/database";
import { isActive } from "@/faults";

/** What a route does when CRON_SECRET is not set. They were written at different times, and it shows. */
type WhenUnset = "answers 503" | "answers 401" | "runs";

type Handler = (request: Request) => Promise<NextResponse>;

/** A scheduled job. Every execution leaves a row, so that it can be counted what a visitor has set off. */
export function cron(route: string, whenUnset: WhenUnset): { GET: Handler; POST: Handler } {
  async function handle(request: Request): Promise<NextResponse> {
    const refusal = refuse(request, route, whenUnset);
    if (refusal) return refusal;
    if (isActive("cron-fails") && route === "response-timing") throw new Error("The response times could not be computed");
    await database.cronRun.create({ data: { route } });
    return NextResponse.json({ success: true });
  }
  return { GET: handle, POST: handle };
}

function refuse(request: Request, route: string, whenUnset: WhenUnset): NextResponse | null {
  const given = request.headers.get("authorization") ?? "";
  if (isActive("cron-open") && route === "availability") return null;
  if (isActive("cron-throws") && route === "availability") throw new Error("The calendar cache is not available");
  if (isActive("cron-bearer-undefined") && route === "calendar-health" && given === "Bearer undefined") return null;

  const secret = process.env.CRON_SECRET;
  if (!secret && whenUnset === "runs") return null;
  if (!secret && whenUnset === "answers 503") {
    return NextResponse.json({ error: "Cron endpoint not configured" }, { status: 503 });
  }
  if (secret && equal(given, `Bearer ${secret}`)) return null;
  console.warn("[Cron] rejected", { route });
  return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
}

function equal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
