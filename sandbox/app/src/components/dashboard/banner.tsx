"use client";

import { useState } from "react";
import { AppUpdated } from "./app-update";
import type { WorkspacesQuery } from "./use-workspaces";

/** Says above the page why there are no workspaces. */
export function Banner({ workspaces }: { workspaces: WorkspacesQuery }) {
  const [dismissed, setDismissed] = useState<Error>();
  const error = workspaces.error;
  if (!error || error === dismissed) return null;

  const outdated = error instanceof AppUpdated;
  return (
    <div className="banner">
      <p>{outdated ? "App update detected. Please refresh and try again." : error.message}</p>
      {outdated ? (
        <button type="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      ) : (
        <button type="button" onClick={() => void workspaces.refetch()}>
          Retry
        </button>
      )}
      <button type="button" aria-label="Dismiss" onClick={() => setDismissed(error)}>
        ×
      </button>
    </div>
  );
}
