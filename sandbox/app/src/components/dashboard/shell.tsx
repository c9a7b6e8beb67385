"use client";

import { useSyncExternalStore } from "react";
import type { Fault } from "@/faults";
import { Dashboard } from "./dashboard";
import { DashboardErrorBoundary } from "./error-boundary";

/** The server sends an empty frame; everything in it is made in the browser. */
export function DashboardShell({ fault }: { fault?: Fault }) {
  const inBrowser = useSyncExternalStore(subscribeToNothing, () => true, () => false);
  if (!inBrowser) return <div className="shell" aria-busy="true" />;
  return (
    <DashboardErrorBoundary>
      <Dashboard fault={fault} />
    </DashboardErrorBoundary>
  );
}

const subscribeToNothing = () => () => {};
