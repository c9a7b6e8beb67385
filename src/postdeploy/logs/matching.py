"""Which row of one view is which row of another: as many pairs as possible, and of those the nearest in time.

As many as possible, because one of two views of the same traffic is usually complete: then each row of the other has its
partner there, and only a largest matching counts every row once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE = 250
"""Milliseconds by which the times of the same row may differ in two views."""
MOST_EXACT = 48
"""Rows that are matched at once, at most: it takes the cube of their number."""
_FAR = 1 << 60


@dataclass(frozen=True, slots=True)
class Dated:
    """What is compared of a row."""

    at: int
    status: int | None = None
    message: str = ""
    truncated: bool = False
    until: int = 0
    """The row may have been written up to so much later, milliseconds: its view only says when the request began."""


def distance(one: Dated, other: Dated) -> int | None:
    """Milliseconds between two rows that may be the same one, or None: they can't be. Only `other` may have `until`."""
    apart = one.at - other.at
    if not -TOLERANCE <= apart <= max(TOLERANCE, other.until):
        return None
    if one.status is not None and other.status is not None and one.status != other.status:
        return None
    return abs(apart) if _same_text(one, other) else None


def _same_text(one: Dated, other: Dated) -> bool:
    if one.truncated == other.truncated:
        return one.message == other.message
    cut, whole = (one, other) if one.truncated else (other, one)
    return whole.message.startswith(cut.message.rstrip(".…"))


def match(left: Sequence[Dated], right: Sequence[Dated]) -> dict[int, int]:
    """Index on the left → index on the right: successive shortest augmenting paths, each adds one pair at the least cost."""
    costs = [[distance(one, other) for other in right] for one in left]
    of_left: dict[int, int] = {}
    of_right: dict[int, int] = {}
    while True:
        reached = {at: 0 for at in range(len(costs)) if at not in of_left}
        far: dict[int, int] = {}
        via: dict[int, int] = {}
        waiting = list(reached)
        for at in waiting:  # grows on the way
            for to, cost in enumerate(costs[at]):
                if cost is None or of_left.get(at) == to or reached[at] + cost >= far.get(to, _FAR):
                    continue
                far[to], via[to] = reached[at] + cost, at
                back = of_right.get(to)
                if back is not None and far[to] - (costs[back][to] or 0) < reached.get(back, _FAR):
                    reached[back] = far[to] - (costs[back][to] or 0)
                    waiting.append(back)
        ends = [(cost, to) for to, cost in far.items() if to not in of_right]
        if not ends:
            return of_left
        end: int | None = min(ends)[1]
        while end is not None:
            at = via[end]
            end_before = of_left.get(at)
            of_left[at], of_right[end] = end, at
            end = end_before
