"use client";

import { Component, type ReactNode, useSyncExternalStore } from "react";
import { CookieBanner } from "./cookie-banner";
import { Desk } from "./desk";
import type { Look } from "./look";
import styles from "./desk.module.css";

/** As in the other app everything is made in the browser. */
export function DeskShell({ cookieBanner, ...look }: Look & { cookieBanner: boolean }) {
  const inBrowser = useSyncExternalStore(subscribeToNothing, () => true, () => false);
  if (!inBrowser) return null;
  return (
    <div className={styles.app} data-theme={look.dark ? "dark" : "light"}>
      <CrashNotice>
        <Desk {...look} />
        {cookieBanner && <CookieBanner />}
      </CrashNotice>
    </div>
  );
}

const subscribeToNothing = () => () => {};

class CrashNotice extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    if (!this.state.crashed) return this.props.children;
    return (
      <div className={styles.crash} data-state="crashed">
        <p>Something broke on this page. We have been told.</p>
        <a href="/desk">Start over</a>
      </div>
    );
  }
}
