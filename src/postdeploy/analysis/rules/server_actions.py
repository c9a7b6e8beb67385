"""The threshold of the runbook (117e): Server Action errors in the first minutes after the deploy.

Rule 1: more different errors than allowed. Rule 2: one error that fails many of the Server Action requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import causes, wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """A failure where either rule is broken; a warning about errors below the threshold."""
    errors = evidence.counted_first(Signal.SERVER_ACTION_ERROR)
    broken = _broken_rule(evidence, errors)
    if broken:
        cause, recommendation = causes.explained(
            evidence, errors, lambda some: _broken_rule(evidence, some) is not None
        )
        sentence = broken + wording.newness(evidence, errors)
        yield LogFinding(LogSubject.ERRORS, Severity.FAIL, sentence, cause, recommendation, errors)
    elif errors:
        failed = wording.count(len(evidence.first.times(errors)), "Server Action request")
        allowed = evidence.runbook.threshold.unique
        yield LogFinding(
            LogSubject.ERRORS,
            Severity.WARN,
            f"{failed} of {evidence.first.actions} failed, {len(errors)} unique ({allowed} allowed)",
            incidents=errors,
        )


def _broken_rule(evidence: LogEvidence, errors: Sequence[Incident]) -> str | None:
    """The sentence that says which rule these errors break, or None."""
    limit = evidence.runbook.threshold
    if len(errors) > limit.unique:
        return (
            f"{len(errors)} unique Server Action errors within the first {wording.minutes(limit.window)}"
            f" (more than {limit.unique} are too many)"
        )
    actions = evidence.first.actions
    for one in errors if evidence.shows_totals else ():
        share = one.requests / max(actions, 1)
        sentence = f"one error fails {one.requests} of {actions} Server Action requests ({share:.0%})"
        if one.requests >= limit.flood_requests and share >= limit.flood_share:
            return sentence
        is_enough = one.requests >= limit.widespread_requests and share >= limit.widespread_share
        if is_enough and actions >= limit.widespread_of and one.seconds >= limit.widespread_span:
            return f"{sentence} over {one.seconds:.0f} s"
    return None
