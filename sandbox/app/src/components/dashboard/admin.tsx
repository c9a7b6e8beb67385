"use client";

import { useQuery } from "@tanstack/react-query";
import { getAdminSnapshot } from "@/actions/admin";
import { callAction } from "./app-update";

/** How auto-send revision is doing, for admins. */
export function Admin({ clientId }: { clientId: string }) {
  const snapshot = useQuery({
    queryKey: ["admin", clientId],
    queryFn: async () => {
      const answer = await callAction(() => getAdminSnapshot(clientId));
      if (!answer.success) throw new Error(answer.error);
      return answer.data;
    },
  });
  const { data, error } = snapshot;
  if (error) return <p className="error">{error.message}</p>;
  if (!data) return <p>Loading …</p>;
  return (
    <article>
      <h3>Admin Dashboard</h3>
      <p>
        {data.env.autoSendRevisionDisabled && <span className="tag">Revision kill-switch ON</span>}{" "}
        <span className="tag">Workspace toggle: {data.workspace.autoSendRevisionEnabled ? "ON" : "OFF"}</span>{" "}
        <span className="tag">Global kill-switch: {data.env.autoSendRevisionDisabled ? "ON" : "OFF"}</span>
      </p>
      <p>
        {data.queues.autoSendRevision.attemptedLast72h} attempted, {data.queues.autoSendRevision.appliedLast72h} applied in
        the last 72 hours
      </p>
      <button type="button" onClick={() => void snapshot.refetch()}>
        Refresh
      </button>
      <button type="button" onClick={() => void navigator.clipboard.writeText(JSON.stringify(data, null, 2))}>
        Copy JSON
      </button>
    </article>
  );
}
