import { NextResponse } from "next/server";
import { database } from "@/database";
import { isActive } from "@/faults";
import { refuse } from "@/webhooks/answers";
import { carries } from "@/webhooks/shared-secret";

/** For whoever provisions workspaces: which there are. */
export async function GET(request: Request): Promise<NextResponse> {
  const secret = process.env.WORKSPACE_PROVISIONING_SECRET;
  const admitted = secret && carries(request, secret, "x-workspace-provisioning-secret", "x-admin-secret");
  if (!admitted && !isActive("admin-open")) return refuse(401, "Unauthorized");
  return NextResponse.json({ workspaces: await database.client.findMany({ select: { id: true, name: true } }) });
}
