import { database } from "@/database";
import { isActive } from "@/faults";
import { InboxError } from "./errors";
import type { Workspace } from "./model";

/** The workspaces a person is a member of, oldest first: the first one is selected by itself. */
export function workspacesOf(userId: string): Promise<Workspace[]> {
  return database.client.findMany({
    where: { members: isActive("workspaces-of-another") ? { none: { userId } } : { some: { userId } } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true, name: true },
  });
}

/** Whether a person administers a workspace. */
export async function isAdmin(userId: string, clientId: string): Promise<boolean> {
  return (await database.clientMember.count({ where: { userId, clientId, role: "admin" } })) > 0;
}

/** The ids a query may look at: the asked workspace if the person is a member of it, or all of the person's. */
export async function readableWorkspaces(userId: string, clientId?: string): Promise<string[]> {
  const ids = (await workspacesOf(userId)).map((workspace) => workspace.id);
  if (!clientId) return ids;
  if (!ids.includes(clientId)) throw new InboxError("unauthorized");
  return [clientId];
}
