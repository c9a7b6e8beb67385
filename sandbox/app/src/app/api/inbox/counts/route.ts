import { type NextRequest, NextResponse } from "next/server";
import { countsOrZeros } from "@/inbox/counts";
import { answer } from "@/inbox/read-api";
import { requirePerson } from "@/session/person";

export function GET(request: NextRequest): Promise<NextResponse> {
  return answer(request, "Failed to get inbox counts", async () => {
    const person = await requirePerson();
    const counts = await countsOrZeros(person.id, request.nextUrl.searchParams.get("clientId") ?? undefined);
    return NextResponse.json({ success: true, counts });
  });
}
