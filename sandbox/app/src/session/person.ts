import type { User } from "@supabase/supabase-js";
import { isActive } from "@/faults";
import { InboxError } from "@/inbox/errors";
import { AuthDeadline } from "./deadline";
import { serverClient } from "./server";

/** Who calls this route handler; throws when nobody is signed in. Waits for the auth service as long as it takes. */
export async function requirePerson(): Promise<User> {
  const { data } = await (await serverClient()).auth.getUser();
  if (!data.user || isActive("session-not-read")) throw new InboxError("not_authenticated");
  return data.user;
}

/** Who calls this Server Action: these queue up in the browser, so one must not block the others for ever. */
export async function requirePersonInTime(): Promise<User> {
  using deadline = new AuthDeadline();
  const { data } = await (await serverClient(deadline.fetch)).auth.getUser();
  if (data.user && !isActive("session-not-read")) return data.user;
  throw new InboxError(deadline.passed ? "auth_timeout" : "not_authenticated");
}
