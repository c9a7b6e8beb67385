"use server";

import { database } from "@/database";
import type { Failure } from "@/inbox/errors";
import { requirePersonInTime } from "@/session/person";

export type CurrentUser = { id: string; email: string; role: string };

export async function getCurrentUser(): Promise<{ success: true; data: CurrentUser } | Failure> {
  try {
    const person = await requirePersonInTime();
    const membership = await database.clientMember.findFirst({ where: { userId: person.id } });
    return { success: true, data: { id: person.id, email: person.email ?? "", role: membership?.role ?? "guest" } };
  } catch (error) {
    console.error("Failed to get current user:", error);
    return { success: false, error: "Failed to get current user" };
  }
}
