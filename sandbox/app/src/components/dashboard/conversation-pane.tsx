"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { requestSync } from "@/actions/conversations";
import type { Message } from "@/inbox/model";
import { age } from "./age";
import { callAction } from "./app-update";
import { readConversation } from "./read-api";

/** One conversation with its messages; opening it asks the background for a fresh copy. */
export function ConversationPane({ id }: { id: string }) {
  const conversation = useQuery({ queryKey: ["conversation", id], queryFn: () => readConversation(id) });
  useEffect(() => {
    void callAction(() => requestSync(id));
  }, [id]);

  if (conversation.error) {
    return (
      <section className="pane error" role="alert" aria-label="Conversation">
        <h2>Error loading conversation</h2>
        <p>{conversation.error.message}</p>
        <button type="button" onClick={() => void conversation.refetch()}>
          Retry
        </button>
      </section>
    );
  }
  if (!conversation.data) {
    return (
      <section className="pane" aria-label="Conversation">
        <div role="status" aria-label="Loading conversation" className="spinner" />
      </section>
    );
  }
  const { lead, messages } = conversation.data;
  return (
    <section className="pane" aria-label="Conversation">
      <header>
        <h2>{lead.name}</h2>
        <p className="muted">
          {lead.company} · {lead.email}
        </p>
      </header>
      <ol className="messages">
        {messages.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
      </ol>
    </section>
  );
}

function Bubble({ message }: { message: Message }) {
  return (
    <li className={message.direction}>
      <p>{message.body}</p>
      <time dateTime={message.sentAt}>{age(message.sentAt)}</time>
    </li>
  );
}
