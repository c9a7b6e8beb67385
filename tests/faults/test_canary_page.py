"""The canary by the app's admin page, where there is no way into its database: whole runs on the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.revision import ACME, Revision, RevisionFault
from tests.faults.measure import Measured, run_suite
from tests.record import runs

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(240)]
RUNBOOK = f"""
schema = 1
[canary]
workspace = "{ACME}"
watch = 8
poll = 0.5
"""


@pytest.fixture
def worker(sandbox: Sandbox) -> Iterator[Revision]:
    """Auto-send revision in one workspace, with the kill switch off."""
    sandbox.release_revision()
    revision = sandbox.revision()
    revision.prepare(ACME)
    yield revision
    revision.stop()


def watched(sandbox: Sandbox, folder: Path, phase: str = "running", **more: str) -> Measured:
    deployment, host = sandbox.current_deployment, sandbox.url.removeprefix("http://")
    record = folder / "verdicts.jsonl"
    record.write_bytes(json.dumps(json.loads(runs.run(deployment, host=host))).encode() + b"\n")
    (folder / "runbook.toml").write_text(RUNBOOK, encoding="utf-8")
    environment = sandbox.environment() | sandbox.platform_environment() | sandbox.admin_environment() | more
    options = (f"--runbook={folder / 'runbook.toml'}", f"--record={record}", f"--phase={phase}", "--without=canary_log")
    return run_suite(sandbox.url, environment, folder / "reports", *options, mark="canary")


def judged(measured: Measured) -> tuple[str, str, str | None]:
    verdict: dict[str, Any] = measured.verdict
    return verdict["decision"], verdict["recommendation"], verdict["reason"]


def test_totals_pass_what_was_asked_and_say_what_they_do_not_show(
    sandbox: Sandbox, worker: Revision, tmp_path: Path
) -> None:
    worker.run(0.1)
    measured = watched(sandbox, tmp_path)
    assert judged(measured) == ("PASS", "keep-watching", None), measured.output
    assert "metrics from the admin page" in measured.verdict["summary"]
    assert "PASS of what was asked" in measured.verdict["headline"]
    assert "CANARY_DATABASE_URL" in measured.verdict["coverage"]["not_measured"]["canary_drafts"]


def test_every_revision_applied_is_seen_in_totals(sandbox: Sandbox, worker: Revision, tmp_path: Path) -> None:
    worker.fault = RevisionFault.APPLIED
    worker.run(0.1)
    measured = watched(sandbox, tmp_path)
    assert judged(measured) == ("FAIL", "switch-off", None), measured.output
    assert "were applied" in measured.verdict["summary"]


def test_a_snapshot_of_an_hour_ago_proves_nothing(sandbox: Sandbox, worker: Revision, tmp_path: Path) -> None:
    worker.run(0.1)
    sandbox.spoil_the_canary("admin-snapshot-stale")
    measured = watched(sandbox, tmp_path)
    assert judged(measured) == ("INCONCLUSIVE", "measure-again", "unproven"), measured.output
    assert "stale" in measured.verdict["summary"]


def test_a_password_that_is_refused_blocks_with_the_cure(sandbox: Sandbox, worker: Revision, tmp_path: Path) -> None:
    worker.run(0.1)
    measured = watched(sandbox, tmp_path, CANARY_ADMIN_PASSWORD="another-password-altogether")
    assert judged(measured) == ("INCONCLUSIVE", "measure-again", "blocked"), measured.output
    assert "CANARY_ADMIN_EMAIL and CANARY_ADMIN_PASSWORD" in measured.output
    assert "another-password-altogether" not in measured.output


def test_a_user_who_may_not_see_the_page_blocks_with_the_cure(
    sandbox: Sandbox, worker: Revision, tmp_path: Path
) -> None:
    worker.run(0.1)
    smoke = sandbox.environment()
    other = {"CANARY_ADMIN_EMAIL": smoke["SMOKE_EMAIL"], "CANARY_ADMIN_PASSWORD": smoke["SMOKE_PASSWORD"]}
    measured = watched(sandbox, tmp_path, **other)
    assert judged(measured) == ("INCONCLUSIVE", "measure-again", "blocked"), measured.output
    assert "May CANARY_ADMIN_EMAIL see it?" in measured.output


def test_an_app_that_ignores_its_kill_switch_is_told_by_its_own_page(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.spoil_the_canary("kill-switch-ignored")
    measured = watched(sandbox, tmp_path, "before")
    assert measured.verdict["decision"] == "FAIL", measured.output
    assert "the running app says on its admin page that it is off" in measured.verdict["summary"]


def test_drafts_are_read_from_the_database_where_both_are_there(
    sandbox: Sandbox, worker: Revision, tmp_path: Path
) -> None:
    worker.run(0.1)
    measured = watched(sandbox, tmp_path, CANARY_DATABASE_URL=worker.database.url)
    assert "superuser" in measured.output  # the database is asked, and refuses this role


def test_a_running_canary_whose_app_ignores_its_kill_switch_fails(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.spoil_the_canary("kill-switch-ignored")
    measured = watched(sandbox, tmp_path)
    assert judged(measured)[:2] == ("FAIL", "switch-off"), measured.output
