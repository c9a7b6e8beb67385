"""What the hooks of a run find in pytest's configuration."""

from __future__ import annotations

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


def is_worker() -> bool:
    """Whether this process runs checks for another one (pytest-xdist)."""
    return "PYTEST_XDIST_WORKER" in os.environ
