"use server";

import { type AdminSnapshot, snapshotOf } from "@/inbox/admin-snapshot";
import { type Failure, InboxError, reportFailure } from "@/inbox/errors";
import { isAdmin } from "@/inbox/workspaces";
import { requirePersonInTime } from "@/session/person";

export async function getAdminSnapshot(clientId: string): Promise<{ success: true; data: AdminSnapshot } | Failure> {
  try {
    const person = await requirePersonInTime();
    if (!(await isAdmin(person.id, clientId))) throw new InboxError("unauthorized");
    return { success: true, data: await snapshotOf(clientId) };
  } catch (error) {
    return reportFailure("Failed to fetch the admin snapshot", error).body;
  }
}
