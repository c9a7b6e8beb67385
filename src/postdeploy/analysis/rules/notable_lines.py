"""Lines that are worth a warning, and never a reason against a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Severity

NOTABLE: dict[Signal, str] = {
    Signal.VERSION_SKEW: (
        "pages from before the deploy called actions of their own build (version skew): it ends when their tabs are closed"
    ),
    Signal.CREDENTIALS_REFUSED: "another service refuses a key or an account, or cryptography a key: the app's own, or a customer's",
    Signal.UNSET_ADDRESS: "calls to no host, or to this machine, where nothing listens: the address of a service is not set",
    Signal.DEPLOYMENT_PAUSED: "Vercel has paused the project or switched its deployment off: its settings and billing say why",
    Signal.PLATFORM_FAILED: "Vercel itself failed, or limited the functions, by its own code: see vercel-status.com",
    Signal.STALE_PLAN: (
        "the database refuses statements that it prepared before its schema was changed: renew its connections"
    ),
    Signal.SERVICE_FAILED: "a called service is out of order by its own answer",
    Signal.CLIENT_LEFT: "clients left before their answer was ready, which is not counted as an error",
    Signal.READ_API_DISABLED: "the read API is switched off by its feature flag",
    Signal.MISSING_DEBUG_ID: "error lines of the inbox without a debug id",
    Signal.PERSONAL_DATA: "error lines with an e-mail address or telephone number",
}


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """One for each kind that there is."""
    for signal, what in NOTABLE.items():
        incidents = evidence.counted(signal)
        count = len(evidence.tally.times(incidents))
        if count:
            sentence = f"{what}: {wording.count(count, 'request')}"
            yield LogFinding(LogSubject.LINES, Severity.WARN, sentence, incidents=incidents)
