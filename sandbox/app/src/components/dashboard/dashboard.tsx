"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "@/faults";
import { Banner } from "./banner";
import { Inbox } from "./inbox";
import { useLocation } from "./location";
import { useSelectedWorkspace } from "./selected-workspace";
import { Settings } from "./settings";
import { Sidebar } from "./sidebar";
import { useCurrentUser } from "./use-current-user";
import { useWorkspaces } from "./use-workspaces";

export function Dashboard({ fault }: { fault?: Fault }) {
  // React Query's own retries (three, after 1, 2 and 4 s) stay on: a blink of the database should pass unnoticed.
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false } } }));
  if (fault === "blank-page") return null;
  return (
    <QueryClientProvider client={client}>
      <DashboardFrame fault={fault} />
    </QueryClientProvider>
  );
}

function DashboardFrame({ fault }: { fault?: Fault }) {
  const user = useCurrentUser();
  const query = useWorkspaces();
  const sent = query.data ?? [];
  const workspaces = fault === "workspace-hidden" ? sent.slice(0, 1) : sent;
  const selection = useSelectedWorkspace(workspaces);
  const { view } = useLocation();
  if (fault === "client-crash") throw new TypeError("Cannot read properties of undefined (reading 'conversations')");

  return (
    <div className="dashboard">
      <Sidebar workspaces={workspaces} selection={selection} email={user?.email} />
      <div className="content">
        <Banner workspaces={query} />
        <main>
          {view === "settings" ? (
            <Settings user={user} workspaces={workspaces} />
          ) : (
            <Inbox workspaces={workspaces} selected={selection.id} fault={fault} />
          )}
        </main>
      </div>
    </div>
  );
}
