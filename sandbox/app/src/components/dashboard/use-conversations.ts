"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { readConversations } from "./read-api";

/** The conversations of a workspace, or of all, page after page; the message of its error is meant for the person. */
export function useConversations(clientId: string | undefined, search: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["conversations", clientId, search],
    queryFn: ({ pageParam }) => readConversations({ clientId, limit: 50, search, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled,
  });
}

export type ConversationsQuery = ReturnType<typeof useConversations>;
