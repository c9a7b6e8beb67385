import { database } from "@/database";
import { isActive } from "@/faults";

export type AdminSnapshot = {
  generatedAt: string;
  env: { autoSendRevisionDisabled: boolean };
  workspace: { clientId: string; autoSendRevisionEnabled: boolean };
  queues: { autoSendRevision: { attemptedLast72h: number; appliedLast72h: number } };
};

let kept: AdminSnapshot | undefined;

/** What an admin sees of one workspace, and of all workspaces' queues. */
export async function snapshotOf(clientId: string): Promise<AdminSnapshot> {
  if (isActive("admin-snapshot-stale") && kept) return { ...kept, generatedAt: hourBefore(kept.generatedAt) };
  const [[queue], [settings]] = await Promise.all([
    database.$queryRaw<{ attempted: number; applied: number }[]>`
      SELECT count(*)::int AS attempted, (count(*) FILTER (WHERE "autoSendRevisionApplied"))::int AS applied FROM "AIDraft"
      WHERE "autoSendRevisionAttemptedAt" > timezone('utc', now()) - interval '72 hours'`,
    database.$queryRaw<{ enabled: boolean }[]>`
      SELECT "autoSendRevisionEnabled" AS enabled FROM "WorkspaceSettings" WHERE "clientId" = ${clientId}`,
  ]);
  kept = {
    generatedAt: new Date().toISOString(),
    env: { autoSendRevisionDisabled: process.env.AUTO_SEND_REVISION_DISABLED === "1" && !isActive("kill-switch-ignored") },
    workspace: { clientId, autoSendRevisionEnabled: settings?.enabled ?? false },
    queues: { autoSendRevision: { attemptedLast72h: queue?.attempted ?? 0, appliedLast72h: queue?.applied ?? 0 } },
  };
  return kept;
}

const hourBefore = (moment: string) => new Date(Date.parse(moment) - 3_600_000).toISOString();
