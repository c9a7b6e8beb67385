import { database } from "@/database";
import { isActive } from "@/faults";
import type { Lead, Prisma } from "@/generated/prisma/client";
import { InboxError } from "./errors";
import type { Conversation, ConversationPage, Counts, ListQuery, Message, OpenedConversation } from "./model";
import { isOdd } from "@/shape";
import { readableWorkspaces } from "./workspaces";

/** Newest first, `limit` at a time; the cursor is the id of the last conversation of the page before. */
export async function listConversations(userId: string, query: ListQuery): Promise<ConversationPage> {
  const limit = query.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new InboxError("invalid_input");

  while (isActive("list-route-hangs")) await new Promise((waited) => setTimeout(waited, 100));
  if (isActive("search-throws") && query.search) throw new Error("No function similarity(text, text) exists");
  if (isActive("second-page-throws") && query.cursor) throw new TypeError("The cursor has no date");
  if (isActive("second-list-hangs") && query.clientId) await hangForTheSecond(userId, query.clientId);
  if (isActive("fourth-workspace-throws")) await throwForTheLast(userId, query.clientId);
  if (isActive("list-empty")) return { conversations: [], nextCursor: null, hasMore: false };
  const rows = await database.lead.findMany({
    where: strayed(query) ?? { ...(await belongsTo(userId, query.clientId)), ...matches(query.search), ...filtered(query) },
    orderBy: [{ lastMessageAt: "desc" }, { id: "desc" }],
    include: { client: true },
    take: limit + 1,
    ...(query.cursor && { cursor: { id: query.cursor }, skip: 1 }),
  });
  const page = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  const conversations = isActive("list-misnamed") ? misnamed(page.map(asConversation)) : page.map(asConversation);
  if (isActive("list-doubled")) conversations.splice(0, Infinity, ...conversations.flatMap((one) => [one, one]));
  return { conversations, nextCursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore };
}

async function throwForTheLast(userId: string, clientId?: string): Promise<void> {
  const last = (await readableWorkspaces(userId)).at(-1);
  if (clientId && clientId === last) throw new TypeError("The workspace has no channel");
}

async function hangForTheSecond(userId: string, clientId: string): Promise<void> {
  const second = (await readableWorkspaces(userId))[1];
  while (clientId === second) await new Promise((waited) => setTimeout(waited, 100));
}

/** Every conversation under the name of the next one's person. */
function misnamed(page: Conversation[]): Conversation[] {
  return page.map((one, index) => ({ ...one, lead: { ...one.lead, name: page[(index + 1) % page.length]!.lead.name } }));
}

/** Null when there is no such conversation. */
export async function openConversation(userId: string, id: string): Promise<OpenedConversation | null> {
  const lead = await database.lead.findUnique({ where: { id }, include: { client: true } });
  if (!lead) return null;
  await readableWorkspaces(userId, lead.clientId);
  if (isActive("first-conversation-fails") && (await neighbour(lead, "newest")).id === id) throw new Error("Unreadable");
  if (isActive("other-conversation")) {
    const other = await neighbour(lead, "oldest");
    return { ...asConversation(other), messages: await messagesOf(other.id) };
  }
  const whose = isActive("foreign-messages") ? (await neighbour(lead, "oldest")).id : id;
  return { ...asConversation(lead), messages: await messagesOf(whose) };
}

/** Another conversation of the same workspace, or the same one if it is the newest or oldest itself. */
async function neighbour(lead: Lead, which: "newest" | "oldest"): Promise<Lead & { client: { name: string } }> {
  const orderBy = { lastMessageAt: which === "newest" ? "desc" : "asc" } as const;
  return database.lead.findFirstOrThrow({ where: { clientId: lead.clientId }, orderBy, include: { client: true } });
}

export async function countConversations(userId: string, clientId?: string): Promise<Counts> {
  const where = { clientId: { in: await readableWorkspaces(userId, clientId) } };
  const total = await database.lead.count({ where });
  const requiresAttention = await database.lead.count({ where: { ...where, sentiment: "Meeting Requested" } });
  return { total, requiresAttention };
}

/** Asks the background for a fresh copy of a conversation from its channel. */
export async function enqueueSync(userId: string, leadId: string): Promise<void> {
  const lead = await database.lead.findUnique({ where: { id: leadId } });
  if (!lead) throw new InboxError("invalid_input");
  await readableWorkspaces(userId, lead.clientId);
  await database.syncJob.create({ data: { leadId } });
}

async function belongsTo(userId: string, clientId?: string): Promise<Prisma.LeadWhereInput> {
  const readable = await readableWorkspaces(userId, clientId);
  return isActive("server-foreign-rows") ? {} : { clientId: { in: readable } };
}

/** Whoever matches, whosoever they are. */
function strayed(query: ListQuery): Prisma.LeadWhereInput | undefined {
  const found = isActive("search-foreign") && query.search ? matches(query.search) : undefined;
  const shown = isActive("filter-foreign") && query.sentiment ? filtered(query) : undefined;
  const elsewhere = { client: { name: "Dunmore Capital" } };
  return found || shown ? { OR: [found ?? shown ?? {}, elsewhere] } : undefined;
}

function filtered({ sentiment }: ListQuery): Prisma.LeadWhereInput {
  return isActive("filter-ignored") ? {} : { sentiment };
}

function matches(search?: string): Prisma.LeadWhereInput {
  if (!search) return {};
  if (isActive("search-finds-none")) return { id: "nobody" };
  if (isOdd("search-by-words") && search.includes(" ")) return { id: "nobody" };
  const contains = { contains: search, mode: "insensitive" as const };
  return { OR: [{ name: contains }, { email: contains }, { preview: contains }] };
}

/** Whether it is one of the three newest conversations of its workspace, the second of them excepted. */
async function isAmongTheFirst(leadId: string): Promise<boolean> {
  const { clientId } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
  const newest = await database.lead.findMany({ where: { clientId }, orderBy: { lastMessageAt: "desc" }, take: 3 });
  return newest.some(({ id }, at) => id === leadId && at !== 1);
}

async function messagesOf(leadId: string): Promise<Message[]> {
  if (isActive("messages-empty") || (isActive("conversations-blank") && (await isAmongTheFirst(leadId)))) return [];
  if (isActive("messages-fail")) await database.$queryRaw`SELECT * FROM "MessageArchive" WHERE "leadId" = ${leadId}`;
  const rows = await database.message.findMany({ where: { leadId }, orderBy: [{ sentAt: "asc" }, { id: "asc" }] });
  if (isActive("messages-shuffled")) rows.push(...rows.splice(0, 1));
  return rows.map(({ id, direction, body, sentAt }) => ({ id, direction, body, sentAt: sentAt.toISOString() }));
}

function asConversation({ client, ...lead }: Lead & { client: { name: string } }): Conversation {
  const { id, name, email, score, preview, channel, sentiment } = lead;
  const lastMessageAt = lead.lastMessageAt.toISOString();
  return { id, lead: { id, name, company: client.name, email, score }, preview, channel, sentiment, lastMessageAt };
}
