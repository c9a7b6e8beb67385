import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Bystanders } from "@/components/bystanders";
import { DeskShell } from "@/components/desk/shell";
import { browserFault } from "@/faults";
import { isOdd, shape } from "@/shape";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Relay" };

/** The other app: the same work as the Master Inbox, and nothing of its markup or its words. */
export default function Page() {
  if (shape().app !== "desk") notFound();
  const fault = browserFault();
  return (
    <>
      <Bystanders />
      <DeskShell
        cookieBanner={isOdd("cookie-banner")}
        dark={isOdd("dark-mode")}
        overlaps={isOdd("sidebar-overlaps")}
        testIds={!isOdd("without-test-ids")}
        searchOnEnter={isOdd("search-on-enter")}
        {...(fault && { fault })}
      />
    </>
  );
}
