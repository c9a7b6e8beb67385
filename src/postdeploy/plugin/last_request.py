"""When the run makes no more requests: from then on the log can be looked at for the last time, while the answers are judged."""

from __future__ import annotations

import pytest

from postdeploy.plugin.selection import function_of
from postdeploy.run.run import Run
from postdeploy.runbook.parts import READS_ANSWERS


class LastRequest:
    """In the process that runs the checks. Not under `-n`: no process knows when the others make their last one."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._left: set[str] = set()
        """The checks that may make requests of their own and have not ended."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The checks of other parts than these only read what the probes were answered."""
        part_of = self._run.runbook.part_of
        self._left = {one.nodeid for one in session.items if part_of(function_of(one)) not in READS_ANSWERS}

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Its result has been taken, and with it the requests that it made."""
        self._left.discard(nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """The probes run in threads, and may take longer than the browser."""
        if not self._left and self._run.probes.finished:
            self._run.requests_made = True
