"""The look before the checks: the target is there, it is the app, it is open to us, and its deployment is pinned."""

from __future__ import annotations

import threading
from collections.abc import Callable

from postdeploy.model import Blocked, CheckResult, Deployment, Misbehaved, Outcome, evidence_lines
from postdeploy.run.plan import Plan
from postdeploy.runbook.parts import PREFLIGHT


class Preflight:
    """Looks while pytest collects."""

    def __init__(self, plan: Plan, pin: Callable[[], Deployment]) -> None:
        self.deployment: Deployment | None = None
        """What was pinned."""
        self.failure: CheckResult | None = None
        """Why no check may start; known once it has ended."""
        self._plan = plan
        self._pin = pin
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._look, name="preflight", daemon=True)
        self._thread.start()

    def end(self) -> CheckResult | None:
        """Wait for it. Why no check may start, or None."""
        self._thread.join()
        self.failure = _failure(self._error) if self._error else self._no_user()
        return self.failure

    def _look(self) -> None:
        try:
            self.deployment = self._pin()
        except BaseException as error:  # noqa: BLE001 - reported by the main thread
            self._error = error

    def _no_user(self) -> CheckResult | None:
        missing, user = self._plan.environment.missing, self._plan.environment.user
        if not self._plan.mode.signs_in or (user and user.has_address):
            return None
        if user:
            what = "SMOKE_EMAIL is not an e-mail address: the browser would not send the form"
            cure = "Write name, @ and domain alone, without quotes or spaces."
        else:
            names = " and ".join(missing)
            what, cure = f"no smoke user: {names} not set", f"Set {names} in the environment or in .env."
        return _stopped(Outcome.BLOCKED, what, cure)


def _failure(error: BaseException) -> CheckResult:
    if isinstance(error, Misbehaved):
        found = error.diagnosis
        return CheckResult(
            PREFLIGHT,
            PREFLIGHT,
            Outcome.FAILED,
            story="The deployment answers.",
            summary=str(error),
            cause=found.cause if found else None,
            evidence=evidence_lines(found.evidence if found else ()),
            down=found.down if found else False,
        )
    if isinstance(error, Blocked):
        return _stopped(Outcome.BLOCKED, error.what, error.cure)
    return _stopped(Outcome.BROKEN, f"{type(error).__name__}: {error}")


def _stopped(outcome: Outcome, what: str, cure: str = "") -> CheckResult:
    return CheckResult(PREFLIGHT, PREFLIGHT, outcome, story="The checks can start.", summary=what, cure=cure)
