"""A watch makes journeys through the inbox of a real deployment."""

from __future__ import annotations

import threading
import time
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


def watched(sandbox: Sandbox, folder: Path, watch: str = "20s") -> Measured:
    (folder / "runbook.toml").write_text(RUNBOOK, encoding="utf-8")
    options = (f"--runbook={folder / 'runbook.toml'}", f"--watch={watch}")
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


def test_a_session_that_ends_elsewhere_is_replaced_by_a_sign_in(sandbox: Sandbox, tmp_path: Path) -> None:
    """Between two journeys all sessions of the smoke user end, as an administrator's click would do."""
    served = threading.Event()
    sandbox.once_the_inbox_is_served(served.set)

    def end() -> None:
        served.wait(60)
        time.sleep(3)
        sandbox.end_all_sessions()

    ending = threading.Thread(target=end)
    ending.start()
    measured = watched(sandbox, tmp_path, "30s")
    ending.join()
    assert measured.verdict["decision"] == "PASS", measured.output
    assert any("passed when it was repeated" in one for one in measured.warnings), measured.output
