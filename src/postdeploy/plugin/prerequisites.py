"""The prerequisites of a rollback, looked up in a thread while the checks run."""

from __future__ import annotations

import threading
from collections.abc import Callable

from postdeploy.model import Blocked
from postdeploy.production.roles import is_not_live
from postdeploy.production.state import ProductionState
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.prerequisites import RollbackPrerequisites
from postdeploy.run.run import Run

_WAIT = 15.0
"""Seconds that the end of a run waits for them."""


def look_ahead(
    run: Run, state: ProductionState, last_good: Callable[[], LastGood | NoLastGood]
) -> PrerequisiteLookup | None:
    """Begin to look, where Vercel can be asked and the run verifies what is live; else None."""
    plan = run.plan
    asked = plan.environment.platform and plan.mode.verifies and not plan.only
    return PrerequisiteLookup(run, state, last_good) if asked and not is_not_live(state) else None


class PrerequisiteLookup:
    """In the process that a person started."""

    def __init__(self, run: Run, state: ProductionState, last_good: Callable[[], LastGood | NoLastGood]) -> None:
        """Begin to look."""
        self._run = run
        self._state = state
        self._last_good = last_good
        self._found: RollbackPrerequisites | None = None
        self._wait = _WAIT
        self._thread = threading.Thread(target=self._look, name="rollback-prerequisites", daemon=True)
        self._thread.start()

    def found(self) -> RollbackPrerequisites:
        """What was found, or that it was not found in time. Waits once."""
        wait, self._wait = self._wait, 0.0
        self._thread.join(wait)
        return self._found or RollbackPrerequisites(missing=f"not known within {_WAIT:g} s after the checks")

    def _look(self) -> None:
        from postdeploy.rollback.prerequisites import prerequisites

        try:
            good = self._last_good()
            self._found = prerequisites(good, self._state, self._run.runbook, self._run.environment.bypass)
        except Blocked as error:
            self._found = RollbackPrerequisites(missing=f"Vercel could not be asked: {error.what}")
        except Exception as error:  # noqa: BLE001 - the verdict stands without them, and says why they are missing
            self._found = RollbackPrerequisites(missing=f"our own error, {type(error).__name__}: {error}")
