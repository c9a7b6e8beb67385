"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, useEffect, useRef } from "react";
import { age } from "@/components/dashboard/age";
import { nameOf } from "@/components/dashboard/name";
import type { ConversationsQuery } from "@/components/dashboard/use-conversations";
import type { Conversation, Counts } from "@/inbox/model";
import { addressOf, goTo } from "./place";
import styles from "./desk.module.css";

const ROW_HEIGHT = 84;

type Props = {
  list: ConversationsQuery;
  conversations: Conversation[];
  counts: Counts | undefined;
  opened: string | undefined;
  search: string;
  setSearch: (search: string) => void;
  searchOnEnter: boolean;
  waiting: boolean;
  onWaiting: (waiting: boolean) => void;
  neverSettles: boolean;
};

export function ThreadList({ list, conversations, counts, opened, neverSettles, ...asked }: Props) {
  return (
    <section className={styles.list} aria-label="Threads">
      <div className={styles.tools}>
        <Find {...asked} />
        <label>
          <input
            type="checkbox"
            name="waiting"
            checked={asked.waiting}
            onChange={(event) => asked.onWaiting(event.target.checked)}
          />{" "}
          Wants a meeting
        </label>
        <small>
          {conversations.length} shown
          {counts && `, ${counts.total} in all, ${counts.requiresAttention} waiting for a meeting`}
        </small>
      </div>
      {neverSettles || list.isLoading ? (
        <p className={styles.note}>Fetching …</p>
      ) : list.error ? (
        <div className={styles.note} data-state="failed">
          <b>Your threads could not be loaded</b>
          <span>{list.error.message}</span>
          <a href="/desk" role="button" onClick={(event) => (event.preventDefault(), void list.refetch())}>
            Try again
          </a>
        </div>
      ) : conversations.length === 0 ? (
        <p className={styles.note}>Nothing here yet</p>
      ) : (
        <Rows key={conversations[0]?.id} list={list} conversations={conversations} opened={opened} />
      )}
    </section>
  );
}

type FindProps = Pick<Props, "search" | "setSearch" | "searchOnEnter">;

function Find({ search, setSearch, searchOnEnter }: FindProps) {
  const field = { name: "find", placeholder: "Find a thread" };
  if (!searchOnEnter) return <input {...field} value={search} onChange={(event) => setSearch(event.target.value)} />;
  return (
    <form onSubmit={(event) => (event.preventDefault(), setSearch(String(new FormData(event.currentTarget).get("find"))))}>
      <input {...field} defaultValue={search} />
    </form>
  );
}

type RowsProps = { list: ConversationsQuery; conversations: Conversation[]; opened: string | undefined };

/** Only the rows in sight are in the page. They stand in the flow, so that the widest of them makes the list as wide. */
function Rows({ list, conversations, opened }: RowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 3,
  });
  const visible = rows.getVirtualItems();
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const nearEnd = (visible.at(-1)?.index ?? 0) >= conversations.length - 5;
  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetching) void fetchNextPage();
  }, [nearEnd, hasNextPage, isFetching, fetchNextPage]);

  return (
    <div ref={frame} className={styles.scroll}>
      <div style={{ height: rows.getTotalSize() }}>
        <ul style={{ transform: `translateY(${visible[0]?.start ?? 0}px)` }}>
          {visible.map(({ index }) => {
            const conversation = conversations[index]!;
            return <Row key={conversation.id} conversation={conversation} opened={conversation.id === opened} />;
          })}
        </ul>
      </div>
    </div>
  );
}

function Row({ conversation, opened }: { conversation: Conversation; opened: boolean }) {
  const { id, lead, preview, channel, lastMessageAt } = conversation;

  function open(event: MouseEvent) {
    event.preventDefault();
    goTo({ thread: id });
  }

  return (
    <li style={{ height: ROW_HEIGHT }}>
      <a href={addressOf({ thread: id })} aria-current={opened ? "true" : undefined} onClick={open}>
        <strong>{nameOf(lead)}</strong>
        <small>
          {lead.company} · {channel} · {age(lastMessageAt)}
        </small>
        <span>{preview}</span>
      </a>
    </li>
  );
}
