"use server";

import { isActive } from "@/faults";
import { type Failure, InboxError, noWorkspaces } from "@/inbox/errors";
import type { Workspace } from "@/inbox/model";
import { workspacesOf } from "@/inbox/workspaces";
import { requirePersonInTime } from "@/session/person";

export async function getClients(): Promise<{ success: true; data: Workspace[] } | Failure> {
  if (isActive("action-throws")) throw new Error("The workspace directory is not available");
  try {
    const person = await requirePersonInTime();
    return { success: true, data: await workspacesOf(person.id) };
  } catch (error) {
    console.error("Failed to fetch clients:", error);
    return { success: false, error: error instanceof InboxError ? error.message : noWorkspaces() };
  }
}
