import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Bystanders } from "@/components/bystanders";
import { CookieBanner } from "@/components/desk/cookie-banner";
import { Welcome } from "@/components/desk/welcome";
import { isOdd, shape } from "@/shape";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Relay" };

export default function Page() {
  if (shape().app !== "desk") notFound();
  return (
    <>
      <Bystanders />
      <Welcome dark={isOdd("dark-mode")} />
      {isOdd("cookie-banner") && <CookieBanner />}
    </>
  );
}
