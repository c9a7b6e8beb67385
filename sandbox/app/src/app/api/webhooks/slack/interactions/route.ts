import type { NextResponse } from "next/server";
import { accept, refuse } from "@/webhooks/answers";
import { isFromSlack } from "@/webhooks/signatures";

export { GET } from "@/webhooks/answers";

export async function POST(request: Request): Promise<NextResponse> {
  const secret = process.env.SLACK_SIGNING_SECRET;
  const body = await request.text();
  if (!secret || !isFromSlack(body, request.headers, secret)) return refuse(401, "Invalid signature");
  return accept({ ignored: true });
}
