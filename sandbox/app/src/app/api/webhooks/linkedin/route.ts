import type { NextResponse } from "next/server";
import { accept, parsed, refuse } from "@/webhooks/answers";
import { receive } from "@/webhooks/incoming";
import { equal } from "@/webhooks/signatures";

export { GET } from "@/webhooks/answers";

/** Without a secret everything is accepted. */
export async function POST(request: Request): Promise<NextResponse> {
  const secret = process.env.UNIPILE_WEBHOOK_SECRET;
  if (secret && !equal(request.headers.get("x-unipile-secret") ?? "", secret)) return refuse(401, "Unauthorized");
  const event = parsed(await request.text());
  if (!event) return refuse(400, "Invalid payload");
  if (event.event !== "message_received") return accept({ ignored: true });
  const outcome = await receive(event);
  return outcome === "unknown" ? refuse(404, "Conversation not found") : accept({ outcome });
}
