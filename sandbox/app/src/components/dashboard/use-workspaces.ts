"use client";

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { getClients } from "@/actions/clients";
import type { Workspace } from "@/inbox/model";
import { AppUpdated, callAction } from "./app-update";

/** The server said nothing that could be shown. */
export class WorkspacesLost extends Error {
  override message = "Failed to load workspaces";
}

export type WorkspacesQuery = UseQueryResult<Workspace[]>;

/** The message of its error is meant for the banner. */
export function useWorkspaces(): WorkspacesQuery {
  return useQuery({ queryKey: ["workspaces"], queryFn: loadWorkspaces, retry: false, staleTime: Infinity });
}

async function loadWorkspaces(): Promise<Workspace[]> {
  const result = await callAction(getClients).catch((error: unknown) => {
    throw error instanceof AppUpdated ? error : new WorkspacesLost();
  });
  if (!result.success) throw new Error(result.error);
  return result.data;
}
