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


def watched(sandbox: Sandbox, folder: Path, watch: str = "20s", *others: str) -> Measured:
    (folder / "runbook.toml").write_text(RUNBOOK, encoding="utf-8")
    options = (f"--runbook={folder / 'runbook.toml'}", f"--watch={watch}", *others)
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


def test_an_inbox_that_failed_is_seen_to_work_again(sandbox: Sandbox, tmp_path: Path) -> None:
    """The failure is published at once, and stands; that it is over is said."""
    sandbox.break_("list-route-throws")
    seen: list[str] = []

    def heal() -> None:
        published = tmp_path / "reports" / "verdict.json"
        for _ in range(600):
            if published.exists() and '"FAIL"' in published.read_text(encoding="utf-8"):
                seen.append("FAIL")
                break
            time.sleep(0.1)
        sandbox.heal()

    healing = threading.Thread(target=heal)
    healing.start()
    measured = watched(sandbox, tmp_path, "80s", "--until-recovered")
    healing.join()
    assert seen == ["FAIL"]
    assert (measured.verdict["decision"], measured.cause) == ("FAIL", "list-route"), measured.output
    assert any("the inbox works again" in one for one in measured.warnings), measured.output


def test_an_inbox_that_stays_broken_is_not_said_to_work_again(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.break_("list-route-throws")
    measured = watched(sandbox, tmp_path, "20s", "--until-recovered")
    assert (measured.verdict["decision"], measured.cause) == ("FAIL", "list-route"), measured.output
    assert "works again" not in str(measured.warnings)
    assert "was not seen to work again" in measured.output


def test_access_tokens_that_expire_during_the_watch_are_renewed(sandbox: Sandbox, tmp_path: Path) -> None:
    """The app renews a token in its last 90 seconds: these last five of them."""
    sandbox.let_tokens_last(95)
    before = sandbox.sign_ins, sandbox.renewals
    measured = watched(sandbox, tmp_path, "40s")
    assert measured.verdict["decision"] == "PASS", measured.output
    assert sandbox.sign_ins - before[0] == 1
    assert sandbox.renewals - before[1] >= 2
    assert measured.warnings == set()
