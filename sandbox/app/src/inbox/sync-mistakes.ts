import { randomUUID } from "node:crypto";
import { isActive } from "@/faults";

/**
 * What the developers of the sync got wrong, one fault each. None of it is seen by people: a sync is asked for in the
 * background, and the inbox does not wait for it.
 */

class SyncError extends Error {
  override name = "SyncError";
}

/** Each of these ends in an uncaught error with another message. */
const MISTAKES: (() => unknown)[] = [
  () => (undefined as unknown as { channel: string }).channel,
  () => new Date("yesterday").toISOString(),
  () => JSON.parse("<html>"),
  () => decodeURIComponent("%"),
  () => fail(new Error("The sync queue is full")),
  () => fail(new Error("No mailbox belongs to this conversation")),
  () => fail(new Error("The contact has been merged into another one")),
  () => fail(new SyncError("The channel refused the connection")),
  () => fail(new SyncError("The owner has cancelled the sync")),
];

/** Conversations called variant-1 to variant-9 meet the nine mistakes; all others are synced as ever. */
export function throwVariously(leadId: string): void {
  const variant = /^variant-([1-9])$/.exec(leadId)?.[1];
  if (variant && isActive("action-throws-variously")) MISTAKES[Number(variant) - 1]?.();
}

/** Lines that no error line should look like: nothing to refer to, or somebody's address in it. */
export function logCarelessly(): void {
  if (isActive("error-without-debug-id")) {
    console.error("Failed to enqueue a sync job:", { errorClass: "unknown" }, new Error("The sync queue is full"));
  }
  if (isActive("error-names-person")) {
    const reference = { debugId: randomUUID(), errorClass: "unknown" };
    console.error("Failed to notify ada.lovelace@example.test, +1 (415) 555-0134 about the sync:", reference);
  }
}

function fail(error: Error): never {
  throw error;
}
