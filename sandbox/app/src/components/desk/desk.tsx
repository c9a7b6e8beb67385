"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { ReadsFrom, type Resources } from "@/components/dashboard/resources";
import { useInbox } from "@/components/dashboard/use-inbox";
import { useWorkspaces } from "@/components/dashboard/use-workspaces";
import type { Look } from "./look";
import { usePlace } from "./place";
import { Rail } from "./rail";
import { Strip } from "./strip";
import { Thread } from "./thread";
import { ThreadList } from "./thread-list";
import styles from "./desk.module.css";

const READS: Resources = { conversations: "/api/desk/threads", counts: "/api/desk/tallies" };

export function Desk(look: Look) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false } } }));
  if (look.fault === "blank-page") return null;
  return (
    <QueryClientProvider client={client}>
      <ReadsFrom value={READS}>
        <Frame {...look} />
      </ReadsFrom>
    </QueryClientProvider>
  );
}

function Frame({ overlaps, testIds, searchOnEnter, fault }: Look) {
  const query = useWorkspaces();
  const teams = fault === "workspace-hidden" ? (query.data ?? []).slice(0, 1) : (query.data ?? []);
  const { team, thread } = usePlace();
  const [wantsEvery, setWantsEvery] = useState(false);
  const [waiting, setWaiting] = useState(false);
  if (fault === "client-crash") throw new TypeError("Cannot read properties of undefined (reading 'threads')");

  const selected = team ?? (wantsEvery ? undefined : teams[0]?.id);
  const sentiment = waiting ? "Meeting Requested" : undefined;
  const inbox = useInbox({ workspaces: teams, selected, sentiment, fault });
  const opened = thread ?? inbox.conversations[0]?.id;
  return (
    <>
      <Rail teams={teams} selected={selected} testIds={testIds} onEvery={setWantsEvery} />
      <div className={styles.work}>
        <Strip teams={query} />
        <div className={styles.columns} role="main" data-overlaps={overlaps}>
          <ThreadList
            {...inbox}
            opened={opened}
            searchOnEnter={searchOnEnter}
            waiting={waiting}
            onWaiting={setWaiting}
            neverSettles={fault === "endless-spinner"}
          />
          {opened ? <Thread key={opened} id={opened} /> : <article className={styles.thread} aria-label="Thread" />}
        </div>
      </div>
    </>
  );
}
