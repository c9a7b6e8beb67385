"""The command line as a whole: which commands there are, and what each of them loads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app

COMMANDS = (
    "smoke",
    "install-browser",
    "report",
    "doctor",
    "runbook",
    "env",
    "logs",
    "deployments",
    "rollback",
    "watch",
    "canary",
    "launch",
    "verdict",
)
EXPENSIVE = ("numpy", "playwright", "allure_commons", "pytest", "xdist")


def test_every_command_is_listed_and_explains_itself() -> None:
    listed = CliRunner().invoke(app, ["--help"]).stdout
    for command in COMMANDS:
        assert f"\n  {command}  " in listed
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_no_help_text_is_cut_off(columns: str) -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": columns}).stdout
    assert "..." not in shown.replace("[ARGS]...", "")


def test_a_misspelt_command_is_an_error_that_names_the_nearest() -> None:
    done = CliRunner().invoke(app, ["doctr"])
    assert (done.exit_code, "Did you mean 'doctor'?" in done.stderr) == (4, True)


@pytest.mark.parametrize("arguments", [["logs"], ["doctor", "--nonsense"], ["deployments", "--limit=many"]])
def test_arguments_that_typer_refuses_end_as_all_bad_input_does(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, "Usage: " in done.stderr) == (4, True)


def test_a_closed_pipe_is_not_a_failed_deployment(tmp_path: Path) -> None:
    code = "from postdeploy.cli.main import main; main()"
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as unread:
        done = subprocess.run(
            [sys.executable, "-c", code, "runbook"], cwd=tmp_path, stdout=unread, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, b"Traceback" in done.stderr) == (10, False)


@pytest.mark.parametrize("command", ["doctor", "runbook"])
def test_what_only_looks_at_the_configuration_starts_quickly(command: str, tmp_path: Path) -> None:
    code = f"""
import contextlib, sys
from postdeploy.cli.main import app
with contextlib.suppress(SystemExit):
    app([{command!r}])
sys.exit(repr([name for name in {EXPENSIVE!r} if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_a_saved_log_is_read_without_an_http_client(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text("[]")
    code = """
import contextlib, sys
from postdeploy.cli.main import app
with contextlib.suppress(SystemExit):
    app(["logs", "log.json"])
sys.exit(repr([name for name in ("httpx", "asyncio", "playwright") if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr.strip().endswith("[]")
