"""A watch makes journeys through the inbox of a real deployment."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import Measured, run_suite

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(180)]
RUNBOOK = """
schema = 1
[uptime]
every = 4
jitter = 0
probe = 2
repeat = 1
"""


def watched(sandbox: Sandbox, folder: Path) -> Measured:
    (folder / "runbook.toml").write_text(RUNBOOK, encoding="utf-8")
    options = (f"--runbook={folder / 'runbook.toml'}", "--watch=20s")
    return run_suite(sandbox.url, sandbox.environment(), folder / "reports", *options, mark="watch", journeys=True)


def test_a_healthy_inbox_is_watched_to_the_end(sandbox: Sandbox, tmp_path: Path) -> None:
    measured = watched(sandbox, tmp_path)
    assert measured.consistent, measured.output
    assert measured.verdict["decision"] == "PASS", measured.output
    assert "journeys" in measured.verdict["coverage"]["measured"]
    notes = [one["summary"] for one in measured.verdict["findings"] if one["part"] == "journeys"]
    assert any("journeys passed: availability at least" in one for one in notes)
    assert any("cannot prove 99.5 %" in one for one in notes)


@pytest.mark.parametrize(("fault", "cause"), [("list-route-throws", "list-route"), ("auth-500", "auth-service")])
def test_an_inbox_that_fails_twice_fails_the_deployment(
    sandbox: Sandbox, tmp_path: Path, fault: str, cause: str
) -> None:
    sandbox.break_(fault)
    measured = watched(sandbox, tmp_path)
    assert measured.consistent, measured.output
    assert (measured.verdict["decision"], measured.cause) == ("FAIL", cause), measured.output
