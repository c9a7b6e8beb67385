"""What a log watch needs of the world."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import Opening
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.protocol import Source
from postdeploy.vercel.clock import Clock


class World(Protocol):
    """Made by a run; by tests, of values."""

    clock: Clock

    def opening(self) -> Opening:
        """When the window opened, and which deployment's it is."""
        ...

    def source(self, opening: Opening) -> Source:
        """Where the log comes from."""
        ...

    def expect(self, moment: int) -> None:
        """Read the log as soon as it can show this moment, epoch milliseconds: it is waited for."""
        ...

    def baseline(self, opening: Opening) -> tuple[Baseline | None, str]:
        """What to compare with, and a note about it."""
        ...

    def send(self, path: str) -> int | None:
        """Request a path of the target, unauthenticated. The status of the answer; None: none came."""
        ...

    def own(self) -> Iterable[SuiteRequest]:
        """The requests of the suite's own browser, as far as they are known."""
        ...

    def earlier_requests(self) -> Iterable[str]:
        """Ids of the requests of earlier runs, as far as a record keeps them."""
        ...

    def publish(self, report: LogReport) -> None:
        """Take the report: once, at the end."""
        ...
