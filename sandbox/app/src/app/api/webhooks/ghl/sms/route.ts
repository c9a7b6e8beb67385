import type { NextResponse } from "next/server";
import { openWebhook } from "@/webhooks/open";

export { GET } from "@/webhooks/answers";

export async function POST(request: Request): Promise<NextResponse> {
  return openWebhook(await request.text());
}
