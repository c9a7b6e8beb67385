"""How a process ends: one table for pytest runs and commands."""

from __future__ import annotations

from enum import IntEnum

from postdeploy.model import Decision


class ExitCode(IntEnum):
    """How a process ends: one table for pytest runs and commands. 2, 3 and 5 are pytest's own."""

    PASSED = 0
    FAILED = 1
    """By decision only: the deployment fails, production does not serve the target, a variable is wrong or missing, no browser starts."""
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE = 4
    """Bad input; the message says where, what, and the cure."""
    NOTHING_SELECTED = 5
    INCONCLUSIVE = 10
    """Nothing is proven; the message says what is missing."""

    @classmethod
    def of(cls, decision: Decision) -> ExitCode:
        """The exit code that says this decision."""
        return {Decision.PASS: cls.PASSED, Decision.FAIL: cls.FAILED}.get(decision, cls.INCONCLUSIVE)
