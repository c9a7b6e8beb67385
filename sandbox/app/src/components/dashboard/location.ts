"use client";

import { useSearchParams } from "next/navigation";

export type Place = { view?: string; settingsTab?: string; clientId?: string; leadId?: string };

/** Where the person is, as the URL says it. */
export function useLocation(): Place {
  const parameters = useSearchParams();
  const read = (name: string) => parameters.get(name) ?? undefined;
  return { view: read("view"), settingsTab: read("settingsTab"), clientId: read("clientId"), leadId: read("leadId") };
}

/** Changes parts of the URL and keeps the others; undefined takes a part away. Nothing is asked of the server. */
export function goTo(change: Place): void {
  const parameters = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  const search = parameters.toString();
  window.history.pushState(null, "", search ? `/?${search}` : "/");
}
