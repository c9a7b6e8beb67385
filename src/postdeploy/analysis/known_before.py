"""What a deployment was known for before a rollback: that is tolerated afterwards, unless there is more of it than there was."""

from __future__ import annotations

from dataclasses import dataclass, replace

from postdeploy.analysis import rates
from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.findings import line_of
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import EVERYTHING, Shows

_NOT_ERRORS = frozenset(
    {
        Signal.VERSION_SKEW,  # pages of the deployment that was rolled back are still open
        Signal.CLIENT_LEFT,
        Signal.READ_API_DISABLED,
        Signal.MISSING_DEBUG_ID,
        Signal.PERSONAL_DATA,
        Signal.UNNAMED_ABORT,  # its line is an error of its own
    }
)
"""What is never a reason for or against a deployment."""


@dataclass(frozen=True, slots=True)
class KnownSplit:
    """The incidents of a window after a rollback."""

    tolerated: tuple[Incident, ...] = ()
    """Known before, and no more of them than before."""
    new: tuple[Incident, ...] = ()
    """Error patterns that were not there before, or are more than before; without a baseline whose errors can be compared all of them."""

    @property
    def tolerated_lines(self) -> tuple[str, ...]:
        """For people."""
        return tuple(line_of(one) for one in self.tolerated)

    @property
    def new_lines(self) -> tuple[str, ...]:
        """For people."""
        return tuple(line_of(one) for one in self.new)


def split(tally: Tally, baseline: Baseline | None, shows: Shows = EVERYTHING) -> KnownSplit:
    """The incidents of a tally, which must be marked as new or known (`baseline.compared`)."""
    tolerated = tuple(one for one in tally.incidents if baseline and _is_tolerated(one, tally, baseline, shows))
    new = (
        one
        for one in tally.incidents
        if one not in tolerated and one.requests and one.known is None and one.signal not in _NOT_ERRORS
    )
    return KnownSplit(tolerated, tuple(new))


def all_tolerated(incidents: tuple[Incident, ...], tally: Tally, baseline: Baseline | None, shows: Shows) -> bool:
    """Whether all of these, at least one, were known before, and are no more than before."""
    return bool(baseline and incidents) and all(
        _is_tolerated(one, tally, baseline, shows) for one in incidents if baseline
    )


def without(tally: Tally, incidents: tuple[Incident, ...]) -> Tally:
    """The tally as if these had not happened; their requests still count among all."""
    dropped = {one.fingerprint for one in incidents}
    return replace(tally, incidents=tuple(one for one in tally.incidents if one.fingerprint not in dropped))


def _is_tolerated(incident: Incident, tally: Tally, baseline: Baseline, shows: Shows) -> bool:
    if incident.new is not False:
        return False
    known = [one for one in tally.of(incident.signal) if one.new is False]
    return baseline.p_value(incident.signal, len(tally.times(known)), tally, shows) > rates.LEVEL
