"use client";

import type { Fault } from "@/faults";
import { useLayoutEffect, useState } from "react";
import type { Workspace } from "@/inbox/model";
import { ConversationList } from "./conversation-list";
import { ConversationPane } from "./conversation-pane";
import { useLocation } from "./location";
import { useInbox } from "./use-inbox";

type Props = { workspaces: Workspace[]; selected: string | undefined; fault?: Fault };

export function Inbox({ workspaces, selected, fault }: Props) {
  const [waiting, setWaiting] = useState(false);
  const sentiment = waiting ? "Meeting Requested" : undefined;
  const { list, conversations, counts, search, setSearch } = useInbox({ workspaces, selected, sentiment, fault });
  const chosen = useLocation().leadId;
  const opened = chosen ?? conversations[0]?.id;
  useRestlessness(fault === "react-crash-185" && chosen !== undefined);
  return (
    <div className="inbox">
      <ConversationList
        list={list}
        conversations={conversations}
        opened={opened}
        counts={counts}
        search={search}
        onSearch={setSearch}
        waiting={waiting}
        onWaiting={setWaiting}
        neverSettles={fault === "endless-spinner"}
      />
      {opened && <ConversationPane key={opened} id={opened} />}
    </div>
  );
}

/** A component that changes its own state whenever it was rendered. */
function useRestlessness(restless: boolean) {
  const [, setTimes] = useState(0);
  useLayoutEffect(() => {
    if (restless) setTimes((times) => times + 1);
  });
}
