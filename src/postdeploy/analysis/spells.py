"""Spells: times, anywhere in a log, in which as much fails as in rule 2 of the threshold. Is the last one over?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from postdeploy.analysis import rates
from postdeploy.analysis.incidents import Flags, Numbers
from postdeploy.runbook.log_tables import Threshold
from postdeploy.system import binomial

_LEAST = 3
"""Requests that must have succeeded since, for it to be over."""
_LONGER = 2
"""What lasted as long as the threshold's window must be gone for so many times as long."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When requests began, in order, epoch milliseconds."""

    all: Numbers
    served: Numbers
    """Those that got what they asked for."""


@dataclass(frozen=True, slots=True)
class Spell:
    """From the first failure of it to the last, epoch milliseconds."""

    since: int
    until: int
    failed: int
    asked: int
    """All requests between the two; 0: not known."""
    well: int
    """Requests that succeeded since."""
    after: int
    """All requests since."""
    gone: int
    """Milliseconds from the last failure of it to the last request."""

    def is_over(self, limit: Threshold) -> bool:
        """Whether more succeeded since than by chance, for long enough."""
        if not self.asked or self.well < _LEAST:
            return False
        by_chance = binomial.at_least(self.well, self.after, 1 - min(1.0, self.failed / self.asked))
        lasted = self.until - self.since
        return by_chance <= rates.LEVEL and (lasted < limit.window * 1000 or self.gone >= _LONGER * lasted)


def last_spell(limit: Threshold, failed: Numbers, asked: Asked | None, *, flood: bool = False) -> Spell | None:
    """The last one; None: there is none.

    `failed`: when the requests that failed began, in order; `asked`: all of these requests; None where the log does not show how many
    there were: then no share is asked for. `flood`: only as the second case of rule 2.
    """
    ends = np.searchsorted(failed, failed + round(limit.window * 1000))
    begins = np.flatnonzero(_is_broken(limit, failed, ends, asked.all if asked else None, flood=flood))
    if not len(begins):
        return None
    lasts = failed[ends[begins] - 1]
    again = np.flatnonzero(failed[begins[1:]] > lasts[:-1])
    since, until = int(failed[begins[again[-1] + 1] if len(again) else begins[0]]), int(lasts[-1])
    count = _between(failed, since, until)
    if asked is None:
        return Spell(since, until, count, 0, 0, int(np.count_nonzero(failed > until)), 0)
    well, after = (int(np.count_nonzero(moments > until)) for moments in (asked.served, asked.all))
    return Spell(since, until, count, _between(asked.all, since, until), well, after, int(asked.all[-1]) - until)


def _is_broken(limit: Threshold, failed: Numbers, ends: Numbers, asked: Numbers | None, *, flood: bool) -> Flags:
    """Which failures begin a window that breaks rule 2. `ends`: for each the number of the first failure after its window."""
    counts = ends - np.arange(len(failed))
    lasts: Flags = failed[ends - 1] - failed >= limit.widespread_span * 1000
    several: Flags = lasts & (counts >= limit.widespread_requests)
    if asked is None:
        return several
    totals = np.searchsorted(asked, failed + round(limit.window * 1000)) - np.searchsorted(asked, failed)
    shares = counts / np.maximum(totals, 1)
    is_flood: Flags = (counts >= limit.flood_requests) & (shares >= limit.flood_share)
    if flood:
        return is_flood
    is_broken: Flags = is_flood | (several & (shares >= limit.widespread_share) & (totals >= limit.widespread_of))
    return is_broken


def _between(moments: Numbers, since: int, until: int) -> int:
    return int(np.count_nonzero((moments >= since) & (moments <= until)))
