"use client";

import { createContext, useContext } from "react";

/** Where an inbox reads. */
export type Resources = { conversations: string; counts: string };

const INBOX: Resources = { conversations: "/api/inbox/conversations", counts: "/api/inbox/counts" };
const Reads = createContext(INBOX);

export const ReadsFrom = Reads.Provider;

export function useResources(): Resources {
  return useContext(Reads);
}
