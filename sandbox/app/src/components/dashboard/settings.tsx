"use client";

import type { CurrentUser } from "@/actions/people";
import type { Workspace } from "@/inbox/model";
import { Admin } from "./admin";
import { goTo, useLocation } from "./location";

type Props = { user: CurrentUser | undefined; workspaces: Workspace[] };

export function Settings({ user, workspaces }: Props) {
  const { settingsTab: tab = "account", clientId = workspaces[0]?.id } = useLocation();
  const names = { account: "Account", workspaces: "Workspaces", ...(user?.role === "admin" && { admin: "Admin" }) };
  return (
    <section className="settings">
      <h2>Settings</h2>
      <div role="tablist" aria-label="Settings">
        {Object.entries(names).map(([name, title]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === tab}
            onClick={() => goTo({ settingsTab: name })}
          >
            {title}
          </button>
        ))}
      </div>
      {tab === "admin" && clientId ? (
        <Admin clientId={clientId} />
      ) : tab === "workspaces" ? (
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
