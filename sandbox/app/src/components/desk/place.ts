"use client";

import { useSearchParams } from "next/navigation";

export type Place = { team?: string; thread?: string };

export function usePlace(): Place {
  const parameters = useSearchParams();
  return { team: parameters.get("team") ?? undefined, thread: parameters.get("thread") ?? undefined };
}

/** The address of a place; what is not named stays as it is, and undefined takes it away. */
export function addressOf(change: Place): string {
  const parameters = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  const search = parameters.toString();
  return search ? `/desk?${search}` : "/desk";
}

/** Nothing is asked of the server. */
export function goTo(change: Place): void {
  window.history.pushState(null, "", addressOf(change));
}
