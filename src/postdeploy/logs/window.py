"""How much of the window was seen, and what proves it: pure, in epoch milliseconds by the platform's clock.

A stretch is covered when the source vouches for it; it is proven when our own sentinels, sent at both ends and every minute
between, turned up in what the source gave. Whatever is neither is a gap, and a gap is never clean.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from postdeploy.logs.protocol import Gap, Shows, Span
from postdeploy.logs.sentinel import Sentinel

TOLERANCE = 2_000
"""Milliseconds that clocks and roundings may differ by: no gap."""


@dataclass(slots=True)
class Seen:
    """What a source has told so far."""

    covered: list[Span] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    sent: list[Sentinel] = field(default_factory=list)
    arrived: dict[Sentinel, int] = field(default_factory=dict)
    """Sentinel → by how many milliseconds it came late."""
    others: set[Sentinel] = field(default_factory=set)
    """Sentinels of other runs."""
    malformed: int = 0
    truncated: int = 0
    """Error messages that were cut and that no class explains."""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Proof:
    """What of a window is proven."""

    judged: Span
    """The stretch whose requests are judged; it may begin and end later than the window, where the source has no history."""
    proven: bool
    missing: tuple[str, ...] = ()
    """What is not proven, in words for people."""
    gaps: tuple[Gap, ...] = ()
    """What was not seen, within what is allowed or not."""
    sentinels: int = 0
    arrived: int = 0
    latest: float = 0.0
    """By how many seconds the latest sentinel came late."""

    @property
    def seconds(self) -> float:
        """How long the judged stretch is."""
        return max(0, self.judged.until - self.judged.since) / 1000


def judged_window(window: Span, seen: Seen, shows: Shows, uncovered_start: float) -> Span:
    """The stretch that is judged instead of a window whose beginning can't be seen any more.

    `uncovered_start`: seconds that may be missing where the source has no history; the window then ends as much later.
    """
    first = next((span.since for span in union(seen.covered) if span.until > window.since), None)
    if first is None:  # nothing has come yet; the source has said since when it listens
        first = max((gap.span.until for gap in seen.gaps if gap.span.since <= window.since), default=window.since)
    late = first - window.since
    if 0 < late <= uncovered_start * 1000 and Shows.HISTORY not in shows:
        return Span(window.since + late, window.until + late)
    return window


def prove(  # noqa: PLR0913, PLR0917 - all that a proof rests on
    window: Span, until: int, seen: Seen, shows: Shows, uncovered_start: float, tolerance: int = TOLERANCE
) -> Proof:
    """What of `window`, as far as `until`, is proven. `uncovered_start`: see `judged_window`."""
    covered = union(seen.covered)
    gaps = []
    allowed = judged_window(window, seen, shows, uncovered_start)
    if allowed != window:
        gaps.append(Gap(Span(window.since, allowed.since), "before the reading began, and the source has no history"))
    judged = Span(allowed.since, min(max(until, allowed.since), allowed.until))
    told = union(gap.span for gap in seen.gaps)  # what the source itself calls a gap is one, however short
    holes = [
        hole
        for hole in without(judged, covered)
        if hole.until - hole.since > tolerance or without(hole, told) != [hole]
    ]
    missing = [
        f"{(hole.until - hole.since) / 1000:.3g} s of the log are missing ({_why(hole, seen.gaps)})" for hole in holes
    ]
    gaps += [Gap(hole, _why(hole, seen.gaps)) for hole in holes]
    due = [one for one in seen.sent if one.sent >= judged.since - tolerance]  # one sent after it proves the history
    arrived = [one for one in due if one in seen.arrived]
    if not due:
        missing.append("no sentinel of this run was sent since it began")
    elif len(arrived) < len(due):
        missing.append(f"{len(due) - len(arrived)} of {len(due)} sentinels did not turn up in the log")
    return Proof(
        judged=judged,
        proven=not missing,
        missing=tuple(missing),
        gaps=tuple(gaps),
        sentinels=len(due),
        arrived=len(arrived),
        latest=max((seen.arrived[one] for one in arrived), default=0) / 1000,
    )


def prove_from_file(window: Span, others: Iterable[Sentinel], every: float) -> tuple[str, ...]:
    """What a finished log does not prove of a window: sentinels of whichever run must stand at both ends and all along.

    `every`: seconds within which one must follow the other.
    """
    times = sorted(one.sent for one in others if window.since - every * 1000 <= one.sent <= window.until + every * 1000)
    if not times:
        return ("no sentinel stands in it: an export alone does not prove that nothing is missing",)
    most = every * 1000 * 1.5
    edges = [window.since, *times, window.until]
    holes = [(before, after) for before, after in itertools.pairwise(edges) if after - before > most]
    return tuple(f"no sentinel for {(after - before) / 1000:.0f} s" for before, after in holes)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same stretches, in order, those that touch as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.until <= span.since:
            continue
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def without(span: Span, covered: Iterable[Span]) -> list[Span]:
    """What of a stretch is not covered."""
    holes, at = [], span.since
    for each in covered:
        if each.until <= at or each.since >= span.until:
            continue
        if each.since > at:
            holes.append(Span(at, each.since))
        at = max(at, each.until)
    if at < span.until:
        holes.append(Span(at, span.until))
    return holes


def _why(hole: Span, gaps: Iterable[Gap]) -> str:
    reasons = dict.fromkeys(gap.why for gap in gaps if gap.span.since < hole.until and gap.span.until > hole.since)
    return "; ".join(reasons) or "the source does not vouch for it"


def lateness(arrived: Mapping[Sentinel, int]) -> float:
    """By how many seconds rows come late, at most."""
    return max(arrived.values(), default=0) / 1000
