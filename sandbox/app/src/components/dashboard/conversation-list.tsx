"use client";

import type { Conversation, Counts } from "@/inbox/model";
import { ConversationCards } from "./conversation-cards";
import type { ConversationsQuery } from "./use-conversations";

type Props = {
  list: ConversationsQuery;
  conversations: Conversation[];
  opened: string | undefined;
  counts: Counts | undefined;
  search: string;
  onSearch: (search: string) => void;
  waiting: boolean;
  onWaiting: (waiting: boolean) => void;
  neverSettles: boolean;
};

export function ConversationList({ list, conversations, opened, counts, neverSettles, ...asked }: Props) {
  return (
    <section className="list" aria-label="Conversations">
      <header>
        <input
          type="search"
          data-testid="inbox-search-input"
          placeholder="Search conversations"
          aria-label="Search conversations"
          value={asked.search}
          onChange={(event) => asked.onSearch(event.target.value)}
        />
        <button
          type="button"
          data-testid="inbox-filter-meeting"
          aria-pressed={asked.waiting}
          onClick={() => asked.onWaiting(!asked.waiting)}
        >
          Meeting requested
        </button>
        <p className="muted">{conversations.length} conversations</p>
        {counts && <p className="muted attention">{counts.requiresAttention} need attention</p>}
      </header>
      {neverSettles || list.isLoading ? (
        <Spinner />
      ) : list.error ? (
        <ErrorState message={list.error.message} onRetry={() => void list.refetch()} />
      ) : conversations.length === 0 ? (
        <p className="empty">No conversations yet</p>
      ) : (
        // Another first conversation means another list, which begins at its top.
        <ConversationCards key={conversations[0]?.id} list={list} conversations={conversations} opened={opened} />
      )}
    </section>
  );
}

function Spinner() {
  return <div role="status" aria-label="Loading conversations" className="spinner" />;
}

function ErrorState({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div role="alert" className="error" data-testid="inbox-error-state">
      <h2>Error loading conversations</h2>
      <p>{message}</p>
      <button type="button" data-testid="inbox-error-retry" onClick={onRetry}>
        Retry
      </button>
    </div>
  );
}
