"""postdeploy doctor: what is configured, what is missing and how to get it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from postdeploy.cli import app
from postdeploy.doctor import MOST_LINES, State, examine, starter_runbook
from postdeploy.runbook import read_runbook

CREDENTIALS = {"SMOKE_EMAIL": "a@example.com", "SMOKE_PASSWORD": "hunter2hunter2"}


def states(folder: Path, environ: dict[str, str]) -> dict[str, State]:
    return {line.name: line.state for line in examine(folder, None, environ)}


def test_missing_credentials_are_missing_and_a_token_is_optional(tmp_path: Path) -> None:
    found = states(tmp_path, {})
    assert (found["SMOKE_EMAIL"], found["VERCEL_TOKEN"]) == (State.MISSING, State.OPTIONAL)


def test_what_is_set_is_ok_and_never_shown(tmp_path: Path) -> None:
    lines = list(examine(tmp_path, None, CREDENTIALS))
    assert {line.name: line.state for line in lines}["SMOKE_PASSWORD"] is State.OK
    assert not [line for line in lines if "hunter2" in line.says]


def test_what_is_not_measured_is_said_with_what_is_missing(tmp_path: Path) -> None:
    says = {line.name: line.says for line in examine(tmp_path, None, CREDENTIALS)}
    assert says["part environment"] == "not measured: no VERCEL_TOKEN and no VERCEL_PROJECT_ID"
    assert says["part cron"] == "not measured: no cron.source in runbook.toml"


def test_a_malformed_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("nonsense nonsense\n", encoding="utf-8")
    assert states(tmp_path, {})[".env"] is State.MISSING


def test_init_writes_a_short_runbook_that_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vercel.json").write_text('{"crons":[{"path":"/api/cron/a","schedule":"* * * * *"}]}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(app, ["doctor", "--init"])
    written = (tmp_path / "runbook.toml").read_text(encoding="utf-8")
    assert len(written.splitlines()) <= MOST_LINES
    assert "1 cron routes" in written
    assert read_runbook(tmp_path / "runbook.toml").schema == 1


def test_init_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runbook.toml").write_text("schema = 1  # mine\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["doctor", "--init"])
    assert done.exit_code == 1
    assert "mine" in (tmp_path / "runbook.toml").read_text(encoding="utf-8")


def test_the_starter_is_short_whatever_is_found(tmp_path: Path) -> None:
    assert len(starter_runbook(tmp_path).splitlines()) <= MOST_LINES
