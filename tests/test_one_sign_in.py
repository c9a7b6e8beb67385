"""What a run does to production: it signs in as often as it must, in however many processes, and signs nobody out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import run_suite

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]

THE_LOGIN_CHECK_THE_SHARED_ONE_AND_THE_ONE_TO_BE_RENEWED = 3


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_all_checks_that_are_not_about_signing_in_share_one(
    sandbox: Sandbox, tmp_path: Path, processes: tuple[str, ...]
) -> None:
    before = sandbox.sign_ins
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path, "--runbook", "sandbox/runbook.toml", *processes)
    assert measured.exit_code == 0, measured.output
    assert sandbox.sign_ins - before == THE_LOGIN_CHECK_THE_SHARED_ONE_AND_THE_ONE_TO_BE_RENEWED
    assert len(measured.verdict["writes"]) == 2


def test_a_session_that_is_handed_in_spares_a_sign_in(sandbox: Sandbox, tmp_path: Path) -> None:
    session = tmp_path / "session.json"
    session.write_text(json.dumps(sandbox.visitor.storage_state()), encoding="utf-8")
    before = sandbox.sign_ins
    options = ("--runbook", "sandbox/runbook.toml", f"--session={session}")
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path / "reports", *options)
    assert measured.exit_code == 0, measured.output
    assert sandbox.sign_ins - before == THE_LOGIN_CHECK_THE_SHARED_ONE_AND_THE_ONE_TO_BE_RENEWED - 1


def test_a_session_that_has_ended_proves_nothing_against_the_deployment(sandbox: Sandbox, tmp_path: Path) -> None:
    state = sandbox.visitor.storage_state()
    sandbox.end_all_sessions()
    session = tmp_path / "session.json"
    session.write_text(json.dumps(state), encoding="utf-8")
    options = ("--runbook", "sandbox/runbook.toml", f"--session={session}")
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path / "reports", *options)
    assert (measured.exit_code, measured.verdict["reason"]) == (10, "blocked"), measured.output
    assert "does not know the session of --session" in measured.verdict["summary"]
