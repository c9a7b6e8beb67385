import { type NextRequest, NextResponse } from "next/server";
import { openConversation } from "@/inbox/conversations";
import { answer } from "@/inbox/read-api";
import { requirePerson } from "@/session/person";

export function GET(request: NextRequest, context: { params: Promise<{ id: string }> }): Promise<NextResponse> {
  return answer(request, "Failed to fetch conversation", async () => {
    const person = await requirePerson();
    const data = await openConversation(person.id, (await context.params).id);
    if (!data) return NextResponse.json({ success: false, error: "Conversation not found" }, { status: 404 });
    return NextResponse.json({ success: true, data });
  });
}
