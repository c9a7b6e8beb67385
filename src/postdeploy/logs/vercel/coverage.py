"""Which spans are covered, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass, field

from postdeploy.logs.protocol import Gap, Span
from postdeploy.logs.spans import union, without


@dataclass(slots=True)
class SpanCoverage:
    """What was covered so far, and what is known of the rest."""

    covered: list[Span] = field(default_factory=list)
    reasons: list[Gap] = field(default_factory=list)

    def cover(self, span: Span) -> None:
        """Every row of this span was given."""
        self.covered = union([*self.covered, span])

    def miss(self, gap: Gap) -> None:
        """Rows of this span may be missing, unless it is covered later."""
        if gap.span.since < gap.span.until and gap not in self.reasons:
            self.reasons.append(gap)

    def gaps(self, whole: Span, otherwise: str) -> list[Gap]:
        """What was never covered, with every reason that is known."""
        found = []
        for span in without(whole, self.covered):
            known = [gap.why for gap in self.reasons if gap.span.since < span.until and gap.span.until > span.since]
            found.append(Gap(span, "; ".join(dict.fromkeys(known)) or otherwise))
        return found
