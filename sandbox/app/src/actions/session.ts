"use server";

import { isAuthApiError } from "@supabase/supabase-js";
import type { Failure } from "@/inbox/errors";
import { AuthDeadline } from "@/session/deadline";
import { serverClient } from "@/session/server";

export type SignedIn = { success: true } | Failure;

/** Knows nothing of the database: a person can sign in even when the inbox is broken. */
export async function signIn(email: string, password: string): Promise<SignedIn> {
  using deadline = new AuthDeadline();
  const client = await serverClient(deadline.fetch);
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (!error) return { success: true };
  if (!isAuthApiError(error)) console.error("Failed to sign in:", error);
  return { success: false, error: error.message };
}

export async function signOut(): Promise<void> {
  using deadline = new AuthDeadline();
  await (await serverClient(deadline.fetch)).auth.signOut({ scope: "local" });
}
