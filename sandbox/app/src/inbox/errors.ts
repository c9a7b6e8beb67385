import { randomUUID } from "node:crypto";
import { type App, shape } from "@/shape";

export type ErrorClass =
  "not_authenticated" | "unauthorized" | "auth_timeout" | "db_error" | "invalid_input" | "unknown";

const PUBLIC: Record<ErrorClass, { message: string; status: number }> = {
  not_authenticated: { message: "Not authenticated", status: 401 },
  unauthorized: { message: "Unauthorized", status: 403 },
  auth_timeout: { message: "Authentication timed out", status: 500 },
  db_error: { message: "Database error", status: 500 },
  invalid_input: { message: "Invalid input", status: 400 },
  unknown: { message: "Something went wrong", status: 500 },
};

/** The desk says some of it in words of its own. */
const WORDS: Record<App, Partial<Record<ErrorClass, string>> & { no_workspaces: string }> = {
  inbox: { no_workspaces: "Failed to fetch clients" },
  desk: {
    not_authenticated: "Please sign in again",
    db_error: "The records service did not answer",
    no_workspaces: "Your teams could not be read",
  },
};

export function noWorkspaces(): string {
  return WORDS[shape().app].no_workspaces;
}

function messageOf(errorClass: ErrorClass): string {
  return WORDS[shape().app][errorClass] ?? PUBLIC[errorClass].message;
}

/** A failure whose class is known where it happens. */
export class InboxError extends Error {
  constructor(readonly errorClass: ErrorClass) {
    super(messageOf(errorClass));
    this.name = "InboxError";
  }
}

export type Failure = { success: false; error: string };

/**
 * Logs a handled failure and says what the person may read about it. The reference in the person's text is the
 * debugId in the log. A refusal (not signed in, not allowed) is no fault of ours: a warning, and no reference.
 */
export function reportFailure(sentence: string, error: unknown): { body: Failure; status: number } {
  const debugId = randomUUID();
  const errorClass = classOf(error);
  const { status } = PUBLIC[errorClass];
  const message = messageOf(errorClass);
  if (status === 401 || status === 403) {
    console.warn(`${sentence}:`, { debugId, errorClass });
    return { body: { success: false, error: message }, status };
  }
  console.error(`${sentence}:`, { debugId, errorClass }, error);
  return { body: { success: false, error: `${message} (ref: ${debugId})` }, status };
}

function classOf(error: unknown): ErrorClass {
  if (error instanceof InboxError) return error.errorClass;
  if (error instanceof Error && /^(PrismaClient|DriverAdapter)/.test(error.name)) return "db_error";
  return "unknown";
}
