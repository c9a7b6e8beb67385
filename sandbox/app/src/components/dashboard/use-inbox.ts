"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "@/faults";
import type { Conversation, Workspace } from "@/inbox/model";
import { readCounts } from "./read-api";
import { useResources } from "./resources";
import { useConversations } from "./use-conversations";
import { useDelayed } from "./use-delayed";

type Wanted = { workspaces: Workspace[]; selected: string | undefined; sentiment?: string; fault: Fault | undefined };

/** What an inbox shows of a workspace, or of all: its conversations, their number, and what is searched for. */
export function useInbox({ workspaces, selected, sentiment, fault }: Wanted) {
  const resources = useResources();
  const [search, setSearch] = useState("");
  const asked = useAsked(search, fault);
  if (fault === "search-crashes" && search) throw new TypeError("Cannot read properties of undefined (reading 'toLowerCase')");
  if (fault === "filter-crashes" && sentiment) throw new TypeError("Cannot read properties of undefined (reading 'sentiment')");

  const wanted = { search: asked, sentiment };
  const known = workspaces.length > 0;
  const own = useConversations({ ...wanted, clientId: selected }, known);
  const elsewhere = { ...wanted, clientId: other(workspaces, selected) };
  const strayed = useConversations(elsewhere, known && fault === "client-foreign-cards");
  const list = fault === "client-foreign-cards" ? strayed : own;

  const counts = useQuery({
    queryKey: ["counts", selected],
    queryFn: () => readCounts(resources, selected),
    enabled: known,
  });
  const loaded = list.data?.pages.flatMap((page) => page.conversations) ?? [];
  const conversations = fault === "cards-shifted" ? shifted(loaded) : loaded;
  return { list, conversations, counts: counts.data, search, setSearch };
}

/** What is asked for, of what stands in the search box. */
function useAsked(search: string, fault: Fault | undefined): string {
  const asked = useDelayed(search, 250);
  const [last, setLast] = useState("");
  if (asked && asked !== last) setLast(asked);
  if (fault === "search-ignored") return "";
  return fault === "search-stays" ? last : asked;
}

function other(workspaces: Workspace[], selected: string | undefined): string | undefined {
  return workspaces.find(({ id }) => id !== selected)?.id;
}

/** Under each name stands what belongs to the next one. */
function shifted(loaded: Conversation[]): Conversation[] {
  return loaded.map((one, index) => {
    const next = loaded[(index + 1) % loaded.length]!;
    return { ...next, lead: { ...next.lead, name: one.lead.name } };
  });
}
