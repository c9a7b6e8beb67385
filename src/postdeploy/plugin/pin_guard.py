"""What every process of a run does before each check: the pin is known, and once another deployment took over nothing more is measured."""

from __future__ import annotations

import pytest

from postdeploy.model import NotReached
from postdeploy.plugin.selection import function_of
from postdeploy.run.run import Run

_LOG = "logs"


class PinGuard:
    """In every process: the pin is known, and once the deployment is superseded nothing more is measured."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """The log's checks decide for themselves: what it contained before another deployment took over still counts."""
        self._run.load_pin()
        why = self._run.superseded
        if why and self._run.runbook.part_of(function_of(item)) != _LOG:
            raise NotReached(why)
