"""What explains a broken rule: an outage, the environment, the schema, the auth service, or the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident, Numbers, Tally
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation, Severity


def _meaning(*signals: str) -> Callable[[Tally], Numbers]:
    return lambda tally: tally.members(*signals)


def _of_others(tally: Tally) -> Numbers:
    named = tally.members(Signal.SERVICE_FAILED, Signal.PLATFORM_FAILED, Signal.STALE_PLAN)
    return np.union1d(named, tally.passed_on)


_EXPLANATIONS: tuple[tuple[Callable[[Tally], Numbers], Cause, Recommendation], ...] = (
    (_meaning(Signal.DATABASE_UNREACHABLE, Signal.DATABASE_SLOW), Cause.DATABASE, Recommendation.HOLD),
    (
        _meaning(
            Signal.DATABASE_MISCONFIGURED,
            Signal.ORIGIN_REJECTED,
            Signal.CREDENTIALS_REFUSED,
            Signal.UNSET_ADDRESS,
            Signal.DEPLOYMENT_PAUSED,
        ),
        Cause.ENVIRONMENT,
        Recommendation.FIX_ENVIRONMENT,
    ),
    (_meaning(Signal.SCHEMA_DRIFT), Cause.SCHEMA, Recommendation.FIX_FORWARD),
    (lambda tally: tally.slow_sign_ins, Cause.AUTH_SERVICE, Recommendation.HOLD),
    (_of_others, Cause.SERVER_ACTIONS, Recommendation.INVESTIGATE),
)
"""In the order of asking: without the requests that it explains, would the rule still be broken?"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule is broken."""

    cause: Cause
    recommendation: Recommendation
    doubt: str = ""
    """What can't be decided: whether an outage broke the rule that shows in few of the requests. Empty: nothing."""

    def finding(
        self, subject: LogSubject, sentence: str, incidents: tuple[Incident, ...], cause: Cause | None = None
    ) -> LogFinding:
        """The failure; where it can't be decided, a warning that leaves the log unproven. `cause`: a nearer one."""
        if self.doubt:
            return LogFinding(
                subject, Severity.WARN, sentence, incidents=incidents, unproven=f"{sentence}: {self.doubt}"
            )
        return LogFinding(subject, Severity.FAIL, sentence, cause or self.cause, self.recommendation, incidents)


def explained(
    evidence: LogEvidence, incidents: Sequence[Incident], is_broken: Callable[[Sequence[Incident]], bool]
) -> Explanation:
    """The first explanation without whose requests the rule would hold; else the code.

    What shows in less than half of the requests explains only those: an outage leaves in doubt what the others are, all else is the code's.
    """
    rest, failed = list(incidents), len(evidence.tally.times(incidents))
    doubt = ""
    for requests, cause, recommendation in _EXPLANATIONS:
        without = _without(rest, evidence.tally, requests(evidence.tally))
        if without != rest and not is_broken(without):
            shown = failed - len(evidence.tally.times(without))
            if shown * 2 >= failed:
                return Explanation(cause, recommendation)
            if recommendation is Recommendation.HOLD and not doubt:
                doubt = (
                    f"{shown} of them by an outage, which leaves too few; whether the others are its doing is not known"
                )
        rest = without
    return Explanation(Cause.SERVER_ACTIONS, code_fault(evidence, rest or incidents), doubt)


def _without(incidents: Sequence[Incident], tally: Tally, requests: Numbers) -> list[Incident]:
    """The incidents without these requests: of each any row explains it, whatever its other rows say."""
    if not len(requests):
        return list(incidents)
    stays = np.ones(len(tally.at), bool)
    stays[requests] = False
    left = (one.only(one.members[stays[one.members]], tally.at) for one in incidents)
    return [one for one in left if one.requests]


def code_fault(evidence: LogEvidence, incidents: Sequence[Incident]) -> Recommendation:
    """A rollback removes what is new; what existed before it leaves."""
    if evidence.baseline is not None and all(one.new is False for one in incidents):
        return Recommendation.INVESTIGATE
    if evidence.baseline is None and all(one.is_in(evidence.failing_before) for one in incidents):
        return Recommendation.INVESTIGATE
    return Recommendation.ROLL_BACK
