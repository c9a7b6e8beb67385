"""What pytest can't do: read a file of checks, end a check whose process died, or go on to the end of the run.

All of that is an error of ours, and no verdict on a deployment.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from postdeploy.model import CheckResult, Outcome
from postdeploy.plugin.stash import PROPERTY
from postdeploy.system.exit_codes import ExitCode

_OWN_ERROR = "our own error ended the run; it says nothing about the deployment"
_STOPPED = "the run was stopped before its end, by a debugger or an option such as --stepwise. Run it without"
_RUN = "run"


class CutOff:
    """What pytest says of it, in this process or a worker."""

    def __init__(self) -> None:
        self._lost: dict[str, CheckResult] = {}
        self._unread: dict[str, CheckResult] = {}

    @property
    def missing(self) -> tuple[CheckResult, ...]:
        """Checks without a result of their own, and files without their checks, even where pytest goes on: all are broken."""
        return (*self._unread.values(), *self._lost.values())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Of each file and folder."""
        if report.failed:
            summary = f"can't be read: {_last_line(report)}"
            self._unread[report.nodeid] = CheckResult(report.nodeid or _RUN, _RUN, Outcome.BROKEN, summary=summary)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None]:
        """Of each check, before its result is taken: one whose process died has none."""
        if report.failed and all(name != PROPERTY for name, _ in report.user_properties):
            name = report.nodeid.rpartition("::")[2]
            self._lost[name] = CheckResult(name, _RUN, Outcome.BROKEN, summary=f"has no result: {_last_line(report)}")
        return (yield)

    def why(self, exit_status: int) -> str | None:
        """Why nothing more is known than what was seen by now; None: pytest did what it was asked."""
        if exit_status == pytest.ExitCode.INTERNAL_ERROR:
            return _OWN_ERROR
        if exit_status != pytest.ExitCode.INTERRUPTED:
            return None
        unread = next(iter(self._unread.values()), None)
        return f"our own error: {unread.name} {unread.summary}" if unread else _STOPPED

    def exit_code(self, exit_status: int) -> int:
        """In place of pytest's: what it can't read is an error of ours, and not an interruption."""
        interrupted = exit_status == pytest.ExitCode.INTERRUPTED
        return ExitCode.INCONCLUSIVE if interrupted and self._unread else exit_status


def _last_line(report: pytest.CollectReport | pytest.TestReport) -> str:
    lines = [line.removeprefix("E").strip() for line in report.longreprtext.splitlines() if line.strip()]
    return lines[-1] if lines else "an error without a word"
