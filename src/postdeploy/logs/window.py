"""How much of the window was seen, and what proves it: pure, in epoch milliseconds by the platform's clock.

A span is covered when the source says that it gave every row of it; it is proven when our own sentinels, sent at both ends and
every minute between, appeared in what the source gave. All else is a gap, and a window with a gap is never clean.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from postdeploy.logs.protocol import Gap, News, Shows, Span
from postdeploy.logs.sentinel import Sentinel
from postdeploy.logs.spans import union, without

TOLERANCE = 2_000
"""Milliseconds that clocks and roundings may differ by: not a gap."""


@dataclass(slots=True)
class Seen:
    """What a source has given so far."""

    covered: list[Span] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    sent: list[Sentinel] = field(default_factory=list)
    arrived: dict[Sentinel, int] = field(default_factory=dict)
    """Sentinel → by how many milliseconds it was delayed."""
    shown: set[Sentinel] = field(default_factory=set)
    """Those that the log shows, whatever was answered."""
    of_other_runs: set[Sentinel] = field(default_factory=set)
    last_of_other_runs: int = 0
    """When the last row of these was written."""
    unread: list[str] = field(default_factory=list)
    """What was not read though it may hold rows of any time, and why."""
    malformed: int = 0
    truncated: int = 0
    """Error messages that were cut and that no signal explains."""
    notes: list[str] = field(default_factory=list)

    def add(self, news: News) -> None:
        """What news say of the log besides its rows."""
        self.gaps += [news.gap] if news.gap else []
        self.unread += [news.unread] if news.unread else []
        self.notes += [news.note] if news.note else []


@dataclass(frozen=True, slots=True)
class Leeway:
    """What may be missing all the same."""

    uncovered_start: float
    """Seconds of the window's beginning, where the source has no history; the window then ends as much later."""
    tolerance: int = TOLERANCE
    """Milliseconds between two covered spans."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What of a window is proven."""

    judged: Span
    """The span whose requests are judged; it may begin and end later than the window, where the source has no history."""
    proven: bool
    missing: tuple[str, ...] = ()
    """What is not proven, in words for people."""
    gaps: tuple[Gap, ...] = ()
    """What was not seen, within the leeway or not."""
    sentinels: int = 0
    arrived: int = 0
    latest: float = 0.0
    """Delay of the latest sentinel, seconds."""

    @property
    def seconds(self) -> float:
        """How long the judged span is."""
        return max(0, self.judged.until - self.judged.since) / 1000


def judged_window(window: Span, seen: Seen, shows: Shows, leeway: Leeway) -> Span:
    """The span that is judged instead of a window whose beginning can't be seen any more."""
    first = next((span.since for span in union(seen.covered) if span.until > window.since), None)
    if first is None:  # nothing has come yet; the source has said since when it listens
        first = max((gap.span.until for gap in seen.gaps if gap.span.since <= window.since), default=window.since)
    late = first - window.since
    if 0 < late <= leeway.uncovered_start * 1000 and Shows.HISTORY not in shows:
        return Span(window.since + late, window.until + late)
    return window


def prove(window: Span, until: int, seen: Seen, shows: Shows, leeway: Leeway) -> Proof:
    """What of `window`, as far as `until`, is proven."""
    allowed = judged_window(window, seen, shows, leeway)
    judged = Span(allowed.since, min(max(until, allowed.since), allowed.until))
    gaps = [Gap(span, _why(span, seen.gaps)) for span in _gaps(judged, seen, leeway)]
    missing = [f"{(gap.span.until - gap.span.since) / 1000:.3g} s of the log are missing ({gap.why})" for gap in gaps]
    if allowed != window:
        before = Span(window.since, allowed.since)
        gaps.insert(0, Gap(before, "before the reading began, and the source has no history"))
    due = [one for one in seen.sent if one.sent >= judged.since - leeway.tolerance]  # a later one proves the history
    arrived = [one for one in due if one in seen.arrived]
    if not due:
        missing.append("no sentinel of this run was sent since it began")
    otherwise = sum(one in seen.shown and one not in seen.arrived for one in due)
    if absent := len(due) - len(arrived) - otherwise:
        missing.append(f"{absent} of {len(due)} sentinels did not appear in the log")
    if otherwise:
        missing.append(f"the log shows {otherwise} of {len(due)} sentinels with another answer than was received")
    return Proof(
        judged=judged,
        proven=not missing,
        missing=tuple(missing),
        gaps=tuple(gaps),
        sentinels=len(due),
        arrived=len(arrived),
        latest=max((seen.arrived[one] for one in arrived), default=0) / 1000,
    )


def traffic_since(times: Sequence[int] | npt.NDArray[np.int64], quiet: int) -> int:
    """When the traffic began: at the first of these times, except for a few that are long before all others.

    A wrong clock, or one early visitor, does not move the window: at most one of a hundred, followed by `quiet` milliseconds of nothing.
    """
    ordered = np.sort(np.asarray(times, np.int64))
    few = max(1, len(ordered) // 100)
    early = ordered[: max(0, min(few, len(ordered) - 1 - few)) + 1]
    behind_gaps = np.flatnonzero(np.diff(early) >= quiet)
    begins = behind_gaps[-1] + 1 if len(behind_gaps) else 0
    return int(ordered[begins]) if len(ordered) else 0


_LATEST = 7 * 86_400_000
"""Milliseconds within which a deployment that was tested is promoted; a wrong clock makes no longer time."""
_ROSE, _BUSY, _MINUTE, _QUIET_MINUTES = 10, 10, 60_000, 2
"""Traffic rose where a minute and the next one have so many times as many requests as those before on average, and so many at least,
after so many minutes."""


def traffic_rose(times: npt.NDArray[np.int64], since: int) -> int | None:
    """When the traffic rose all at once after `since`, to the minute, as where only testers used it before; None: never."""
    minutes = np.bincount((times[(times >= since) & (times < since + _LATEST)] - since) // _MINUTE)
    if len(minutes) <= _QUIET_MINUTES:
        return None
    before = np.cumsum(minutes)[:-1] / np.arange(1, len(minutes))
    least = np.maximum(before * _ROSE, _BUSY)[:-1]
    rose = np.flatnonzero((minutes[1:-1] >= least) & (minutes[2:] >= least))
    late = rose[rose + 1 >= _QUIET_MINUTES]
    return since + (int(late[0]) + 1) * _MINUTE if len(late) else None


MOST_APART = 1.5
"""Sentinels of a finished log may be so many times their distance apart: one that came late is not a gap."""


def prove_from_file(window: Span, sentinels: Iterable[Sentinel], every: float) -> tuple[str, ...]:
    """What a finished log does not prove of a window: sentinels of any run must appear at both ends and all along.

    `every`: seconds within which one must follow the other.
    """
    around = Span(window.since - round(every * 1000), window.until + round(every * 1000))
    times = sorted(one.sent for one in sentinels if around.since <= one.sent <= around.until)
    if not times:
        return ("it holds no sentinel: an export alone does not prove that nothing is missing",)
    most = every * 1000 * MOST_APART
    edges = itertools.pairwise([window.since, *times, window.until])
    return tuple(f"no sentinel for {(after - before) / 1000:.0f} s" for before, after in edges if after - before > most)


def _gaps(judged: Span, seen: Seen, leeway: Leeway) -> list[Span]:
    """What is not covered; what the source itself calls a gap is one, however short."""
    reported = [gap.span for gap in seen.gaps]
    return [
        span
        for span in without(judged, seen.covered)
        if span.until - span.since > leeway.tolerance or without(span, reported) != [span]
    ]


def _why(span: Span, gaps: Iterable[Gap]) -> str:
    reasons = dict.fromkeys(gap.why for gap in gaps if gap.span.since < span.until and gap.span.until > span.since)
    return "; ".join(reasons) or "the source does not cover it"
