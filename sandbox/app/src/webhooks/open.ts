import type { NextResponse } from "next/server";
import { database } from "@/database";
import { accept, parsed, refuse } from "./answers";

/** A webhook whose sender can't sign. It is open by design: the workspace that it names is its only key. */
export async function openWebhook(body: string): Promise<NextResponse> {
  const event = parsed(body);
  if (!event) return refuse(400, "Invalid payload");
  const workspace = String(event.workspaceId ?? event.locationId ?? "");
  if (!(await database.client.findUnique({ where: { id: workspace } }))) return refuse(404, "Workspace not found");
  return accept({ ignored: true });
}
