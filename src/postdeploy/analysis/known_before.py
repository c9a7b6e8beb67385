"""What a deployment was known for before: that is borne with after a rollback, unless there is more of it than there was."""

from __future__ import annotations

from dataclasses import dataclass, replace

from postdeploy.analysis import rates
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.judgement import Baseline, line_of
from postdeploy.analysis.signals import Signal

_NO_PATTERNS = frozenset(
    {
        Signal.VERSION_SKEW,  # the pages of the deployment that was gone back from
        Signal.READ_API_DISABLED,
        Signal.MISSING_DEBUG_ID,
        Signal.PERSONAL_DATA,
    }
)
"""What is never a reason for or against a deployment."""


@dataclass(frozen=True, slots=True)
class Split:
    """The incidents of a window, by what is to be made of them."""

    borne: tuple[Incident, ...] = ()
    """Known, and no more of it than before."""
    fresh: tuple[Incident, ...] = ()
    """Error patterns that were not there before, or are more than before; without a baseline all of them."""

    @property
    def borne_lines(self) -> tuple[str, ...]:
        """For people."""
        return tuple(line_of(one) for one in self.borne)

    @property
    def fresh_lines(self) -> tuple[str, ...]:
        """For people."""
        return tuple(line_of(one) for one in self.fresh)


def split(tally: Tally, baseline: Baseline | None) -> Split:
    """What of this is borne with. The incidents of the tally must be marked as new or known."""
    borne = tuple(one for one in tally.incidents if _is_borne(one, tally, baseline))
    fresh = (
        one
        for one in tally.incidents
        if one not in borne and one.requests and one.known is None and one.signal not in _NO_PATTERNS
    )
    return Split(borne, tuple(fresh))


def without(tally: Tally, incidents: tuple[Incident, ...]) -> Tally:
    """The tally as if these had not happened; their requests still count among all."""
    dropped = {one.fingerprint for one in incidents}
    return replace(tally, incidents=tuple(one for one in tally.incidents if one.fingerprint not in dropped))


def _is_borne(incident: Incident, tally: Tally, baseline: Baseline | None) -> bool:
    if baseline is None or incident.new is not False:
        return False
    known = [one for one in tally.of(incident.signal) if one.new is False]
    before = baseline.counts.get(incident.signal, 0)
    by_requests = tally.requests > 0 and baseline.requests > 0
    exposure, exposure_before = (
        (tally.requests, baseline.requests) if by_requests else (tally.seconds, baseline.seconds)
    )
    return rates.rise(len(tally.times(known)), exposure, before, exposure_before) > rates.LEVEL
