import { DashboardShell } from "@/components/dashboard/shell";
import { browserFault } from "@/faults";

export const dynamic = "force-dynamic";

export default function Page() {
  const fault = browserFault();
  return <DashboardShell {...(fault && { fault })} />;
}
