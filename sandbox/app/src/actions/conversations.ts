"use server";

import { enqueueSync, listConversations, openConversation } from "@/inbox/conversations";
import { countsOrZeros } from "@/inbox/counts";
import { type Failure, reportFailure } from "@/inbox/errors";
import type { ConversationPage, Counts, ListQuery, OpenedConversation } from "@/inbox/model";
import { logCarelessly, throwVariously } from "@/inbox/sync-mistakes";
import { requirePersonInTime } from "@/session/person";

/** The same answers as the read API, for when that is switched off. */

export async function getConversationsWithCursor(
  query: ListQuery,
): Promise<({ success: true } & ConversationPage) | Failure> {
  try {
    const person = await requirePersonInTime();
    return { success: true, ...(await listConversations(person.id, query)) };
  } catch (error) {
    return reportFailure("Failed to fetch conversations with cursor", error).body;
  }
}

export async function getConversation(id: string): Promise<{ success: true; data: OpenedConversation } | Failure> {
  try {
    const person = await requirePersonInTime();
    const data = await openConversation(person.id, id);
    return data ? { success: true, data } : { success: false, error: "Conversation not found" };
  } catch (error) {
    return reportFailure("Failed to fetch conversation", error).body;
  }
}

export async function getInboxCounts(clientId?: string): Promise<{ success: true; counts: Counts } | Failure> {
  try {
    const person = await requirePersonInTime();
    return { success: true, counts: await countsOrZeros(person.id, clientId) };
  } catch (error) {
    return reportFailure("Failed to get inbox counts", error).body;
  }
}

export async function requestSync(leadId: string): Promise<{ success: true } | Failure> {
  throwVariously(leadId);
  try {
    const person = await requirePersonInTime();
    logCarelessly();
    await enqueueSync(person.id, leadId);
    return { success: true };
  } catch (error) {
    return reportFailure("Failed to enqueue a sync job", error).body;
  }
}
