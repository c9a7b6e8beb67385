"""What an installed package knows without a checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from postdeploy.runbook.aliases import DEFAULTS
from postdeploy.runbook.reading import read_runbook

pytest.importorskip("hatchling")
PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=PROJECT, capture_output=True, check=True)
    [wheel] = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_every_packaged_default(installed: Path) -> None:
    carried = {file.name for file in (installed / "postdeploy/runbook/defaults").iterdir()}
    assert carried == {"app.toml", *(file.name for file in DEFAULTS.glob("*.toml"))}


def test_an_installed_package_has_the_same_runbook_as_a_checkout(installed: Path) -> None:
    code = "from postdeploy.runbook.reading import read_runbook; print(read_runbook())"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=installed, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(read_runbook())


def test_its_suite_names_no_module_of_a_checkout(installed: Path) -> None:
    """In an import or as text: what the package installs is `postdeploy` alone."""
    left = re.compile(r"""(^ *(?:from|import) |["'])(smoke|fixtures)(\.\w| import)""", re.MULTILINE)
    files = (installed / "postdeploy/suite").rglob("*.py")
    assert {file.name: found[0] for file in files if (found := left.search(file.read_text(encoding="utf-8")))} == {}
