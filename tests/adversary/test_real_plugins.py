"""Plugins of others, as they are on the package index: what they do to a check makes no PASS of a FAIL, and no FAIL of anything else.

In a few lines of our own, and offline: neighbours.toml.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adversary.attack import PROJECT, Attack, carried_out
from tests.adversary.test_attacks import ANSWERS
from tests.site import site

pytestmark = [pytest.mark.install, pytest.mark.timeout(300)]
SAME = {"healthy": {0}, "open": {1}}
PLUGINS = {
    "pytest-randomly": (["pytest-randomly"], ([], ["-n", "1"])),
    "pytest-rerunfailures": (["pytest-rerunfailures"], (["--reruns=2"], ["--reruns=2", "-n", "1"])),
    "pytest-forked": (["pytest-forked", "py"], (["--forked"],)),
    "pytest-repeat": (["pytest-repeat"], (["--count=2"],)),
    "pytest-cov": (["pytest-cov", "coverage"], (["--cov=postdeploy", "--cov-fail-under=100"],)),
}
NO_RESULT = {"pytest-forked": 10}
"""Where the plugin cannot hand on the reports of this pytest, each check is without a result: that is said, and proves nothing."""
ROWS = [(name, options, on) for name, (_, runs) in PLUGINS.items() for options in runs for on in ("healthy", "open")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each."""
    folders = {}
    for name, (packages, _) in PLUGINS.items():
        folders[name] = folder = tmp_path_factory.mktemp(name)
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), *packages]
        subprocess.run(command, check=True, timeout=200)
    return folders


@pytest.mark.parametrize(
    ("name", "options", "on"), ROWS, ids=lambda one: " ".join(one) if isinstance(one, list) else one
)
def test_the_verdict_is_that_of_the_deployment(
    installed: dict[str, Path], tmp_path: Path, name: str, options: list[str], on: str
) -> None:
    path = os.pathsep.join([str(PROJECT / "src"), str(PROJECT), str(tmp_path), str(installed[name])])
    attack = Attack(tries=name, exit=0, options=tuple(options), site=on, environment={"PYTHONPATH": path})
    with site() as served:
        served.inbox = ANSWERS[on]
        ended = carried_out(attack, served, tmp_path)
    may = SAME[on] | ({NO_RESULT[name]} if name in NO_RESULT else set())
    assert ended.code in may, ended.output
    assert ended.gate == ended.code
    if ended.code == 10:
        assert "has no result" in ended.output
