"""postdeploy doctor: what is configured, what is missing and how to get it."""

import configparser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postdeploy.cli.doctor import examine
from postdeploy.cli.doctor_items import ItemState
from postdeploy.cli.main import app
from postdeploy.cli.starter import MOST_LINES, starter_runbook
from postdeploy.runbook.reading import read_runbook

CREDENTIALS = {"SMOKE_EMAIL": "a@example.com", "SMOKE_PASSWORD": "hunter2hunter2"}


def states(folder: Path, environ: dict[str, str]) -> dict[str, ItemState]:
    return {line.name: line.state for line in examine(folder, None, environ)}


def test_missing_credentials_are_missing_and_a_token_is_optional(tmp_path: Path) -> None:
    found = states(tmp_path, {})
    assert (found["SMOKE_EMAIL"], found["VERCEL_TOKEN"]) == (ItemState.MISSING, ItemState.OPTIONAL)


def test_what_is_set_is_ok_and_never_shown(tmp_path: Path) -> None:
    lines = list(examine(tmp_path, None, CREDENTIALS))
    assert {line.name: line.state for line in lines}["SMOKE_PASSWORD"] is ItemState.OK
    assert not [line for line in lines if "hunter2" in line.says]


def test_what_is_not_measured_is_said_with_what_is_missing(tmp_path: Path) -> None:
    says = {line.name: line.says for line in examine(tmp_path, None, CREDENTIALS)}
    assert says["part environment"] == "not measured: no VERCEL_TOKEN and no VERCEL_PROJECT_ID"
    assert says["part cron"] == "not measured: no cron.source in runbook.toml"


def test_a_malformed_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("nonsense nonsense\n", encoding="utf-8")
    assert states(tmp_path, {})[".env"] is ItemState.MISSING


def test_a_malformed_dotenv_file_does_not_hide_what_the_environment_sets(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("nonsense nonsense\n", encoding="utf-8")
    found = states(tmp_path, {"SMOKE_EMAIL": "smoke@example.com"})
    assert (found["SMOKE_EMAIL"], found["SMOKE_PASSWORD"]) == (ItemState.OK, ItemState.MISSING)


PLATFORM = {"VERCEL_TOKEN": "secret-token", "VERCEL_PROJECT_ID": "prj_1"}


@pytest.mark.parametrize(
    ("source", "environ", "state", "says"),
    [
        pytest.param(
            "", {}, ItemState.OPTIONAL, "--logs=vercel needs VERCEL_TOKEN and VERCEL_PROJECT_ID", id="nothing set"
        ),
        pytest.param("", PLATFORM, ItemState.OK, "--logs=vercel", id="it could be asked for"),
        pytest.param("vercel", PLATFORM, ItemState.OK, "every run reads Vercel's log", id="every run"),
        pytest.param(
            "vercel", {"VERCEL_TOKEN": "t"}, ItemState.MISSING, "needs VERCEL_PROJECT_ID", id="every run, but how"
        ),
        pytest.param("no-such-file.json", {}, ItemState.MISSING, "there is no file", id="a file that is not there"),
    ],
)
def test_which_log_is_judged(tmp_path: Path, source: str, environ: dict[str, str], state: ItemState, says: str) -> None:
    runbook = tmp_path / "own.toml"
    runbook.write_text(f'schema = 1\n[logs]\nsource = "{source}"\n', encoding="utf-8")
    [line] = [line for line in examine(tmp_path, runbook, environ) if line.name == "logs"]
    assert (line.state, says in line.says) == (state, True), line.says
    assert "secret-token" not in line.says


def test_what_vercel_link_has_noted_is_offered(tmp_path: Path) -> None:
    (tmp_path / ".vercel").mkdir()
    (tmp_path / ".vercel/project.json").write_text('{"projectId":"prj_1","orgId":"team_1"}', encoding="utf-8")
    says = {line.name: line.says for line in examine(tmp_path, None, {})}
    assert "project.json: prj_1" in says["VERCEL_PROJECT_ID"]
    assert "project.json: team_1" in says["VERCEL_TEAM_ID"]
    assert "VERCEL_TEAM_ID=team_1" in starter_runbook(tmp_path)


def test_a_users_own_project_has_no_team(tmp_path: Path) -> None:
    (tmp_path / ".vercel").mkdir()
    (tmp_path / ".vercel/project.json").write_text('{"projectId":"prj_1","orgId":"a1B2"}', encoding="utf-8")
    assert "VERCEL_TEAM_ID" not in starter_runbook(tmp_path)


def test_init_writes_a_short_runbook_that_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vercel.json").write_text('{"crons":[{"path":"/api/cron/a","schedule":"* * * * *"}]}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(app, ["doctor", "--init"])
    written = (tmp_path / "runbook.toml").read_text(encoding="utf-8")
    assert len(written.splitlines()) <= MOST_LINES
    assert "1 cron routes" in written
    assert read_runbook(tmp_path).schema == 1


@pytest.mark.parametrize(
    ("path", "said"), [("/api/cron/a", True), ("/api/jobs/nightly", True), ("/api/cron/followups", False)]
)
def test_init_says_which_cron_route_to_name_where_the_default_is_not_the_apps(
    tmp_path: Path, path: str, said: bool
) -> None:
    (tmp_path / "vercel.json").write_text(f'{{"crons":[{{"path":"{path}","schedule":"* * * * *"}}]}}', encoding="utf-8")
    assert ("is not among them" in starter_runbook(tmp_path)) is said


def test_init_says_where_to_name_the_apps_own_paths(tmp_path: Path) -> None:
    lines = starter_runbook(tmp_path).splitlines()
    filled = "\n".join(line.removeprefix("# ") if "_path" in line or line == "# [app]" else line for line in lines)
    file = tmp_path / "overlay.toml"
    file.write_text(filled, encoding="utf-8")
    assert read_runbook(None, file).app == read_runbook().app


def test_init_makes_the_folder_ours_where_pytest_has_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "app"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(app, ["doctor", "--init"])
    written = configparser.ConfigParser()
    written.read(tmp_path / "pytest.ini", encoding="utf-8")
    assert dict(written["pytest"]) == {"postdeploy": "true"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q\n"),
        ("tox.ini", "[pytest]\n"),
        ("setup.cfg", "[tool:pytest]\ntestpaths = x\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\nminversion = '9.0'\n"),
        ("pyproject.toml", "[tool.pytest.ini_options\n"),
    ],
)
def test_init_leaves_a_configuration_of_pytest_as_it_is_and_names_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["doctor", "--init"])
    assert (tmp_path / name).read_text(encoding="utf-8") == text
    assert {file.name for file in tmp_path.iterdir()} == {name, "runbook.toml"}
    assert f"{name}: postdeploy = true" in " ".join(done.output.split())


def test_init_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runbook.toml").write_text("schema = 1  # mine\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["doctor", "--init"])
    assert done.exit_code == 4
    assert "mine" in (tmp_path / "runbook.toml").read_text(encoding="utf-8")


def test_the_starter_is_short_whatever_is_found(tmp_path: Path) -> None:
    assert len(starter_runbook(tmp_path).splitlines()) <= MOST_LINES


@pytest.mark.parametrize(
    ("where", "state", "says"),
    [
        pytest.param("", ItemState.OPTIONAL, "--record=git:postdeploy-record", id="nowhere"),
        pytest.param("verdicts.jsonl", ItemState.OK, "earlier verdicts are in", id="a file"),
        pytest.param(".", ItemState.OK, "only read", id="a directory"),
        pytest.param("none/v.jsonl", ItemState.MISSING, "Make it first", id="no such directory"),
    ],
)
def test_whether_earlier_verdicts_are_kept(tmp_path: Path, where: str, state: ItemState, says: str) -> None:
    runbook = tmp_path / "own.toml"
    runbook.write_text(f'schema = 1\n[record]\nwhere = "{where}"\n', encoding="utf-8")
    [line] = [line for line in examine(tmp_path, runbook, {}) if line.name == "record"]
    assert line.state is state
    assert says in line.says
    assert not (tmp_path / "verdicts.jsonl").exists()


def test_an_earlier_spelling_is_named_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "runbook.toml").write_text("schema = 1\n[trial]\nseconds = 31\n", encoding="utf-8")
    found = [line for line in examine(tmp_path, None, {}) if line.name == "runbook"]
    assert [line.state for line in found] == [ItemState.OK, ItemState.OPTIONAL]
    assert found[1].says == f"{tmp_path / 'runbook.toml'}: [trial] is called [comparison] now. Both names work."
