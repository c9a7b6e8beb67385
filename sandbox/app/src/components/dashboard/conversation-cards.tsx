"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Conversation } from "@/inbox/model";
import { ConversationCard } from "./conversation-card";
import { goTo } from "./location";
import type { ConversationsQuery } from "./use-conversations";

const CARD_HEIGHT = 104;

type Props = { list: ConversationsQuery; conversations: Conversation[]; opened?: string };

/** Only the cards in sight are in the page; the next page is asked for when the last card comes near. */
export function ConversationCards({ list, conversations, opened }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const cards = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => frame.current,
    estimateSize: () => CARD_HEIGHT,
    overscan: 4,
  });
  const visible = cards.getVirtualItems();
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const nearEnd = (visible.at(-1)?.index ?? 0) >= conversations.length - 5;

  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetching) void fetchNextPage();
  }, [nearEnd, hasNextPage, isFetching, fetchNextPage]);

  return (
    <div ref={frame} className="cards">
      <div style={{ height: cards.getTotalSize() }}>
        {visible.map(({ index, start }) => {
          const conversation = conversations[index]!;
          return (
            <ConversationCard
              key={conversation.id}
              conversation={conversation}
              opened={conversation.id === opened}
              style={{ height: CARD_HEIGHT, transform: `translateY(${start}px)` }}
              onOpen={() => goTo({ leadId: conversation.id })}
            />
          );
        })}
      </div>
    </div>
  );
}
