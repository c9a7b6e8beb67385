"use client";

import { useState } from "react";
import type { Workspace } from "@/inbox/model";
import { goTo, useLocation } from "./location";

export type Selection = { id: string | undefined; select: (id: string | undefined) => void };

/**
 * The selected workspace's id, or undefined for all of them, and how to select another.
 * The URL names a chosen workspace and says nothing of "all", nor of the first one, which is selected by itself.
 */
export function useSelectedWorkspace(workspaces: Workspace[]): Selection {
  const { clientId } = useLocation();
  const [wantsAll, setWantsAll] = useState(false);
  return {
    id: clientId ?? (wantsAll ? undefined : workspaces[0]?.id),
    select: (id) => {
      setWantsAll(id === undefined);
      goTo({ clientId: id, leadId: undefined });
    },
  };
}
