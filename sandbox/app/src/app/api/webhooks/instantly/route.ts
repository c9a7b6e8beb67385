import type { NextResponse } from "next/server";
import { campaignWebhook } from "@/webhooks/shared-secret";

export { GET } from "@/webhooks/answers";

export function POST(request: Request): Promise<NextResponse> {
  return campaignWebhook(request, "x-instantly-secret", process.env.INSTANTLY_WEBHOOK_SECRET);
}
