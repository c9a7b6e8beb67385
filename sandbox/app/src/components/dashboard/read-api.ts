"use client";

import { getConversation, getConversationsWithCursor, getInboxCounts } from "@/actions/conversations";
import type { Failure } from "@/inbox/errors";
import type { ConversationPage, Counts, ListQuery, OpenedConversation } from "@/inbox/model";
import { callAction } from "./app-update";
import type { Resources } from "./resources";

/** The inbox's reads: by the read API, and by Server Actions when that is switched off. Failures are thrown. */

export function readConversations({ conversations }: Resources, query: ListQuery): Promise<ConversationPage> {
  return read(`${conversations}${search(query)}`, () => getConversationsWithCursor(query));
}

export async function readConversation({ conversations }: Resources, id: string): Promise<OpenedConversation> {
  const answer = await read<{ data: OpenedConversation }>(`${conversations}/${id}`, () => getConversation(id));
  return answer.data;
}

export async function readCounts({ counts }: Resources, clientId?: string): Promise<Counts> {
  const answer = await read<{ counts: Counts }>(`${counts}${search({ clientId })}`, () => getInboxCounts(clientId));
  return answer.counts;
}

type Answer<T> = ({ success: true } & T) | Failure;

async function read<T>(resource: string, action: () => Promise<Answer<T>>): Promise<T> {
  const response = await fetch(resource);
  let answer = (await response.json()) as Answer<T>;
  if (!answer.success && answer.error === "READ_API_DISABLED") answer = await callAction(action);
  if (!answer.success) throw new Error(answer.error);
  return answer;
}

function search(query: ListQuery): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
