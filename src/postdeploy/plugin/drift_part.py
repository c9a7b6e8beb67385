"""Which deployment serves, watched beside the checks; and what becomes of the run when another one has taken over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

import pytest

from postdeploy.drift import Serving, by_turns
from postdeploy.model import CheckResult, Deployment, Outcome
from postdeploy.plugin.selection import function_of
from postdeploy.run import SUPERSEDED, Run

_CLOSE_LOOKS = 4
"""After one odd answer: so many looks in quick succession tell whether it was one."""
_LAST_LOOKS = 5
"""At the end: so many looks at most, as long as it is doubtful which deployment serves."""
_TICK = 0.1
_LOG = "logs"


class DriftPart:
    """Belongs to the process that a person started."""

    def __init__(self, run: Run, taken_over: Callable[[], None]) -> None:
        """`taken_over` is called once, when another deployment serves."""
        self.serving: Serving | None = None
        self._run = run
        self._taken_over = taken_over
        self._close_looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="drift", daemon=True)

    def start(self, pinned: Deployment) -> None:
        """The deployment is there and is the app: from now on it is looked whether it still serves."""
        self.serving = Serving(pinned)
        self._run.let_know_what_is_pinned()
        self._thread.start()

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._stop.set()

    def successor(self) -> str | None:
        """Who serves at the end, if that is another deployment than at the beginning."""
        if self.serving is None:
            return None
        self.stop()
        self._thread.join()
        for _ in range(_LAST_LOOKS):
            self._look(self.serving)
            if not self.serving.doubted:
                break
            time.sleep(self._run.runbook.deployments.confirm)
        return self._named() if self.serving.superseded or self.serving.doubted else None

    def settled(self, results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
        """The results, each counted for the deployment that served it; and what two that serve by turns come to."""
        found = tuple(results)
        if self.serving is None or not self.serving.mixed:
            return found
        other = self.serving.other.name if self.serving.other else "another deployment"
        says = (
            f"two deployments are live, {self.serving.pinned.name} and {other} answer by turns (a rolling release?): "
            "what was measured is not what everybody gets. Set VERCEL_TOKEN and VERCEL_PROJECT_ID, or wait until one is left"
        )
        pinned = self.serving.pinned
        return (
            *(by_turns(each, pinned, "") for each in found),
            CheckResult("drift", "run", Outcome.UNPROVEN, summary=says),
        )

    def _watch(self) -> None:
        while self.serving and not self._waits_to_no_end(self._pause(self.serving)):
            self._look(self.serving)
            if self.serving.superseded:
                self._end()
                return

    def _waits_to_no_end(self, seconds: float) -> bool:
        """Wait for the next look, or until a check meets what another deployment may have served. Whether nobody wants to know."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._run.gate.take_doubt():
            if self._stop.wait(min(_TICK, seconds)):
                return True
        return self._stop.is_set()

    def _pause(self, serving: Serving) -> float:
        """Seconds until the next look."""
        limits = self._run.runbook.deployments
        if serving.doubted or self._close_looks > 0:
            return limits.confirm
        return limits.watch if self._run.gate.log_wanted else limits.look

    def _look(self, serving: Serving) -> None:
        self._close_looks -= 1
        self.serving = serving.after(self._run.target.identity())
        if self.serving.visits > serving.visits:
            self._close_looks = _CLOSE_LOOKS

    def _end(self) -> None:
        why = f"superseded by {self._named()}"
        self._run.gate.close(SUPERSEDED, why)
        self._run.gate.close("target", why)
        self._taken_over()

    def _named(self) -> str:
        other = self.serving.other if self.serving else None
        return other.name if other else "another deployment"


class PinPart:
    """In every process: what is pinned is known to each, and when it has been superseded, nothing more is measured."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """The log's checks decide for themselves: what it said before another deployment took over still counts."""
        self._run.adopt_what_is_pinned()
        why = self._run.superseded
        if why and self._run.runbook.part_of(function_of(item)) != _LOG:
            pytest.skip(f"not reached: {why}")
