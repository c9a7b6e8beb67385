import type { NextResponse } from "next/server";
import { isActive } from "@/faults";
import { openWebhook } from "@/webhooks/open";

export { GET } from "@/webhooks/answers";

export async function POST(request: Request): Promise<NextResponse> {
  const body = await request.text();
  if (isActive("webhook-chokes-on-nonsense")) JSON.parse(body);
  return openWebhook(body);
}
