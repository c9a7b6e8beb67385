"use client";

import { useState, useSyncExternalStore } from "react";
import styles from "./desk.module.css";

const ANSWERED = "relay-cookies";

/** Lies over the lower end of the page until somebody has answered. */
export function CookieBanner() {
  const inBrowser = useSyncExternalStore(subscribeToNothing, () => true, () => false);
  const [gone, setGone] = useState(false);
  if (!inBrowser || gone || localStorage.getItem(ANSWERED)) return null;

  function answer(choice: string) {
    localStorage.setItem(ANSWERED, choice);
    setGone(true);
  }

  return (
    <aside className={styles.cookies} aria-label="Cookies">
      <p>We use cookies to keep you signed in and, if you agree, to count our visitors.</p>
      <button type="button" onClick={() => answer("all")}>
        Accept all
      </button>
      <button type="button" onClick={() => answer("needed")}>
        Only what is needed
      </button>
      <button type="button" title="Hide" onClick={() => setGone(true)}>
        ×
      </button>
    </aside>
  );
}

const subscribeToNothing = () => () => {};
