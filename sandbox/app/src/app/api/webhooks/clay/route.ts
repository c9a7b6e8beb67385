import type { NextResponse } from "next/server";
import { accept, refuse } from "@/webhooks/answers";
import { isFromClay } from "@/webhooks/signatures";

export { GET } from "@/webhooks/answers";

/** Without a secret everything is accepted. */
export async function POST(request: Request): Promise<NextResponse> {
  const secret = process.env.CLAY_WEBHOOK_SECRET;
  const body = await request.text();
  if (secret && !isFromClay(body, request.headers.get("x-clay-signature"), secret)) return refuse(401, "Invalid signature");
  return accept({ ignored: true });
}
