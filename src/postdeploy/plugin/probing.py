"""The probes of the readiness parts within a run: when they begin, and whether the database is known to be up."""

from __future__ import annotations

import pytest

from postdeploy.plugin.selection import function_of
from postdeploy.readiness.probing import DATABASE_UP
from postdeploy.run.run import Run
from postdeploy.system.obstacles import Need


class Probing:
    """In every process of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._parts: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The selected checks decide what is probed, and whether one of them will show that the database is up."""
        names = {function_of(item) for item in session.items}
        self._parts = {part for name in names if (part := self._run.runbook.part_of(name))}
        after = self._run.runbook.cron.after
        if session.items and after not in names:
            self._run.obstacles.add(Need.DATABASE, f"{after} is not part of this run")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """The preflight is over when the first check is set up: from now on the app may be probed."""
        self._run.probes.start(self._parts)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Cron routes wait for the check that shows that the database is up."""
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        if name != self._run.runbook.cron.after:
            return
        if report.when == "call" and report.passed:
            self._run.store.put(DATABASE_UP, True)
        elif not report.passed:
            self._run.obstacles.add(Need.DATABASE, f"{name} did not pass")
