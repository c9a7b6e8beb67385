"use client";

import { useState } from "react";
import { AppUpdated } from "@/components/dashboard/app-update";
import { WorkspacesLost, type WorkspacesQuery } from "@/components/dashboard/use-workspaces";
import styles from "./desk.module.css";

/** Says above the threads why there are no teams. */
export function Strip({ teams }: { teams: WorkspacesQuery }) {
  const [hidden, setHidden] = useState<Error>();
  const error = teams.error;
  if (!error || error === hidden) return null;
  const outdated = error instanceof AppUpdated;
  return (
    <div className={styles.strip}>
      <span>{outdated ? "A newer version is ready" : wordsFor(error)}</span>
      <a href="/desk" role="button" onClick={(event) => !outdated && (event.preventDefault(), void teams.refetch())}>
        {outdated ? "Load it" : "Try again"}
      </a>
      <button type="button" title="Hide" onClick={() => setHidden(error)}>
        ×
      </button>
    </div>
  );
}

function wordsFor(error: Error): string {
  return error instanceof WorkspacesLost ? "Your teams could not be loaded" : error.message;
}
