"""Which stretches of time are vouched for, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from postdeploy.logs.protocol import Gap, Span
from postdeploy.logs.window import union, without


def remaining(span: Span, holes: Iterable[Span]) -> list[Span]:
    """What of a stretch lies in no hole."""
    return without(span, union(holes))


def overlap(one: Span, other: Span) -> Span:
    """What lies in both; of no length or less where nothing does."""
    return Span(max(one.since, other.since), min(one.until, other.until))


@dataclass(slots=True)
class HistoryCoverage:
    """What was vouched for so far, and what is known of the rest."""

    vouched: list[Span] = field(default_factory=list)
    reasons: list[Gap] = field(default_factory=list)

    def vouch(self, span: Span) -> None:
        """Everything of this stretch was given."""
        self.vouched = union([*self.vouched, span])

    def lack(self, gap: Gap) -> None:
        """Something of this stretch may be missing, unless it is vouched for later."""
        if gap.span.since < gap.span.until and gap not in self.reasons:
            self.reasons.append(gap)

    def gaps(self, whole: Span, otherwise: str) -> list[Gap]:
        """What was never vouched for, with every reason that is known."""
        found = []
        for hole in without(whole, self.vouched):
            known = [gap.why for gap in self.reasons if gap.span.since < hole.until and gap.span.until > hole.since]
            found.append(Gap(hole, "; ".join(dict.fromkeys(known)) or otherwise))
        return found
