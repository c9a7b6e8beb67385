"""The platform's environment API: as Vercel describes it, as its official command reads it, and as we read it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.readiness import env_file, inventory
from postdeploy.readiness.audit import Unread
from postdeploy.redaction import Secret
from postdeploy.runbook.reading import read_runbook
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.retry import RetryPolicy
from sandbox import builds
from sandbox.variables import MALFORMED
from tests.sandbox.conftest import TEAM, TOKEN
from tests.sandbox.official import CLIENTS, installed

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from sandbox.platform import Platform

SINCE = 1_767_225_600_000
GOOD = {
    "NEXT_PUBLIC_SUPABASE_URL": "https://abc.supabase.co",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": "sb_publishable_abcdefghijk",
    "NEXT_PUBLIC_APP_URL": "https://app.example.com",
    "DATABASE_URL": "postgresql://app:pw-3f9a@pool.example.com:6543/postgres?pgbouncer=true",
    "DIRECT_URL": "postgresql://app:pw-3f9a@db.example.com:5432/postgres",
    "OPENAI_API_KEY": "sk-proj-9f8e7d6c5b4a3210",
    "CRON_SECRET": "c3b9a8f7e6d5c4b3a291",
    "WORKSPACE_PROVISIONING_SECRET": "f1e2d3c4b5a697887766",
    "AUTO_SEND_DISABLED": "0",
    "AUTO_SEND_REVISION_DISABLED": "1",
    "SERVER_ACTIONS_ALLOWED_ORIGINS": "localhost:3000,app.localhost:3000",
}
ENV = "/v10/projects/inbox/env"


@pytest.fixture(autouse=True)
def filled(platform: Platform) -> None:
    platform.environment.fill(GOOD, SINCE)


def test_a_list_shows_no_value_that_is_encrypted(api: httpx.Client) -> None:
    shown = {each["key"]: each["value"] for each in api.get(ENV).json()["envs"]}
    assert set(shown) == set(GOOD)
    assert {name for name, value in shown.items() if value == GOOD[name]} == {
        "AUTO_SEND_DISABLED",
        "AUTO_SEND_REVISION_DISABLED",
    }


def test_a_value_is_shown_to_who_asks_for_it_unless_it_is_sensitive(api: httpx.Client, platform: Platform) -> None:
    variable = platform.environment.variables["CRON_SECRET"]
    assert api.get(f"/v1/projects/prj_1/env/{variable.id}").json()["value"] == GOOD["CRON_SECRET"]
    platform.environment.make_sensitive()
    assert api.get(f"/v1/projects/prj_1/env/{variable.id}").json()["value"] == ""
    assert api.get("/v1/projects/prj_1/env/another").status_code == 404


def test_pulling_gives_what_one_target_has(api: httpx.Client, platform: Platform) -> None:
    platform.environment.move_to_preview("CRON_SECRET")
    assert "CRON_SECRET" not in api.get("/v3/env/pull/prj_1/production").json()["env"]
    assert api.get("/v3/env/pull/prj_1/preview").json()["env"] == {"CRON_SECRET": GOOD["CRON_SECRET"]}


def test_hidden_variables_are_counted(api: httpx.Client, platform: Platform) -> None:
    platform.environment.hidden = frozenset({"CRON_SECRET"})
    answer = api.get(ENV).json()
    assert answer["hiddenProductionEnvCount"] == 1
    assert "CRON_SECRET" not in {each["key"] for each in answer["envs"]}


@pytest.fixture
def vercel(api: httpx.Client) -> Vercel:
    access = Access(Secret(TOKEN), "prj_1", TEAM.id, str(api.base_url).rstrip("/"))
    return Vercel(access, RetryPolicy(attempts=1))


def test_we_read_the_values_that_the_runbook_allows_and_no_others(vercel: Vercel) -> None:
    runbook = read_runbook()
    known = inventory.from_platform(vercel, runbook, "http://localhost:3000")
    read = {each.name for each in known.entries if isinstance(each.value, Secret)}
    assert read == {name for name, each in runbook.variables.items() if each.read_values}
    assert (known.domains, known.loopback) == (("localhost:3000", "app.localhost:3000"), True)
    assert known.built_at is not None


def test_sensitive_is_not_empty(vercel: Vercel, platform: Platform) -> None:
    platform.environment.make_sensitive()
    known = inventory.from_platform(vercel, read_runbook(), None)
    entry = known.production("NEXT_PUBLIC_APP_URL")
    assert entry is not None
    assert entry.value is Unread.SENSITIVE


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_refusal_is_told_with_its_cure(vercel: Vercel, platform: Platform, status: int) -> None:
    from sandbox.platform.environment import REFUSALS  # noqa: PLC0415

    platform.environment.refusal = REFUSALS[status]
    with pytest.raises(PlatformError) as refused:
        inventory.from_platform(vercel, read_runbook(), None)
    assert refused.value.status == status
    assert refused.value.cure


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def environ(api: httpx.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERCEL_API_URL", str(api.base_url).rstrip("/"))
    for name, value in (("TOKEN", TOKEN), ("TEAM_ID", TEAM.id), ("PROJECT_ID", "prj_1")):
        monkeypatch.setenv(f"VERCEL_{name}", value)


@pytest.mark.usefixtures("environ")
def test_the_command_shows_a_table_without_values() -> None:
    done = CliRunner().invoke(app, ["env"])
    assert done.exit_code == 0, done.output
    assert [name for name in GOOD if name not in done.output] == []
    assert [value for value in GOOD.values() if len(value) > 1 and value in done.output] == []


@pytest.mark.usefixtures("environ")
def test_the_command_says_what_is_wrong_and_how_to_mend_it(platform: Platform) -> None:
    platform.environment.remove("CRON_SECRET")
    platform.environment.change("NEXT_PUBLIC_APP_URL", lambda _: MALFORMED["NEXT_PUBLIC_APP_URL"])
    done = CliRunner().invoke(app, ["env"])
    assert done.exit_code == 1
    assert "vercel env add CRON_SECRET production" in done.output
    assert "vercel env rm NEXT_PUBLIC_APP_URL production --yes" in done.output
    assert "vercel redeploy" in done.output


@pytest.mark.usefixtures("environ")
def test_the_command_says_what_can_not_be_told(platform: Platform) -> None:
    platform.environment.hidden = frozenset({"CRON_SECRET"})
    assert CliRunner().invoke(app, ["env"]).exit_code == 10


def test_the_command_reads_a_pulled_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text('schema = 1\n[environment]\nsource = ".env.production"\n', encoding="utf-8")
    lines = "\n".join(f'{name}="{value}"' for name, value in GOOD.items())
    file = tmp_path / ".env.production"
    file.write_text(lines.replace(GOOD["OPENAI_API_KEY"], "[SENSITIVE]"), encoding="utf-8")
    done = CliRunner().invoke(app, ["env", "--runbook", "own.toml"])
    assert done.exit_code == 0, done.output
    assert "(sensitive)" in done.output
    file.write_text(lines.replace(GOOD["CRON_SECRET"], GOOD["CRON_SECRET"] + "\\n"), encoding="utf-8")
    assert CliRunner().invoke(app, ["env", "--runbook", "own.toml"]).exit_code == 1


def test_the_command_without_a_token_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("VERCEL_TOKEN", "VERCEL_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(app, ["env"])
    assert done.exit_code == 4
    assert "no VERCEL_TOKEN" in str(done.exception) + done.output


@pytest.mark.sandbox
@pytest.mark.timeout(300)
def test_the_official_command_pulls_them(
    api: httpx.Client, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And what it writes is what we read from a file."""
    directory = installed(CLIENTS / "commands", tmp_path_factory.mktemp("npm") / "install.log")
    script = directory / "node_modules" / "vercel" / "dist" / "vc.js"
    environment = builds.environment(
        {
            "HOME": str(tmp_path),
            "NO_UPDATE_NOTIFIER": "1",
            "VERCEL_TELEMETRY_DISABLED": "1",
            "VERCEL_TOKEN": TOKEN,
            "VERCEL_ORG_ID": TEAM.id,
            "VERCEL_PROJECT_ID": "prj_1",
        }
    )
    pull = ["env", "pull", "pulled", "--environment", "production", "--yes", "--api", str(api.base_url).rstrip("/")]
    done = subprocess.run(
        [str(builds.node()), str(script), *pull],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    known = env_file.from_file(tmp_path / "pulled", GOOD)
    assert {name: known.value(name) for name in GOOD} == GOOD
