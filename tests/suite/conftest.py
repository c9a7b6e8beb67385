"""The wheel, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite.installed import Installed, build_wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed.unpacked(wheel, tmp_path_factory.mktemp("site"))
