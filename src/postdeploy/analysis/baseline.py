"""What a deployment's log is compared with, and how: by fingerprints, and by the rate of a signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postdeploy.analysis import rates
from postdeploy.logs.protocol import EVERYTHING, Shows

if TYPE_CHECKING:
    from postdeploy.analysis.incidents import Tally


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is compared with: the previous deployment's log, or an earlier verdict's."""

    name: str
    fingerprints: frozenset[str] | None
    """None: they are of another version of `fingerprint`, and not compared: which errors are new is not known."""
    counts: dict[str, int]
    """Signal → requests."""
    requests: int
    """0: what it was made of does not show all requests."""
    seconds: float
    without: Callable[[str], Baseline | None] | None = field(default=None, compare=False, repr=False)
    """The same without the rows of a deployment, or None where no others are left. None: it holds one deployment, which is not judged."""

    def apart_from(self, deployment: str | None) -> Baseline | None:
        """What a deployment can be compared with: never with itself."""
        return self if self.without is None or deployment is None else self.without(deployment)

    def p_value(self, signal: str, count: int, tally: Tally, shows: Shows) -> float:
        """How probable so many requests with this signal, or more, are by chance, if the rate is still the baseline's.

        The rate is per request where both logs show all of them, else per second: a source without statuses shows only the
        requests that wrote something.
        """
        before = self.counts.get(signal, 0)
        if Shows.STATUS in shows and tally.requests and self.requests:
            return rates.rise(count, tally.requests, before, self.requests)
        return rates.rise(count, tally.seconds, before, self.seconds)


def compared(tally: Tally, baseline: Baseline | None) -> Tally:
    """The tally with each incident marked as new or known before."""
    known = baseline.fingerprints if baseline else None
    if known is None:
        return tally
    marked = (replace(one, new=not one.is_in(known)) for one in tally.incidents)
    return replace(tally, incidents=tuple(marked))


def baseline_of(name: str, tally: Tally, shows: Shows = EVERYTHING) -> Baseline:
    """A tally as something to compare with."""
    counts = {signal: len(tally.times(tally.of(signal))) for signal in {one.signal for one in tally.incidents}}
    requests = tally.requests if Shows.STATUS in shows else 0
    known = frozenset(name for one in tally.incidents for name in (one.fingerprint, *one.also))
    return Baseline(name, known, counts, requests, tally.seconds)
