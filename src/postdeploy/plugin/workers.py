"""What a worker (pytest-xdist) learns from the process that a person started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postdeploy.plugin.stash import PROPERTY


class Workers:
    """Of one run."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Where the run's processes meet."""
        node.workerinput[PROPERTY] = str(self._directory)
