import { type NextRequest, NextResponse } from "next/server";
import { countsOrZeros } from "@/inbox/counts";
import { answer } from "@/inbox/read-api";
import { requirePerson } from "@/session/person";

export function GET(request: NextRequest): Promise<NextResponse> {
  return answer(request, "Failed to get analytics", async () => {
    const person = await requirePerson();
    return NextResponse.json({ success: true, overview: await countsOrZeros(person.id) });
  });
}
