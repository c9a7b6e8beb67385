import { randomUUID } from "node:crypto";
import { Prisma } from "@/generated/prisma/client";
import { database } from "@/database";
import { isActive } from "@/faults";

/** A message that somebody wrote in a channel. Senders repeat an event until they are answered, so it may come twice. */
export async function receive(event: Record<string, unknown>): Promise<"unknown" | "received" | "duplicate"> {
  const lead = await database.lead.findFirst({
    where: { id: String(event.conversation_id ?? ""), clientId: String(event.workspace_id ?? "") },
  });
  if (!lead) return "unknown";
  const externalId = isActive("webhook-replay-inserts-twice") ? randomUUID() : String(event.message_id ?? "");
  const data = { leadId: lead.id, direction: "inbound", body: String(event.text ?? ""), sentAt: new Date(), externalId };
  try {
    await database.message.create({ data });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002") return "duplicate";
    throw error;
  }
  return "received";
}
