"""What the installed plugin costs a run, by stage: medians of runs that take turns, in CPU time.

CPU time, because starting up is nothing but computing, and a busy machine changes it less than the clock's time.

A checkout is laid out as its wheel would install it, so that pytest treats it as it treats any installed plugin
(it rewrites the asserts of the files that a plugin's distribution lists).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.house.code import PACKAGE
from bench.plugins import without_the_plugins_of_tests
from bench.results import Timing, turns
from bench.runs import FOREIGN, RunError

ROUNDS = 11
_TESTS = "".join(f"def test_{number}() -> None:\n    assert {number} == {number}\n\n\n" for number in range(20))
_WITHOUT = ("-p", "no:postdeploy")
_WITHOUT_PLUGIN = "20 trivial tests of another project, without the plugin"
_WITH_PLUGIN = "20 trivial tests of another project, with it"
_COUNT = (
    "import sys; exec(sys.argv.pop(1)); "
    "print(sum(name.partition('.')[0] == 'postdeploy' for name in sys.modules), file=sys.stderr)"
)


@dataclass(frozen=True)
class Installed:
    """A checkout, laid out as installed."""

    name: str
    path: Path
    fresh: Path
    """The same without bytecode, which nothing fills: a runner that has just installed it."""
    entry: str
    """The module that every pytest run imports."""


@dataclass(frozen=True)
class Stage:
    """One command of one installation."""

    name: str
    installed: Installed
    command: tuple[str, ...]
    cached: bool = True
    """Whether Python may use cached bytecode of the plugin."""


def install(checkout: Path, into: Path, name: str) -> Installed:
    """Lay a checkout out below `into` as its wheel would."""
    path, fresh = into / "cached", into / "fresh"
    shutil.copytree(checkout / PACKAGE, path / "postdeploy", ignore=shutil.ignore_patterns("__pycache__"))
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))
    extra = project["tool"]["hatch"]["build"]["targets"]["wheel"].get("force-include", {})
    for source, target in extra.items():
        (path / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout / source, path / target)
    entry: str = project["project"]["entry-points"]["pytest11"]["postdeploy"]
    _describe(path, project["project"]["version"], entry)
    shutil.copytree(path, fresh)
    return Installed(name, path, fresh, entry)


def _describe(path: Path, version: str, entry: str) -> None:
    """What makes a folder an installed distribution."""
    files = [file.relative_to(path) for file in sorted((path / "postdeploy").rglob("*")) if file.is_file()]
    info = path / f"postdeploy-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: postdeploy\nVersion: {version}\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[pytest11]\npostdeploy = {entry}\n", "utf-8")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files), "utf-8")


def measure(installations: Sequence[Installed], scratch: Path, rounds: int = ROUNDS) -> Mapping[str, list[str]]:
    """Stage → its figure for each installation, ready to be shown."""
    tests = scratch / "test_another_project.py"
    tests.write_text(_TESTS, "utf-8")
    (scratch / "pytest.ini").write_text("[pytest]\n", "utf-8")
    stages = [stage for installed in installations for stage in _stages(installed)]
    for stage in stages:
        _run(stage, scratch)  # unmeasured: what is cached the first time is there afterwards
    seconds: dict[tuple[str, str], list[float]] = {(one.name, one.installed.name): [] for one in stages}
    for stage in turns(stages, rounds):
        seconds[stage.name, stage.installed.name].append(_run(stage, scratch))
    names = list(dict.fromkeys(stage.name for stage in stages))
    medians = [{name: Timing(tuple(seconds[name, one.name])).median for name in names} for one in installations]
    figures = {name: [f"{1000 * one[name]:.0f} ms" for one in medians] for name in names}
    figures["… what the plugin adds to them (aim ≤ 20 ms)"] = [
        f"{1000 * (one[_WITH_PLUGIN] - one[_WITHOUT_PLUGIN]):.0f} ms" for one in medians
    ]
    figures["modules of ours that they load"] = [str(_loaded(one, scratch)) for one in installations]
    return figures


def _stages(installed: Installed) -> list[Stage]:
    pytest = (sys.executable, "-m", "pytest", "-q", *without_the_plugins_of_tests())
    return [
        Stage("`import pytest`", installed, (sys.executable, "-c", "import pytest")),
        Stage("import of the plugin", installed, (sys.executable, "-c", f"import {installed.entry}")),
        Stage("`pytest --version` without the plugin", installed, (*pytest, *_WITHOUT, "--version")),
        Stage("`pytest --version` with it", installed, (*pytest, "--version")),
        Stage(_WITHOUT_PLUGIN, installed, (*pytest, *_WITHOUT)),
        Stage(_WITH_PLUGIN, installed, (*pytest,)),
        Stage(f"{_WITH_PLUGIN}, no bytecode cached", installed, (*pytest,), cached=False),
    ]


def _run(stage: Stage, scratch: Path) -> float:
    """CPU seconds of one process, from its start to its end."""
    began = _cpu_of_children()
    _finished(stage.command, _environment(stage.installed, cached=stage.cached), scratch)
    return _cpu_of_children() - began


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _loaded(installed: Installed, scratch: Path) -> int:
    """How many modules of ours a run of another project loads."""
    run = f"import pytest; pytest.main({['-q', *without_the_plugins_of_tests()]})"
    said = _finished((sys.executable, "-c", _COUNT, run), _environment(installed), scratch)
    return int(said.split()[-1])


def _finished(command: Sequence[str], environment: Mapping[str, str], scratch: Path) -> str:
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunError(f"bench: {' '.join(command)} ended with {done.returncode}:\n\n{done.stdout}{done.stderr}")
    return done.stderr


def _environment(installed: Installed, *, cached: bool = True) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith((*FOREIGN, "PYTHON"))}
    if cached:
        return inherited | {"PYTHONPATH": str(installed.path)}
    return inherited | {"PYTHONPATH": str(installed.fresh), "PYTHONDONTWRITEBYTECODE": "1"}
