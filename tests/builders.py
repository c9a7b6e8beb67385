"""How checks ended, made for tests in one place."""

from __future__ import annotations

from typing import Any

from postdeploy.model import Cause, CheckResult, Outcome


def result(name: str = "test_x", outcome: Outcome = Outcome.PASSED, part: str = "inbox", **more: Any) -> CheckResult:
    """How a check of this part ended."""
    return CheckResult(name, part, outcome, **more)


def failed(cause: Cause, name: str = "test_x", part: str = "inbox", **more: Any) -> CheckResult:
    """A check that failed for this cause, and says so."""
    return result(name, Outcome.FAILED, part, **({"summary": f"{cause} says", "cause": cause} | more))
