"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "@/faults";
import type { Workspace } from "@/inbox/model";
import { ConversationList } from "./conversation-list";
import { ConversationPane } from "./conversation-pane";
import { useLocation } from "./location";
import { readCounts } from "./read-api";
import { useDelayed } from "./use-delayed";
import { useConversations } from "./use-conversations";

type Props = { workspaces: Workspace[]; selected: string | undefined; fault?: Fault };

export function Inbox({ workspaces, selected, fault }: Props) {
  const [search, setSearch] = useState("");
  const asked = useDelayed(search, 250);
  const known = workspaces.length > 0;
  const own = useConversations(selected, asked, known);
  const strayed = useConversations(other(workspaces, selected), asked, known && fault === "client-foreign-cards");
  const list = fault === "client-foreign-cards" ? strayed : own;

  const counts = useQuery({ queryKey: ["counts", selected], queryFn: () => readCounts(selected), enabled: known });
  const conversations = list.data?.pages.flatMap((page) => page.conversations) ?? [];
  const opened = useLocation().leadId ?? conversations[0]?.id;
  return (
    <div className="inbox">
      <ConversationList
        list={list}
        conversations={conversations}
        opened={opened}
        counts={counts.data}
        search={search}
        onSearch={setSearch}
        neverSettles={fault === "endless-spinner"}
      />
      {opened && <ConversationPane key={opened} id={opened} />}
    </div>
  );
}

function other(workspaces: Workspace[], selected: string | undefined): string | undefined {
  return workspaces.find(({ id }) => id !== selected)?.id;
}
