"""Runs mutmut over a copy of the project, which stays in .mutants: a second run tests only what has changed, or survived."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import ROOT

_COPIES = ROOT / ".mutants"
_SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
also_copy = {others}
use_git_change_detection = false
"""
_OPTIONS = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "bench.mutants.quick"]
_KILLED = {1, 3}
"""Exit codes of pytest with which a test, or pytest itself, has noticed."""
_TOO_LONG = {-signal.SIGPROF}
"""Exit code of one that took many times the processor's seconds: that is noticed, too. One that was slow by the clock is not."""


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that decide, and the tests that hold them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change."""

    name: str
    module: str
    noticed: bool
    change: str = ""
    """Its lines with - and +, if no test has noticed it."""

    @property
    def function(self) -> str:
        """Module and function that it changes."""
        return re.sub(r"__mutmut_\d+$", "", self.name).replace(".x_", ".").replace("xǁ", "").replace("ǁ", ".")


def groups() -> list[Group]:
    """All there are, the most deciding first."""
    text = Path(__file__).with_name("groups.toml").read_text(encoding="utf-8")
    return [Group(row["name"], tuple(row["modules"]), tuple(row["tests"])) for row in tomllib.loads(text)["group"]]


def run(group: Group) -> list[Mutant]:
    """Test each change to the group's modules that was not noticed yet."""
    copy = _COPIES / group.name
    _copy(copy)
    _configure(copy, group)
    for results in copy.glob("mutants/**/*.py.meta"):
        _forget_survivors(results)
    command = [sys.executable, "-m", "bench.mutants.without_texts", "try", *_OPTIONS, *group.tests]
    with (copy / "run.log").open("wb") as log:
        done = subprocess.run(command, cwd=copy, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SystemExit(f"mutants: mutmut failed. Its last words are in {log.name}")
    return list(_results(copy))


def results(group: Group) -> list[Mutant]:
    """What the last run of the group left."""
    return list(_results(_COPIES / group.name))


def _copy(copy: Path) -> None:
    """What git knows, and what it would add; the earlier mutants stay."""
    kept = copy / "mutants"
    for old in copy.glob("*"):
        if old != kept:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for old in kept.glob("*"):
        if old.name != "src":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for old in kept.glob("src/**/*"):
        if old.is_file() and old.suffix not in (".py", ".meta"):  # mutmut copies data only where it is missing
            old.unlink()
    listed = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def _configure(copy: Path, group: Group) -> None:
    others = sorted(each.name for each in copy.iterdir() if each.name not in ("mutants", "src", "tests"))
    text = _SETTINGS.format(modules=json.dumps(group.modules), others=json.dumps(others))
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(text)


def _forget_survivors(results: Path) -> None:
    """So that they are tested again."""
    found = json.loads(results.read_text(encoding="utf-8"))
    codes = found["exit_code_by_key"]
    found["exit_code_by_key"] = {name: code if code in _KILLED | _TOO_LONG else None for name, code in codes.items()}
    results.write_text(json.dumps(found), encoding="utf-8")


def _results(copy: Path) -> Iterator[Mutant]:
    """Without those that were not tested: the run was cut off."""
    codes: dict[str, tuple[str, bool]] = {}
    for file in sorted(copy.glob("mutants/src/**/*.py.meta")):
        module = str(file.relative_to(copy / "mutants").with_suffix(""))
        found = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        codes |= {name: (module, code in _KILLED | _TOO_LONG) for name, code in found.items() if code is not None}
    changes = _changes(copy, [name for name, (_, noticed) in codes.items() if not noticed])
    for name, (module, noticed) in codes.items():
        yield Mutant(name, module, noticed, changes.get(name, ""))


def _changes(copy: Path, names: list[str]) -> dict[str, str]:
    """What each of them changes."""
    if not names:
        return {}
    command = [sys.executable, "-m", "bench.mutants.without_texts", "tell", *names]
    said = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True).stdout
    return {name: _short(shown) for name, shown in json.loads(said).items()}


def _short(shown: str) -> str:
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join(line[0] + " " + line[1:].strip() for line in lines)
