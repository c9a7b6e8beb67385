/** What a lead is called; many have come without a name. */
export function nameOf(lead: { name: string }): string {
  return lead.name || "Unknown";
}
