"use client";

import { unstable_isUnrecognizedActionError as isUnrecognizedActionError } from "next/navigation";

const RELOADED = "reloaded-for-app-update";

/** This page was opened before a deploy, and the server no longer knows the action it called. */
export class AppUpdated extends Error {}

/**
 * Calls a Server Action; a page that is older than the server reloads itself, once.
 * If that does not help the person has to decide, and the caller is told.
 */
export async function callAction<T>(action: () => Promise<T>): Promise<T> {
  try {
    const result = await action();
    sessionStorage.removeItem(RELOADED);
    return result;
  } catch (error) {
    if (!isUnrecognizedActionError(error)) throw error;
    if (sessionStorage.getItem(RELOADED)) throw new AppUpdated();
    sessionStorage.setItem(RELOADED, "yes");
    window.location.reload();
    return new Promise(() => {});
  }
}
