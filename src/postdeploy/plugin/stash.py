"""What the hooks of a run find in pytest's configuration."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from postdeploy.plugin.claim import Claim
    from postdeploy.run.plan import Plan
    from postdeploy.run.run import Run

CLAIM: pytest.StashKey[Claim | None] = pytest.StashKey()
"""There where a run is asked to verify, in the process that a person started."""
CHECKS: pytest.StashKey[Path] = pytest.StashKey()
"""The folder of the checks."""
PLAN: pytest.StashKey[Plan] = pytest.StashKey()
"""There from the beginning of a run of ours, and in no other."""
RUN: pytest.StashKey[Run] = pytest.StashKey()
"""There if its checks are run, not only listed."""
PROPERTY = "postdeploy"
"""Under this name a check's result travels on its report, and the run's directory to the workers."""

_WORKER = "__channelexec__"
"""The name under which pytest-xdist's part of a worker runs."""


def is_worker() -> bool:
    """Whether this process runs checks for another one (pytest-xdist): then that started pytest, here.

    The variable alone says less: whatever a worker starts inherits it.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return False
    frame = inspect.currentframe()
    while frame and frame.f_globals.get("__name__") != _WORKER:
        frame = frame.f_back
    return frame is not None
