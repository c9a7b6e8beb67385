"""The readiness parts in whole runs: what they leave behind, what they write, how often they ask."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postdeploy.runbook.reading import read_runbook
from tests.faults.measure import ROOT, Measured, run_suite

if TYPE_CHECKING:
    from sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(240)]

NAMED = ("--runbook", "sandbox/runbook.toml")
MOST_PROBES = 60
SIDE_EFFECTS = {"SyncJob"}
"""Opening a conversation enqueues one: runbook.toml names it."""


def whole_environment(sandbox: Sandbox) -> dict[str, str]:
    """Everything a run can be given, except the way around the wall."""
    platform = {name: value for name, value in sandbox.platform_environment().items() if "BYPASS" not in name}
    return sandbox.environment() | platform | sandbox.app_secrets()


def seen(sandbox: Sandbox) -> dict[str, str]:
    """Request id → path of everything that was asked with the nonce of a run, by the platform's own notes."""
    sandbox.logs.wait_until_quiet()
    asked = [row.request for row in sandbox.logs.truth if row.request]
    return {request.id: request.path for request in asked if "postdeploy=" in request.query}


def probes_since(sandbox: Sandbox, before: dict[str, str]) -> list[str]:
    """What was asked since then."""
    return [path for id_, path in seen(sandbox).items() if id_ not in before]


@dataclass(frozen=True)
class HealthyRun:
    """A whole run against the healthy sandbox, and what it changed."""

    measured: Measured
    changed: dict[str, int]
    """Table → how many rows came or went."""
    jobs: int
    probes: int
    reports: Path
    values: dict[str, str]
    """The production environment."""
    url: str

    @property
    def written(self) -> dict[str, str]:
        """Everything it wrote or printed."""
        files = (path for path in self.reports.rglob("*") if path.is_file())
        return {str(path): path.read_bytes().decode("utf-8", "replace") for path in files} | {
            "the terminal": self.measured.output
        }


@pytest.fixture(scope="module", params=[(), ("-n", "2")], ids=["one process", "two processes"])
def run(
    running_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> HealthyRun:
    """A run of everything, nightly checks included."""
    running_sandbox.heal()
    reports = tmp_path_factory.mktemp("reports")
    before, jobs, asked = running_sandbox.tables(), running_sandbox.jobs, seen(running_sandbox)
    options = ("-m", "smoke or nightly", *NAMED, f"--junitxml={reports / 'junit.xml'}", *request.param)
    measured = run_suite(running_sandbox.url, whole_environment(running_sandbox), reports, *options)
    after = running_sandbox.tables()
    return HealthyRun(
        measured,
        {name: len(set(rows) ^ set(after[name])) for name, rows in before.items() if rows != after[name]},
        running_sandbox.jobs - jobs,
        len(probes_since(running_sandbox, asked)),
        reports,
        running_sandbox.variables(),
        running_sandbox.url,
    )


def test_a_healthy_deployment_is_kept(run: HealthyRun) -> None:
    assert (run.measured.exit_code, run.measured.verdict["decision"]) == (0, "PASS"), run.measured.output
    assert {"environment", "cron", "webhooks"} <= set(run.measured.verdict["coverage"]["measured"])
    assert run.measured.warnings == set()


def test_it_changes_no_table_but_the_one_that_it_names(run: HealthyRun) -> None:
    named = read_runbook().writes
    assert set(run.changed) == SIDE_EFFECTS
    writes = {one.partition(" × ")[2] or one for one in run.measured.verdict["writes"]}
    assert writes == {named.sign_in, named.refused, named.conversation, named.counts}


def test_it_sets_no_job_off(run: HealthyRun) -> None:
    assert run.jobs == 0


def test_it_asks_no_more_than_it_may(run: HealthyRun) -> None:
    assert 40 <= run.probes <= MOST_PROBES


def test_no_value_of_a_variable_is_written_anywhere(run: HealthyRun) -> None:
    assert_nothing_of(run.values, run.url, run.written)


def test_the_journal_has_the_ids_by_which_the_log_knows_the_probes(run: HealthyRun) -> None:
    journals = [text for path, text in run.written.items() if path.endswith(".txt") and "/api/cron/" in text]
    assert journals
    assert all("request id iad1::" in text for text in journals)


def test_the_report_names_each_variable_route_and_endpoint(run: HealthyRun) -> None:
    results = [json.loads(text) for path, text in run.written.items() if path.endswith("-result.json")]
    names = {result["name"].partition(": ")[0] for result in results if ": " in result["name"]}
    assert {"CRON_SECRET", "/api/cron/insights/context-packs", "clay", "email"} <= names
    assert len({result["historyId"] for result in results}) == len(results)


def assert_nothing_of(values: dict[str, str], url: str, written: dict[str, str]) -> None:
    """The deployment's own address is no secret, nor are a feature flag's 0 and 1."""
    telling = {
        name: value for name, value in values.items() if len(value) > 1 and value not in url and url not in value
    }
    host = url.partition("://")[2]
    telling = {name: value for name, value in telling.items() if not value.startswith(host)}
    assert {"CRON_SECRET", "DATABASE_URL", "NEXT_PUBLIC_SUPABASE_ANON_KEY"} <= set(telling)
    found = [(name, where) for where, text in written.items() for name, value in telling.items() if value in text]
    assert found == []


@pytest.mark.parametrize(
    "fault",
    [
        "env-cron-secret-newline",
        "env-database-url-malformed",
        "env-direct-url-malformed",
        "service-role-key-in-bundle",
        "cron-open",
    ],
)
def test_no_value_is_written_where_it_is_wrong(sandbox: Sandbox, tmp_path: Path, fault: str) -> None:
    environment = whole_environment(sandbox)
    sandbox.break_(fault)
    measured = run_suite(sandbox.url, environment, tmp_path, *NAMED, "--without=workspaces", "--without=session")
    files = {str(path): path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()}
    assert measured.exit_code == 1, measured.output
    values = {name: value.strip() for name, value in sandbox.variables().items()}
    assert_nothing_of(values, sandbox.url, files | {"the terminal": measured.output})


def test_a_genuine_event_inserts_one_message_and_says_so(sandbox: Sandbox, tmp_path: Path) -> None:
    runbook = tmp_path / "runbook.toml"
    text = (ROOT / "sandbox" / "runbook.toml").read_text(encoding="utf-8")
    workspace = tomllib.loads(text)["webhooks"]["workspace"]
    runbook.write_text(f'{text}\n[test_event]\nworkspace = "{workspace}"\n', encoding="utf-8")
    before = len(sandbox.tables()["Message"])
    options = [f"--without={part}" for part in PARTS if part not in ("login", "inbox", "event")]
    measured = run_suite(
        sandbox.url, whole_environment(sandbox), tmp_path / "reports", f"--runbook={runbook}", *options
    )
    assert measured.exit_code == 0, measured.output
    assert len(sandbox.tables()["Message"]) == before + 1
    assert any("it stays" in write for write in measured.verdict["writes"])


def test_a_pulled_file_does_for_the_platform(sandbox: Sandbox, tmp_path: Path) -> None:
    runbook = tmp_path / "runbook.toml"
    lines = [f'{name}="{value}"' for name, value in sandbox.variables().items() if name != "CRON_SECRET"]
    (tmp_path / "pulled").write_text("\n".join(lines), encoding="utf-8")
    runbook.write_text(f'schema = 1\n[environment]\nsource = "{tmp_path / "pulled"}"\n', encoding="utf-8")
    options = [f"--without={part}" for part in PARTS if part != "environment"]
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path / "reports", f"--runbook={runbook}", *options)
    assert measured.exit_code == 1, measured.output
    assert measured.failing_checks == ["test_the_variable_is_right_in_production[CRON_SECRET]"]
    assert measured.verdict["command"].startswith("vercel env add CRON_SECRET production && vercel redeploy dpl_")


def test_what_was_mended_and_redeployed_is_verified_like_any_deploy(sandbox: Sandbox, tmp_path: Path) -> None:
    options = (
        *NAMED,
        *(f"--without={part}" for part in PARTS if part not in ("login", "inbox", "environment", "cron")),
    )
    sandbox.break_("cron-secret-unset")
    broken = run_suite(sandbox.url, whole_environment(sandbox), tmp_path / "broken", *options)
    assert broken.verdict["recommendation"] == "fix-environment", broken.output
    assert broken.verdict["command"].startswith("vercel env add CRON_SECRET production && vercel redeploy dpl_")
    sandbox.heal()
    sandbox.redeploy()
    mended = run_suite(sandbox.url, whole_environment(sandbox), tmp_path / "mended", *options)
    assert mended.exit_code == 0, mended.output
    assert mended.verdict["deployment"]["deployment_id"] != broken.verdict["deployment"]["deployment_id"]


def test_leaving_out_a_variable_is_noticed(sandbox: Sandbox, tmp_path: Path) -> None:
    options = (
        "-k",
        "right_in_production and DATABASE_URL",
        *(f"--without={part}" for part in PARTS if part != "environment"),
    )
    measured = run_suite(sandbox.url, whole_environment(sandbox), tmp_path, *NAMED, *options)
    assert (measured.exit_code, measured.verdict["reason"]) == (10, "unproven"), measured.output
    assert "test_the_variable_is_right_in_production[NEXT_PUBLIC_SUPABASE_URL]" in measured.verdict["summary"]


def test_no_cron_route_is_called_before_the_database_was_seen_to_be_up(sandbox: Sandbox, tmp_path: Path) -> None:
    asked = seen(sandbox)
    options = [f"--without={part}" for part in PARTS if part not in ("login", "cron")]
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path, *NAMED, *options)
    assert (measured.exit_code, measured.verdict["reason"]) == (10, "unproven"), measured.output
    assert probes_since(sandbox, asked) == []


def test_no_cron_route_is_called_while_the_database_is_down(sandbox: Sandbox, tmp_path: Path) -> None:
    asked = seen(sandbox)
    sandbox.break_("database-down-before-load")
    options = [f"--without={part}" for part in PARTS if part not in ("login", "inbox", "cron")]
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path, *NAMED, *options)
    assert (measured.exit_code, measured.verdict["recommendation"]) == (1, "hold"), measured.output
    assert probes_since(sandbox, asked) == []


def test_the_first_challenge_ends_the_probes(sandbox: Sandbox, tmp_path: Path) -> None:
    """At most those that were on their way already."""
    sandbox.break_("probes-challenged")
    options = [f"--without={part}" for part in PARTS if part not in ("login", "inbox", "cron", "webhooks")]
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path, *NAMED, *options)
    assert measured.verdict["reason"] == "blocked", measured.output
    assert sandbox.challenged <= 4


def test_the_log_does_not_hold_the_probes_against_the_deployment(sandbox: Sandbox, tmp_path: Path) -> None:
    """One of them makes the app throw: the call of a Server Action from a foreign origin."""
    sandbox.redeploy()
    measured = run_suite(sandbox.url, whole_environment(sandbox), tmp_path, *NAMED, "--logs=vercel")
    assert (measured.exit_code, measured.warnings) == (0, set()), measured.output


PARTS = tuple(read_runbook().parts)
