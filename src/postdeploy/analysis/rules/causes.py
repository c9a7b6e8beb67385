"""What explains a broken rule: an outage, the environment, the schema, the auth service, or the code."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

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
        without = _without(rest, evidence, signals)
        if without != rest and not is_broken(without):
            return cause, recommendation
        rest = without
    return Cause.SERVER_ACTIONS, code_fault(evidence, rest)


def _without(incidents: Sequence[Incident], evidence: LogEvidence, signals: Collection[str]) -> list[Incident]:
    """The incidents without the requests of which any row means one of these signals, whatever its other rows say."""
    explained = [one.members for one in evidence.tally.of(*signals)]
    if not explained:
        return list(incidents)
    requests = np.concatenate(explained)
    left = (one.only(one.members[~np.isin(one.members, requests)], evidence.tally.at) for one in incidents)
    return [one for one in left if one.requests]


def code_fault(evidence: LogEvidence, incidents: Sequence[Incident]) -> Recommendation:
    """A rollback removes what is new; what existed before it leaves."""
    if evidence.baseline is not None and all(one.new is False for one in incidents):
        return Recommendation.INVESTIGATE
    return Recommendation.ROLL_BACK
