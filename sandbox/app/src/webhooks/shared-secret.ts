import type { NextResponse } from "next/server";
import { database } from "@/database";
import { accept, refuse } from "./answers";
import { equal } from "./signatures";

/** A campaign tool's webhook: for one workspace, with a secret that both know. */
export async function campaignWebhook(request: Request, header: string, secret: string | undefined): Promise<NextResponse> {
  const clientId = new URL(request.url).searchParams.get("clientId");
  if (!clientId) return refuse(400, "clientId is required");
  if (!(await database.client.findUnique({ where: { id: clientId } }))) return refuse(404, "Workspace not found");
  if (!secret || !carries(request, secret, header)) return refuse(401, "Unauthorized");
  return accept();
}

export function carries(request: Request, secret: string, ...headers: string[]): boolean {
  const given = headers.map((header) => request.headers.get(header) ?? "");
  given.push((request.headers.get("authorization") ?? "").replace(/^Bearer /, ""));
  return given.some((value) => equal(value, secret));
}
