"use client";

import type { CurrentUser } from "@/actions/people";
import type { Workspace } from "@/inbox/model";
import { goTo, useLocation } from "./location";

type Props = { user: CurrentUser | undefined; workspaces: Workspace[] };

export function Settings({ user, workspaces }: Props) {
  const tab = useLocation().settingsTab ?? "account";
  return (
    <section className="settings">
      <h2>Settings</h2>
      <div role="tablist" aria-label="Settings">
        {["account", "workspaces"].map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === tab}
            onClick={() => goTo({ settingsTab: name })}
          >
            {name === "account" ? "Account" : "Workspaces"}
          </button>
        ))}
      </div>
      {tab === "workspaces" ? (
        <ul>
          {workspaces.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      ) : (
        <p>{user ? `Signed in as ${user.email} (${user.role})` : "Not known"}</p>
      )}
    </section>
  );
}
