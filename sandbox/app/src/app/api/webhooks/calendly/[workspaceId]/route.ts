import type { NextResponse } from "next/server";
import { database } from "@/database";
import { accept, refuse } from "@/webhooks/answers";
import { isFromCalendly } from "@/webhooks/signatures";

export { GET } from "@/webhooks/answers";

/** Each workspace has a signing key of its own. */
export async function POST(request: Request, context: { params: Promise<{ workspaceId: string }> }): Promise<NextResponse> {
  const workspace = await database.client.findUnique({ where: { id: (await context.params).workspaceId } });
  if (!workspace) return refuse(404, "Workspace not found");
  if (!workspace.calendlySigningKey) return refuse(500, "missing Calendly webhook signing key");
  const signature = request.headers.get("calendly-webhook-signature");
  if (!isFromCalendly(await request.text(), signature, workspace.calendlySigningKey)) return refuse(401, "Invalid signature");
  return accept({ ignored: true });
}
