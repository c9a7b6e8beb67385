"use client";

import { signOut } from "@/actions/session";
import type { Workspace } from "@/inbox/model";
import { goTo, useLocation } from "./location";
import type { Selection } from "./selected-workspace";
import { WorkspaceSelector } from "./workspace-selector";

type Props = { workspaces: Workspace[]; selection: Selection; email?: string };

export function Sidebar({ workspaces, selection, email }: Props) {
  const inSettings = useLocation().view === "settings";
  return (
    <aside className="sidebar">
      <p className="brand">ZRG Inbox</p>
      {workspaces.length > 0 && <WorkspaceSelector workspaces={workspaces} selection={selection} />}
      <nav aria-label="Views">
        <button
          type="button"
          aria-current={inSettings ? undefined : "page"}
          onClick={() => goTo({ view: undefined, settingsTab: undefined })}
        >
          Master Inbox
        </button>
        <button type="button" aria-current={inSettings ? "page" : undefined} onClick={() => goTo({ view: "settings" })}>
          Settings
        </button>
      </nav>
      {email && (
        <footer>
          <span title={email}>{email}</span>
          <button type="button" onClick={() => void signOut().then(() => window.location.assign("/auth/login"))}>
            Sign out
          </button>
        </footer>
      )}
    </aside>
  );
}
