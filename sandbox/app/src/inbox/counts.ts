import { isActive } from "@/faults";
import { countConversations } from "./conversations";
import { InboxError } from "./errors";
import type { Counts } from "./model";

/** The counts decorate the inbox: without them it must still work, so a failing database yields zeros. */
export async function countsOrZeros(userId: string, clientId?: string): Promise<Counts> {
  if (isActive("counts-zero")) return { total: 0, requiresAttention: 0 };
  try {
    return await countConversations(userId, clientId);
  } catch (error) {
    if (error instanceof InboxError) throw error;
    console.error("Failed to get inbox counts:", error);
    return { total: 0, requiresAttention: 0 };
  }
}
