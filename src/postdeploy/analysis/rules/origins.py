"""Server Actions refuse the origin of their own pages: the signal `origin_rejected` of the runbook."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules.amounts import Misconfiguration, by_amount
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal

_REFUSED = Misconfiguration(
    signal=Signal.ORIGIN_REJECTED,
    subject=LogSubject.ORIGINS,
    sentence="Server Actions refuse an origin (SERVER_ACTIONS_ALLOWED_ORIGINS)",
)


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """What is mended by the variable and a redeploy, not by a rollback."""
    yield from by_amount(evidence, _REFUSED)
