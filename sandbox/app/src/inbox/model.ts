/** What the read API and the Server Actions answer; shared by server and browser. */

export type Workspace = { id: string; name: string };

export type Conversation = {
  id: string;
  /** `company` is the workspace's name; `name` is empty where nobody knows it. */
  lead: { id: string; name: string; company: string; email: string; score: number };
  preview: string;
  channel: string;
  sentiment: string;
  lastMessageAt: string;
};

export type Message = { id: string; direction: string; body: string; sentAt: string };

export type OpenedConversation = Conversation & { messages: Message[] };

export type ConversationPage = { conversations: Conversation[]; nextCursor: string | null; hasMore: boolean };

export type Counts = { total: number; requiresAttention: number };

/** Which conversations a list asks for; without `clientId` those of all workspaces. */
export type ListQuery = { clientId?: string; search?: string; sentiment?: string; cursor?: string; limit?: number };
