"""What the parts of the plugin know of each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from postdeploy.run.run import Run

RUN = pytest.StashKey[Run]()
PROPERTY = "postdeploy"
"""Under this name a check's result travels on its report, and the run's directory to the workers."""


def reports_of(config: pytest.Config, options: Any) -> Path:
    """Where verdict and evidence are written."""
    return (config.invocation_params.dir / options.reports) if options.reports else config.rootpath / "reports"


def is_worker() -> bool:
    """Whether this process runs checks for another one (pytest-xdist)."""
    return "PYTEST_XDIST_WORKER" in os.environ
