"""What a newcomer meets before anything is installed: which Python is taken, and what is said where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SHELL = shutil.which("sh") or "sh"
FITS = 'case "$2" in *version_info\\[:2\\]*exit*|*exit*version_info*|*ensurepip*) exit 0;; esac; echo 3.12'
NO_VENV = 'case "$2" in *ensurepip*) exit 1;; *exit*) exit 0;; esac; echo 3.12'
TOO_OLD = "exit 1"


def python_for(folder: Path, **commands: str) -> subprocess.CompletedProcess[str]:
    """Which Python is chosen where only these commands are on the path."""
    for name, body in commands.items():
        command = folder / name.replace("_", ".")
        command.write_text(f"#!{SHELL}\n{body}\n", encoding="utf-8")
        command.chmod(0o755)
    script = str(PROJECT / "setup" / "python.sh")
    return subprocess.run([SHELL, script], env={"PATH": str(folder)}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("commands", "chosen"),
    [
        pytest.param({"python3": FITS}, "python3", id="the usual one"),
        pytest.param({"python3": TOO_OLD, "python3_12": FITS}, "python3.12", id="python3 is too old, another is not"),
        pytest.param({"python3": NO_VENV, "python3_11": FITS}, "python3.11", id="python3 makes no environments"),
        pytest.param({"python": FITS}, "python", id="it is only called python"),
    ],
)
def test_a_python_that_fits_is_found(tmp_path: Path, commands: dict[str, str], chosen: str) -> None:
    assert python_for(tmp_path, **commands).stdout.strip() == str(tmp_path / chosen)


@pytest.mark.parametrize(
    ("commands", "cure"),
    [
        pytest.param({}, "make PYTHON=", id="none at all"),
        pytest.param({"python3": TOO_OLD}, "no Python 3.11 to 3.14", id="too old"),
        pytest.param({"python3": NO_VENV}, "apt-get install python3.12-venv", id="Debian without python3-venv"),
    ],
)
def test_without_one_the_cure_is_named(tmp_path: Path, commands: dict[str, str], cure: str) -> None:
    result = python_for(tmp_path, **commands)
    assert (result.returncode, result.stdout) == (1, "")
    assert cure in result.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout that is set up, whose pytest only notes what it is asked for and says INCONCLUSIVE."""
    project = tmp_path / "project"
    (project / ".venv/bin").mkdir(parents=True)
    shutil.copy(PROJECT / "Makefile", project)
    shutil.copytree(PROJECT / "setup", project / "setup", ignore=shutil.ignore_patterns("__pycache__"))
    for name, body in {"python": "exit 0", "pytest": 'printf "%s\\n" "$@" > seen; exit 10'}.items():
        (project / ".venv/bin" / name).write_text(f"#!{SHELL}\n{body}\n", encoding="utf-8")
        (project / ".venv/bin" / name).chmod(0o755)
    return project


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--assume-old=setup", "--assume-old=browser", *arguments],
        cwd=project,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("target", "options"), [("smoke", ""), ("watch", "--logs=vercel\n--watch=10m\n")])
def test_the_url_reaches_pytest_as_it_was_typed(project: Path, target: str, options: str) -> None:
    """Neither make nor the shell interprets it."""
    url = "https://x.test/?a=$(shell touch made)&b='\"`touch made`$HOME ;touch made"
    result = make(project, target, f"BASE_URL={url}")
    assert (project / "seen").read_text(encoding="utf-8") == f"-m\n{target}\n--base-url={url}\n{options}"
    assert not (project / "made").exists()
    assert "Error 10" in result.stderr


def test_a_watch_without_a_deployment_says_how_to_name_one(project: Path) -> None:
    result = make(project, "watch")
    assert "make watch BASE_URL=https://…" in result.stderr
    assert not (project / "seen").exists()


def test_help_names_every_target(project: Path) -> None:
    said = make(project, "help").stdout
    targets = re.search(r"(?m)^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(encoding="utf-8"))
    assert targets
    named = set(re.findall(r"(?m)^ *make (\w+)", said))
    assert named == set(targets[1].split()) - {"browser"}
