"""What can go wrong on the way from the rows to who reads them. The rows themselves stay whole: `LogStore.rows` is the truth.

What happens to a row follows from the seed and the row's id alone, so a run can be repeated, and it does not matter
when or how often it is read.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sandbox.logs.rows import Row

Cut = Literal["clean", "reset", "mid-line"]
"""How a stream ends early: as if complete, by a broken connection, or in the middle of a row."""

Boundary = Literal["exact", "repeated", "skipped"]
"""What the newer history does to rows of one millisecond between two pages; the command's help warns of both."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows of a time that are lost on the way; milliseconds, the end excluded."""

    start: int
    end: int
    live: bool = True
    """Whether the live stream lacks them."""
    history: bool = True
    """Whether the history lacks them."""
    reported: bool = True
    """Whether the history says so (``excludedIntervals``); the older one has no way to."""

    def holds(self, at: int) -> bool:
        """Whether a moment lies in the gap."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class LogFaults:
    """All troubles at once; the default has none. Counts are of requests to any of the log APIs, shares are 0 to 1."""

    seed: int = 0
    rate_limited: int = 0
    """The next n requests are answered 429."""
    retry_after: int = 1
    """Seconds that these ask to wait."""
    failing: int = 0
    """The next n requests are answered ``failing_with``."""
    failing_with: int = 503
    hanging: int = 0
    """The next n requests are never answered."""
    cuts: int = 0
    """The next n live streams end early, after ``cut_after`` rows."""
    cut_after: int = 3
    cut: Cut = "reset"
    rejected_reconnects: int = 0
    """Once a live stream has been opened, the next n to open one are answered 503."""
    duplicated: float = 0.0
    """The share of rows that come twice, the second time up to a second later."""
    reordered: float = 0.0
    """Seconds by which rows may overtake each other."""
    late: float = 0.0
    """Seconds by which ``late_share`` of the rows come later."""
    late_share: float = 1.0
    malformed: float = 0.0
    """The share of rows of which the live stream delivers only a damaged line."""
    truncated_at: int | None = None
    """Characters after which messages are cut, if not by the platform's own limit."""
    gaps: tuple[Gap, ...] = ()
    boundary: Boundary = "exact"
    no_history: bool = False
    """Both histories are unknown to the platform."""

    def chance(self, row: Row, what: str) -> float:
        """A number from 0 to 1 that belongs to this row."""
        digest = hashlib.blake2b(f"{self.seed} {what} {row.id}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def due(self, row: Row) -> int:
        """When the row can be seen, live or in the history."""
        due: float = row.at
        if self.reordered:
            due += self.chance(row, "reordered") * self.reordered * 1000
        if self.late and self.chance(row, "late") < self.late_share:
            due += self.late * 1000
        return int(due)

    def repeats(self, row: Row) -> bool:
        """Whether the row comes twice."""
        return bool(self.duplicated) and self.chance(row, "duplicated") < self.duplicated

    def loses(self, row: Row, *, live: bool) -> bool:
        """Whether the row lies in a gap."""
        return any(gap.holds(row.at) and (gap.live if live else gap.history) for gap in self.gaps)


def chaos(seed: int, start: int, seconds: int = 600, *, silent: bool = False) -> LogFaults:
    """Troubles at random for a window that starts at ``start`` (milliseconds): some of them, in any combination.

    Unless they are ``silent``, no rows are lost without a trace: what the live stream lacks is in the newer history, or
    that reports its gap. Where rows may vanish silently only sentinels give certainty.
    """
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    no_history = dice.random() < 0.2
    begins = start + dice.randrange(seconds * 1000)
    gap = Gap(
        begins,
        begins + dice.randrange(1_000, 60_000),
        live=dice.random() < 0.8,
        history=dice.random() < 0.3,
        reported=not silent or dice.random() < 0.5,
    )
    may_have_gap = silent or not no_history
    boundaries: list[Boundary] = ["exact", "repeated", "skipped"] if silent else ["exact", "repeated"]

    def some(value: int) -> int:
        return dice.randint(1, value) if dice.random() < 0.4 else 0

    def share(most: float) -> float:
        return dice.uniform(0, most) if dice.random() < 0.4 else 0.0

    return LogFaults(
        seed=seed,
        rate_limited=some(3),
        failing=some(3),
        failing_with=dice.choice([500, 502, 503, 504]),
        hanging=some(1) if dice.random() < 0.3 else 0,
        cuts=some(4),
        cut_after=dice.randint(0, 50),
        cut=dice.choice(["clean", "reset", "mid-line"]),
        rejected_reconnects=some(3),
        duplicated=share(0.5),
        reordered=share(5.0),
        late=share(90.0),
        late_share=dice.random(),
        malformed=share(0.1),
        truncated_at=dice.choice([None, None, None, 40, 200]),
        gaps=(gap,) if may_have_gap and dice.random() < 0.4 else (),
        boundary=dice.choice(boundaries),
        no_history=no_history,
    )
