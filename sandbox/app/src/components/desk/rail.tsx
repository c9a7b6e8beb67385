"use client";

import { type KeyboardEvent, type MouseEvent, useState } from "react";
import { signOut } from "@/actions/session";
import { useCurrentUser } from "@/components/dashboard/use-current-user";
import type { Workspace } from "@/inbox/model";
import { goTo } from "./place";
import styles from "./desk.module.css";

type Props = {
  teams: Workspace[];
  selected: string | undefined;
  testIds: boolean;
  onEvery: (every: boolean) => void;
};

/** The bar at the side, above whatever gets below it. */
export function Rail({ teams, selected, testIds, onEvery }: Props) {
  const user = useCurrentUser();
  return (
    <nav className={styles.rail} aria-label="Desk">
      <p className={styles.brand}>Relay</p>
      {teams.length > 0 && <Teams teams={teams} selected={selected} testIds={testIds} onEvery={onEvery} />}
      <a href="/desk" aria-current="page">
        Threads
      </a>
      {user && (
        <p className={styles.person}>
          <span>{user.email}</span>
          <a href="/welcome" onClick={(event) => void leave(event)}>
            Leave
          </a>
        </p>
      )}
    </nav>
  );
}

async function leave(event: MouseEvent) {
  event.preventDefault();
  await signOut();
  window.location.assign("/welcome");
}

function Teams({ teams, selected, testIds, onEvery }: Props) {
  const [open, setOpen] = useState(false);
  const name = teams.find(({ id }) => id === selected)?.name ?? "Every team";
  const mark = (id: string) => (testIds ? { "data-testid": `team-${id}` } : { id: `team-${id}` });

  function choose(id: string | undefined) {
    setOpen(false);
    onEvery(id === undefined);
    goTo({ team: id, thread: undefined });
  }

  function toggle(event: MouseEvent) {
    event.preventDefault();
    setOpen(!open);
  }

  return (
    <details className={styles.teams} open={open} onKeyDown={(event) => closeOnEscape(event, () => setOpen(false))}>
      <summary onClick={toggle}>
        <small>Team</small> {name}
      </summary>
      {open && (
        <ul role="listbox" aria-label="Teams">
          <li role="option" aria-selected={!selected} {...mark("every")} onClick={() => choose(undefined)}>
            Every team
          </li>
          {teams.map(({ id, name }) => (
            <li key={id} role="option" aria-selected={id === selected} {...mark(id)} onClick={() => choose(id)}>
              {name}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function closeOnEscape(event: KeyboardEvent, close: () => void) {
  if (event.key === "Escape") close();
}
