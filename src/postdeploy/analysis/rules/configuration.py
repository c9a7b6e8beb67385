"""A variable is missing, malformed or refused: the signal `database_misconfigured` of the runbook."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules.amounts import Misconfiguration, by_amount
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal

_WRONG = Misconfiguration(
    signal=Signal.DATABASE_MISCONFIGURED,
    subject=LogSubject.CONFIGURATION,
    sentence="an environment variable is missing, malformed or refused",
)


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """What is mended by the variable and a redeploy, not by a rollback."""
    yield from by_amount(evidence, _WRONG)
