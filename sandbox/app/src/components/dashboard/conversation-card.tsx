"use client";

import type { CSSProperties } from "react";
import type { Conversation } from "@/inbox/model";
import { age } from "./age";
import { nameOf } from "./name";

type Props = { conversation: Conversation; opened: boolean; style: CSSProperties; onOpen: () => void };

/** Its accessible name reads: person, score, workspace, age, preview, channel, sentiment. */
export function ConversationCard({ conversation, opened, style, onOpen }: Props) {
  const { lead, preview, channel, sentiment, lastMessageAt } = conversation;
  return (
    <button type="button" className="card" style={style} aria-current={opened ? "true" : undefined} onClick={onOpen}>
      <h3>{nameOf(lead)}</h3> <span className="score">{lead.score}</span>{" "}
      <span className="workspace">{lead.company}</span>{" "}
      <time dateTime={lastMessageAt}>{age(lastMessageAt)}</time> <span className="preview">{preview}</span>{" "}
      <span className="tag">{channel}</span> <span className="tag sentiment">{sentiment}</span>
    </button>
  );
}
