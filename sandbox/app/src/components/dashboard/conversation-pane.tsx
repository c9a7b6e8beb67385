"use client";

import type { Message } from "@/inbox/model";
import { age } from "./age";
import { nameOf } from "./name";
import { useConversation } from "./use-conversation";

export function ConversationPane({ id }: { id: string }) {
  const conversation = useConversation(id);
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
        <h2>{nameOf(lead)}</h2>
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
