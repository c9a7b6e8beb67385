"""By how much this machine's clock differs from the target's, measured by the `Date` of its answers.

The header has whole seconds, and so has `Age`, which a cache adds: the difference is what the two clocks can't agree on.
"""

from __future__ import annotations

from collections.abc import Mapping

from postdeploy.model import Blocked
from postdeploy.system import times


def ahead(headers: Mapping[str, str], asked: float, came: float) -> float | None:
    """Seconds by which this machine's clock is ahead of the target's (negative: behind); None: the answer has no date.

    `asked`, `came`: when the request was sent and its answer arrived, by this machine's clock, epoch seconds.
    """
    date = times.from_http(headers.get("date", ""))
    if date is None:
        return None
    age = headers.get("age", "")
    rounding = 1.0
    if age.isdecimal():
        date, rounding = date + float(age), 2.0
    if asked > date + rounding:
        return asked - date - rounding
    return min(0.0, came - date)


class ClockComparison:
    """What several answers say. The one that agrees best counts: another may come from a cache that keeps an old date."""

    def __init__(self, base_url: str, most: float) -> None:
        """`most`: by how many seconds the clocks may differ."""
        self._base_url = base_url
        self._most = most
        self._ahead: float | None = None

    def compare(self, headers: Mapping[str, str], asked: float, came: float) -> None:
        """One more answer."""
        found = ahead(headers, asked, came)
        if found is not None and (self._ahead is None or abs(found) < abs(self._ahead)):
            self._ahead = found

    def objection(self) -> Blocked | None:
        """Why nothing can be judged by this machine's clock, or None."""
        if self._ahead is None or abs(self._ahead) <= self._most:
            return None
        differs = f"{times.span(abs(self._ahead))} {'ahead of' if self._ahead > 0 else 'behind'}"
        return Blocked(
            f"this machine's clock is {differs} that of {self._base_url} (or a cache answers with an old date): "
            "sessions and certificates can't be judged",
            "Set the clock (NTP); then re-run.",
        )
