import { Bystanders } from "@/components/bystanders";
import { DashboardShell } from "@/components/dashboard/shell";
import { browserFault } from "@/faults";

export const dynamic = "force-dynamic";

export default function Page() {
  const fault = browserFault();
  return (
    <>
      <Bystanders />
      <DashboardShell {...(fault && { fault })} />
    </>
  );
}
