"""What is tried on the last-good deployment, and what its answer counts for."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from postdeploy.model import Cause, CheckResult, Decision, Deployment, Outcome, Reason, Recommendation, Stage
from postdeploy.plugin.collection import not_compared
from postdeploy.plugin.comparison_run import _end, _wait, attempt, checks_to_try, same_conditions
from postdeploy.record.document import CheckPart, DeploymentPart, VerdictDocument
from postdeploy.runbook.parts import PREFLIGHT
from postdeploy.verdict.comparison import Attempt, AttemptOutcome
from postdeploy.verdict.recommendation import LOG
from tests import builders

BROWSER = ("login", "inbox")


def failed(name: str, part: str, cause: Cause, told: Recommendation | None = None) -> CheckResult:
    return builders.failed(cause, name, part, recommendation=told)


DIGEST = failed("test_inbox", "inbox", Cause.SERVER_ACTIONS)
AGAIN = failed("test_workspace", "inbox", Cause.SERVER_ACTIONS)
CRASH = failed("test_crash", "inbox", Cause.CLIENT_CRASH)
DOOR = failed("test_door", "login", Cause.OPEN_DOOR)
BLANK = failed("test_blank", "inbox", Cause.BLANK_PAGE)
SETTING = failed("test_variable[X]", "environment", Cause.ENVIRONMENT)
PROBE = failed("test_probe", "environment", Cause.UNKNOWN)
THRESHOLD = failed("test_threshold", LOG, Cause.SERVER_ACTIONS, Recommendation.ROLL_BACK)
KNOWN = failed("test_threshold", LOG, Cause.SERVER_ACTIONS, Recommendation.INVESTIGATE)
REFUSED = failed(PREFLIGHT, PREFLIGHT, Cause.UNREACHABLE)


@pytest.mark.parametrize(
    ("failures", "tried"),
    [
        pytest.param([DIGEST, AGAIN], ("test_inbox",), id="one check for each cause"),
        pytest.param([DIGEST, CRASH, DOOR, BLANK], ("test_inbox", "test_crash", "test_door"), id="three at most"),
        pytest.param([SETTING], (), id="a setting is not tried"),
        pytest.param([PROBE], (), id="nor what needs no browser"),
        pytest.param([THRESHOLD], ("the inbox",), id="what only the log knows: the inbox"),
        pytest.param([THRESHOLD, CRASH], ("test_crash",), id="what the browser saw is tried instead"),
        pytest.param([KNOWN], (), id="what existed before needs no trial"),
        pytest.param([REFUSED], (PREFLIGHT,), id="a target that does not answer"),
    ],
)
def test_what_is_tried(failures: list[CheckResult], tried: tuple[str, ...]) -> None:
    assert checks_to_try(failures, BROWSER, "the inbox") == tried


GONE = "GET / answered 404, x-vercel-error DEPLOYMENT_NOT_FOUND, x-vercel-id iad1::1"
WANTED = Deployment("https://own", "dpl_good", "build-1")


def verdict(*checks: tuple[str, Outcome, Cause | None, str], down: bool = False, **more: Any) -> VerdictDocument:
    told = [
        CheckPart(name=name, outcome=outcome, cause=cause, summary=said, down=down)
        for name, outcome, cause, said in checks
    ]
    parts = {"deployment": DeploymentPart(url="https://own")} | more
    return VerdictDocument(stage=Stage.SMOKE, checks=tuple(told), finished="", decision=Decision.INCONCLUSIVE, **parts)


def answered_by(deployment: str | None, build: str | None = None) -> VerdictDocument:
    """A run that was pinned to this one, and passed."""
    served = DeploymentPart(url="https://own", deployment_id=deployment, build_id=build)
    return verdict(("test_inbox", Outcome.PASSED, None, ""), deployment=served)


@pytest.mark.parametrize(
    ("told", "wish", "counts_for"),
    [
        pytest.param(
            verdict(("test_inbox", Outcome.PASSED, None, "")), "test_inbox", Attempt(AttemptOutcome.PASSED), id="passed"
        ),
        pytest.param(
            verdict(("test_inbox", Outcome.FAILED, Cause.DATABASE, "down")),
            "test_inbox",
            Attempt(AttemptOutcome.FAILED, "down", Cause.DATABASE),
            id="failed",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.BLOCKED, None, "a wall"), summary="a wall. Set the secret"),
            "test_inbox",
            Attempt(AttemptOutcome.NOT_TRIED, "a wall. Set the secret"),
            id="a wall",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.FAILED, Cause.PAGE, GONE), down=True),
            "test_inbox",
            Attempt(AttemptOutcome.FAILED, f"its address does not show the app: {GONE}", Cause.PAGE),
            id="it is gone: nobody finds the inbox there",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.FAILED, Cause.PAGE, "GET / answered 500"), down=True),
            "test_inbox",
            Attempt(AttemptOutcome.FAILED, "its address does not show the app: GET / answered 500", Cause.PAGE),
            id="it serves nothing but errors",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.FAILED, Cause.PAGE, "GET / answered 404")),
            "test_inbox",
            Attempt(AttemptOutcome.NOT_TRIED, "its address does not show the app: GET / answered 404", Cause.PAGE),
            id="the app itself knows no such host: nothing is known of the inbox there",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.FAILED, Cause.REDIRECT_LOOP, "a redirect loop")),
            "test_inbox",
            Attempt(
                AttemptOutcome.NOT_TRIED, "its address does not show the app: a redirect loop", Cause.REDIRECT_LOOP
            ),
            id="the app itself sends away who comes by that host",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.FAILED, Cause.UNREACHABLE, "refused")),
            "test_inbox",
            Attempt(AttemptOutcome.NOT_TRIED, "its address does not show the app: refused", Cause.UNREACHABLE),
            id="no way to it from here: nothing is known of the inbox there",
        ),
        pytest.param(
            verdict((PREFLIGHT, Outcome.FAILED, Cause.UNREACHABLE, "refused")),
            PREFLIGHT,
            Attempt(AttemptOutcome.FAILED, "its address does not show the app: refused", Cause.UNREACHABLE),
            id="it does not answer either",
        ),
        pytest.param(
            answered_by("dpl_bad"),
            "test_inbox",
            Attempt(AttemptOutcome.NOT_TRIED, "https://own is answered by dpl_bad"),
            id="another deployment answers there: whatever it shows",
        ),
        pytest.param(
            answered_by("dpl_good"), "test_inbox", Attempt(AttemptOutcome.PASSED), id="the wanted one answers"
        ),
        pytest.param(answered_by(None, "build-1"), "test_inbox", Attempt(AttemptOutcome.PASSED), id="by whatever mark"),
        pytest.param(answered_by(None), "test_inbox", Attempt(AttemptOutcome.PASSED), id="no mark says otherwise"),
        pytest.param(
            verdict(("test_inbox", Outcome.FAILED, None, ""), summary="dpl_x took over", reason=Reason.SUPERSEDED),
            "test_inbox",
            Attempt(AttemptOutcome.NOT_TRIED, "dpl_x took over"),
            id="another one took over meanwhile",
        ),
        pytest.param(
            verdict(("test_inbox", Outcome.NOT_REACHED, None, "signing in fails")),
            "test_inbox",
            Attempt(AttemptOutcome.NOT_TRIED, "signing in fails"),
            id="not reached",
        ),
        pytest.param(verdict(), "test_inbox", Attempt(AttemptOutcome.NOT_TRIED, "no verdict"), id="no verdict in time"),
    ],
)
def test_what_an_answer_counts_for(told: VerdictDocument, wish: str, counts_for: Attempt) -> None:
    assert attempt(told, "test_inbox", wish, WANTED) == counts_for


def test_an_attempt_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    assert _wait({"there": process}, 0.2, tmp_path) == {}  # type: ignore[dict-item]
    _end(process)  # type: ignore[arg-type]
    assert process.returncode == -signal.SIGKILL
    for _ in range(100):
        try:
            os.kill(child, signal.SIG_DFL)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        state = Path(f"/proc/{child}/stat")
        assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


@dataclass(frozen=True)
class Item:
    """As much of pytest's as is looked at."""

    name: str
    fixturenames: tuple[str, ...] = ()


INBOX, FORM, RENEWAL = Item("test_inbox", ("inbox",)), Item("test_form", ("login",)), Item("test_new", ("own_session",))


@pytest.mark.parametrize(
    ("only", "tried"),
    [
        pytest.param((INBOX, RENEWAL), [INBOX], id="beside the shared session nobody signs in once more"),
        pytest.param((FORM, RENEWAL), [FORM], id="nor a second time"),
        pytest.param((RENEWAL,), [RENEWAL], id="alone it may"),
    ],
)
def test_a_trial_signs_in_once(only: tuple[Item, ...], tried: list[Item]) -> None:
    items: list[Any] = [INBOX, FORM, RENEWAL]
    dropped = list(not_compared(items, tuple(item.name for item in only)))
    assert [item for item in items if item not in dropped] == tried


def test_it_runs_under_the_conditions_in_which_the_failure_was_seen(tmp_path: Path) -> None:
    given = argparse.Namespace(
        budget_factor=2.0,
        browser=["chromium"],
        device="iPhone 13",
        browser_channel="chrome",
        runbook=str(tmp_path / "overlay.toml"),
    )
    assert same_conditions(given) == [
        "--budget-factor=2.0",
        "--browser=chromium",
        "--device=iPhone 13",
        "--browser-channel=chrome",
        f"--runbook={tmp_path / 'overlay.toml'}",
    ]
    usual = argparse.Namespace(budget_factor=1.0, browser=None, device=None, browser_channel=None, runbook=None)
    assert same_conditions(usual) == ["--budget-factor=1.0"]
