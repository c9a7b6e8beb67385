"""Which stretches of time are vouched for, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from postdeploy.logs.protocol import Gap, Span


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same stretches, without overlaps, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.since >= span.until:
            continue
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def without(span: Span, holes: Iterable[Span]) -> list[Span]:
    """What of a stretch lies in no hole."""
    left = []
    since = span.since
    for hole in merged(holes):
        if hole.until <= since:
            continue
        if hole.since >= span.until:
            break
        left.append(Span(since, hole.since))
        since = hole.until
    left.append(Span(since, span.until))
    return [one for one in left if one.since < one.until]


@dataclass(slots=True)
class Coverage:
    """What was vouched for so far, and what is known of the rest."""

    vouched: list[Span] = field(default_factory=list)
    reasons: list[Gap] = field(default_factory=list)

    def vouch(self, span: Span) -> None:
        """Everything of this stretch was given."""
        self.vouched = merged([*self.vouched, span])

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
