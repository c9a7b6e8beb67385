"""A run that pytest ends before its checks did, and files of checks that it can't read: errors of ours, and no verdict on a deployment."""

from __future__ import annotations

import pytest

from postdeploy.model import CheckResult, Outcome
from postdeploy.system.exit_codes import ExitCode

_OWN_ERROR = "our own error ended the run; it says nothing about the deployment"
_STOPPED = "the run was stopped before its end, by a debugger or an option such as --stepwise. Run it without"
_RUN = "run"


class CutOff:
    """What pytest says of both; of a file, from this process or a worker."""

    def __init__(self) -> None:
        self._unread: dict[str, CheckResult] = {}

    @property
    def unread(self) -> tuple[CheckResult, ...]:
        """The files that can't be read, as checks that are broken: their checks are missing, even where pytest goes on without them."""
        return tuple(self._unread.values())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Of each file and folder."""
        if report.failed:
            last = [line for line in report.longreprtext.splitlines() if line.strip()][-1:]
            summary = f"can't be read: {last[0].removeprefix('E').strip() if last else 'an error'}"
            self._unread[report.nodeid] = CheckResult(report.nodeid or _RUN, _RUN, Outcome.BROKEN, summary=summary)

    def why(self, exit_status: int) -> str | None:
        """Why nothing more is known than what was seen by now; None: pytest did what it was asked."""
        if exit_status == pytest.ExitCode.INTERNAL_ERROR:
            return _OWN_ERROR
        if exit_status != pytest.ExitCode.INTERRUPTED:
            return None
        unread = next(iter(self.unread), None)
        return f"our own error: {unread.name} {unread.summary}" if unread else _STOPPED

    def exit_code(self, exit_status: int) -> int:
        """In place of pytest's: what it can't read is an error of ours, and not an interruption."""
        interrupted = exit_status == pytest.ExitCode.INTERRUPTED
        return ExitCode.INCONCLUSIVE if interrupted and self._unread else exit_status
