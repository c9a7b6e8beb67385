"""What explains a broken rule: an outage, the environment, the schema, the auth service, or the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from postdeploy.analysis.incidents import Incident, Numbers, Tally
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation


def _meaning(*signals: str) -> Callable[[Tally], Numbers]:
    return lambda tally: tally.members(*signals)


_EXPLANATIONS: tuple[tuple[Callable[[Tally], Numbers], Cause, Recommendation], ...] = (
    (_meaning(Signal.DATABASE_UNREACHABLE, Signal.DATABASE_SLOW), Cause.DATABASE, Recommendation.HOLD),
    (
        _meaning(Signal.DATABASE_MISCONFIGURED, Signal.ORIGIN_REJECTED),
        Cause.ENVIRONMENT,
        Recommendation.FIX_ENVIRONMENT,
    ),
    (_meaning(Signal.SCHEMA_DRIFT), Cause.SCHEMA, Recommendation.FIX_FORWARD),
    (lambda tally: tally.slow_sign_ins, Cause.AUTH_SERVICE, Recommendation.HOLD),
)
"""In the order of asking: without the requests that it explains, would the rule still be broken?"""


def explained(
    evidence: LogEvidence, incidents: Sequence[Incident], is_broken: Callable[[Sequence[Incident]], bool]
) -> tuple[Cause, Recommendation]:
    """The first explanation without whose requests the rule would hold; else the code."""
    rest = list(incidents)
    for requests, cause, recommendation in _EXPLANATIONS:
        without = _without(rest, evidence.tally, requests(evidence.tally))
        if without != rest and not is_broken(without):
            return cause, recommendation
        rest = without
    return Cause.SERVER_ACTIONS, code_fault(evidence, rest)


def _without(incidents: Sequence[Incident], tally: Tally, requests: Numbers) -> list[Incident]:
    """The incidents without these requests: of each any row explains it, whatever its other rows say."""
    if not len(requests):
        return list(incidents)
    left = (one.only(one.members[~np.isin(one.members, requests)], tally.at) for one in incidents)
    return [one for one in left if one.requests]


def code_fault(evidence: LogEvidence, incidents: Sequence[Incident]) -> Recommendation:
    """A rollback removes what is new; what existed before it leaves."""
    if evidence.baseline is not None and all(one.new is False for one in incidents):
        return Recommendation.INVESTIGATE
    if evidence.baseline is None and all(one.is_in(evidence.failing_before) for one in incidents):
        return Recommendation.INVESTIGATE
    return Recommendation.ROLL_BACK
