import { createHmac, timingSafeEqual } from "node:crypto";
import { isActive } from "@/faults";
import { parsed } from "./answers";

/** Each sender proves in its own way that a request is its own, and that nobody has changed it on the way. */

export function equal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** Clay: the body's HMAC, as hex digits. */
export function isFromClay(body: string, signature: string | null, secret: string): boolean {
  if (isActive("webhook-accepts-unsigned") && signature === null) return true;
  // Only what it uses is signed again, so that everything else in the body may be anything.
  const signed = isActive("webhook-accepts-altered") ? JSON.stringify({ event: parsed(body)?.event }) : body;
  return equal(signature ?? "", hmac(secret, signed));
}

/** Slack: `v0=` and the HMAC of version, time and body; at most five minutes old. */
export function isFromSlack(body: string, headers: Headers, secret: string): boolean {
  const sent = headers.get("x-slack-request-timestamp") ?? "";
  if (!isRecent(sent, 300)) return false;
  return equal(headers.get("x-slack-signature") ?? "", `v0=${hmac(secret, `v0:${sent}:${body}`)}`);
}

/** Calendly: `t=<time>,v1=<HMAC of time and body>`; at most three minutes old. */
export function isFromCalendly(body: string, signature: string | null, secret: string): boolean {
  const parts = new Map((signature ?? "").split(",").map((part) => part.split("=", 2) as [string, string]));
  const sent = parts.get("t") ?? "";
  return isRecent(sent, 180) && equal(parts.get("v1") ?? "", hmac(secret, `${sent}.${body}`));
}

function isRecent(sent: string, seconds: number): boolean {
  if (isActive("webhook-accepts-stale")) return sent !== "";
  return Math.abs(Date.now() / 1000 - Number(sent)) <= seconds && sent !== "";
}
