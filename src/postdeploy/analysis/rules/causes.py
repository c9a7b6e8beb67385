"""What explains a broken rule: an outage, the environment, the schema, the auth service, or the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation

_EXPLANATIONS: tuple[tuple[frozenset[str], Cause, Recommendation], ...] = (
    (frozenset({Signal.DATABASE_UNREACHABLE}), Cause.DATABASE, Recommendation.HOLD),
    (
        frozenset({Signal.DATABASE_MISCONFIGURED, Signal.ORIGIN_REJECTED}),
        Cause.ENVIRONMENT,
        Recommendation.FIX_ENVIRONMENT,
    ),
    (frozenset({Signal.SCHEMA_DRIFT}), Cause.SCHEMA, Recommendation.FIX_FORWARD),
    (frozenset({Signal.AUTH_SLOW}), Cause.AUTH_SERVICE, Recommendation.HOLD),
)
"""In the order of asking: without the requests that it explains, would the rule still be broken?"""


def explained(
    evidence: LogEvidence, incidents: Sequence[Incident], is_broken: Callable[[Sequence[Incident]], bool]
) -> tuple[Cause, Recommendation]:
    """The first explanation without whose requests the rule would hold; else the code."""
    rest = list(incidents)
    for signals, cause, recommendation in _EXPLANATIONS:
        without = [one for one in rest if not signals.intersection(one.means)]
        if len(without) < len(rest) and not is_broken(without):
            return cause, recommendation
        rest = without
    return Cause.SERVER_ACTIONS, code_fault(evidence, rest)


def code_fault(evidence: LogEvidence, incidents: Sequence[Incident]) -> Recommendation:
    """A rollback removes what is new; what existed before it leaves."""
    if evidence.baseline is not None and all(one.new is False for one in incidents):
        return Recommendation.INVESTIGATE
    return Recommendation.ROLL_BACK
