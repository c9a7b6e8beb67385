"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import type { ListQuery } from "@/inbox/model";
import { readConversations } from "./read-api";
import { useResources } from "./resources";

/** The conversations of a workspace, or of all, page after page; the message of its error is meant for the person. */
export function useConversations({ clientId, search, sentiment }: ListQuery, enabled: boolean) {
  const resources = useResources();
  return useInfiniteQuery({
    queryKey: ["conversations", clientId, search, sentiment],
    queryFn: ({ pageParam }) =>
      readConversations(resources, { clientId, limit: 50, search, sentiment, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled,
  });
}

export type ConversationsQuery = ReturnType<typeof useConversations>;
