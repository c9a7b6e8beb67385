"use client";

import { age } from "@/components/dashboard/age";
import { nameOf } from "@/components/dashboard/name";
import { useConversation } from "@/components/dashboard/use-conversation";
import styles from "./desk.module.css";

/** One thread with what was written in it. */
export function Thread({ id }: { id: string }) {
  const { data, error, refetch } = useConversation(id);
  return (
    <article className={styles.thread} aria-label="Thread">
      {error ? (
        <div className={styles.note}>
          <b>This thread could not be opened</b>
          <span>{error.message}</span>
          <a href="/desk" role="button" onClick={(event) => (event.preventDefault(), void refetch())}>
            Try again
          </a>
        </div>
      ) : data ? (
        <>
          <h2>{nameOf(data.lead)}</h2>
          <address>{data.lead.email}</address>
          <div role="log">
            {data.messages.map(({ id, direction, body, sentAt }) => (
              <p key={id} data-from={direction === "inbound" ? "them" : "us"}>
                {body} <small>{age(sentAt)}</small>
              </p>
            ))}
          </div>
        </>
      ) : (
        <p className={styles.note}>Fetching …</p>
      )}
    </article>
  );
}
