import type { NextResponse } from "next/server";
import { campaignWebhook } from "@/webhooks/shared-secret";

export { GET } from "@/webhooks/answers";

export function POST(request: Request): Promise<NextResponse> {
  return campaignWebhook(request, "x-smartlead-secret", process.env.SMARTLEAD_WEBHOOK_SECRET);
}
