"""Good deploy, bad deploy, another bad one: what the record makes of it, against the whole sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.measure import Measured, run_suite

if TYPE_CHECKING:
    from sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(300)]

OPTIONS = ("--runbook=sandbox/runbook.toml", "--without=cron", "--without=webhooks", "--without=environment")


def verify(sandbox: Sandbox, folder: Path, *options: str) -> Measured:
    environment = sandbox.environment() | sandbox.platform_environment()
    return run_suite(sandbox.url, environment, folder / "reports", *OPTIONS, f"--record={folder / 'v.jsonl'}", *options)


def recorded(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "v.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_target_is_what_passed_and_not_what_was_live_last(sandbox: Sandbox, tmp_path: Path) -> None:
    good = sandbox.current_deployment
    healthy = verify(sandbox, tmp_path, "--logs=vercel")
    assert (healthy.exit_code, healthy.verdict["target"]) == (0, None), healthy.output
    sandbox.clock.advance(60)
    sandbox.deploy("good", "action-throws")
    bad = sandbox.current_deployment
    first = verify(sandbox, tmp_path)
    assert first.verdict["target"]["id"] == good, first.output
    assert first.verdict["target"]["known_by"] == "record"
    assert first.verdict["target"]["url"].startswith("http://")
    sandbox.clock.advance(60)
    sandbox.deploy("good", "action-throws")
    second = verify(sandbox, tmp_path)
    assert sandbox.current_deployment != bad
    assert second.verdict["target"]["id"] == good, "the one before failed, the record knows it"
    assert "passed its verification on" in second.verdict["target"]["says"]
    assert [one["decision"] for one in recorded(tmp_path)] == ["PASS", "FAIL", "FAIL"]
    note = (tmp_path / "reports" / "incident.md").read_text(encoding="utf-8")
    assert f"postdeploy rollback {good} --base-url={sandbox.url} --yes" in note
    assert f"- last-good deployment: {good}" in note


@pytest.mark.parametrize(
    ("fault", "decision", "reason"),
    [("role-lowered", "INCONCLUSIVE", "blocked"), ("list-empty", "FAIL", None)],
    ids=["the role was lowered", "the role is the same"],
)
def test_an_empty_list_is_compared_with_the_role_that_the_record_saw(
    sandbox: Sandbox, tmp_path: Path, fault: str, decision: str, reason: str | None
) -> None:
    healthy = verify(sandbox, tmp_path)
    assert healthy.verdict["access"], healthy.output
    sandbox.break_(fault)
    measured = verify(sandbox, tmp_path)
    assert (measured.verdict["decision"], measured.verdict["reason"]) == (decision, reason), measured.output
    assert measured.consistent
    assert reason is None or "Give the smoke user its role back" in measured.verdict["summary"]
