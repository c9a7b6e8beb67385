"""What the tests of rules share: traffic in, findings out."""

from __future__ import annotations

from collections.abc import Iterable

from postdeploy.analysis.baseline import Baseline, baseline_of, compared
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.variants import linked
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from tests.logs.rows import Sent, rows, tallied

RUNBOOK = read_runbook()
CODE = (Cause.SERVER_ACTIONS, Recommendation.ROLL_BACK)
OUTAGE = (Cause.DATABASE, Recommendation.HOLD)
ENVIRONMENT = (Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT)
UNREACHABLE = (
    "Failed to fetch clients: Error [PrismaClientKnownRequestError]: \n"
    "Can't reach database server at db.example.com:5432\n    at a (b.js:1:2) {\n  code: 'P1001'\n}"
)


def evidence(sent: Iterable[Sent], runbook: Runbook = RUNBOOK, baseline: Baseline | None = None) -> LogEvidence:
    tally = compared(linked(tallied(rows(sent), runbook), runbook.logs), baseline)
    return LogEvidence(tally=tally, first=tally, runbook=runbook, baseline=baseline)


def findings(
    sent: Iterable[Sent], runbook: Runbook = RUNBOOK, baseline: Baseline | None = None
) -> tuple[LogFinding, ...]:
    """All that the rules say of this traffic."""
    return ordered.findings(evidence(sent, runbook, baseline))


def failures(found: Iterable[LogFinding]) -> list[tuple[Cause | None, Recommendation | None]]:
    """What fails the deployment, and what to do about it."""
    return [(one.cause, one.recommendation) for one in found if one.severity is Severity.FAIL]


def warnings(found: Iterable[LogFinding], subject: LogSubject) -> list[str]:
    """The warnings about a subject."""
    return [one.sentence for one in found if one.severity is Severity.WARN and one.subject is subject]


def before(sent: Iterable[Sent]) -> Baseline:
    """The log of the deployment before, as a baseline."""
    return baseline_of("dpl_before", tallied(rows(sent)))
