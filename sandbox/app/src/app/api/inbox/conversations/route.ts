import { type NextRequest, NextResponse } from "next/server";
import { isActive } from "@/faults";
import { listConversations } from "@/inbox/conversations";
import { answer } from "@/inbox/read-api";
import { requirePerson } from "@/session/person";

export function GET(request: NextRequest): Promise<NextResponse> {
  if (isActive("list-route-throws")) throw new Error("The conversation index is not available");
  return answer(request, "Failed to fetch conversations with cursor", async () => {
    const person = await requirePerson();
    const parameters = request.nextUrl.searchParams;
    const page = await listConversations(person.id, {
      clientId: parameters.get("clientId") ?? undefined,
      search: parameters.get("search") ?? undefined,
      sentiment: parameters.get("sentiment") ?? undefined,
      cursor: parameters.get("cursor") ?? undefined,
      limit: Number(parameters.get("limit") ?? 50),
    });
    return NextResponse.json({ success: true, ...page });
  });
}
