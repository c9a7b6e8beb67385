"""Allure shows how a check ended before: from the record, and a renamed check keeps its history."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from allure_commons import utils
from allure_commons.model2 import Parameter
from allure_commons.model2 import TestResult as AllureResult
from allure_pytest import utils as allure  # type: ignore[import-untyped]

from postdeploy.model import CheckResult, Decision, Outcome
from postdeploy.record.entries import RecordedVerdict
from postdeploy.redaction import Redactor
from postdeploy.report.allure import HISTORY, AllureListener, write_history
from postdeploy.runbook.aliases import aliases

RENAMED = [(now, names[0]) for now, names in aliases().checks.items()]
PARAMETERS = [
    pytest.param({}, id="no parameter"),
    pytest.param({"browser_name": "chromium"}, id="a browser"),
    pytest.param({"endpoint": "linkedin", "browser_name": "chromium"}, id="a subject and a browser"),
    pytest.param({"cron_route": "/api/cron/a'b"}, id="a subject with a quote"),
]


def identified(function: str, parameters: dict[str, str]) -> AllureResult:
    """A result with the ids that allure_pytest gives it."""
    name = f"smoke.test_subject#{function}"
    represent: Callable[[str], str] = utils.represent
    history_of: Callable[..., str] = allure.get_history_id
    shown = [Parameter(name=key, value=represent(value)) for key, value in parameters.items()]
    history = history_of(name, shown, original_values=parameters)
    return AllureResult(fullName=name, parameters=shown, testCaseId=history_of(name, [], {}), historyId=history)


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize(("now", "oldest"), RENAMED, ids=[now for now, _ in RENAMED])
def test_a_renamed_check_has_the_ids_of_its_oldest_name(now: str, oldest: str, parameters: dict[str, str]) -> None:
    before, after = identified(oldest, parameters), identified(now, parameters)
    AllureListener(Redactor(), str).report_result(after)
    assert (after.historyId, after.testCaseId) == (before.historyId, before.testCaseId)
    assert after.fullName == f"smoke.test_subject#{now}"


def test_a_check_that_kept_its_name_keeps_its_ids() -> None:
    before, after = (identified("test_login_with_the_form_works", {"browser_name": "chromium"}) for _ in range(2))
    AllureListener(Redactor(), str).report_result(after)
    assert (after.historyId, after.testCaseId) == (before.historyId, before.testCaseId)


def test_every_current_name_is_a_check() -> None:
    written = "".join(
        file.read_text(encoding="utf-8") for file in (Path(__file__).parents[2] / "smoke").glob("test_*.py")
    )
    assert [now for now, _ in RENAMED if f"def {now}(" not in written] == []


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
INBOX, CRON = "smoke/test_inbox.py::test_inbox[chromium]", "smoke/test_cron.py::test_route[/api/a]"
RESULTS = (
    CheckResult("test_inbox", "inbox", Outcome.PASSED, node_id=INBOX),
    CheckResult("test_route[/api/a]", "cron", Outcome.PASSED, node_id=CRON),
)


def verdict_of(day: int, *checks: tuple[str, Outcome]) -> RecordedVerdict:
    at = NOON + dt.timedelta(days=day)
    return RecordedVerdict(
        at=at, decision=Decision.PASS, host="app.test", deployment=f"dpl_{day}", run_id=f"r{day}", checks=checks
    )


def histories(folder: Path, *past: RecordedVerdict) -> list[tuple[str, dict[str, str]]]:
    """What Allure reads: the run before, and the status of each check, by its id."""
    for number, node in enumerate((INBOX, CRON)):
        parameters = [{"name": "browser_name", "value": "'chromium'"}, {"name": "url", "value": "x", "excluded": True}]
        labels = [{"name": "nodeid", "value": node}]
        result = {"testCaseId": f"t{number}", "labels": labels, "parameters": parameters[: 2 - 2 * number]}
        (folder / f"{number}-result.json").write_text(json.dumps(result), encoding="utf-8")
    (folder / "2-result.json").write_text("{}", encoding="utf-8")
    write_history(folder, RESULTS, past)
    lines = [json.loads(line) for line in (folder / HISTORY).read_text(encoding="utf-8").splitlines()]
    return [(one["uuid"], {key: each["status"] for key, each in one["testResults"].items()}) for one in lines]


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


H0, H1 = ".".join((md5("t0"), md5("browser_name:'chromium'"))), ".".join((md5("t1"), md5("")))
"""By Allure's own rule."""


def test_the_record_is_allures_history(tmp_path: Path) -> None:
    """From old to new; a check that this run lacks is left out."""
    past = (
        verdict_of(2, ("test_inbox", Outcome.FAILED), ("test_route[/api/a]", Outcome.NOT_REACHED)),
        verdict_of(1, ("test_inbox", Outcome.PASSED), ("test_gone", Outcome.PASSED)),
    )
    assert histories(tmp_path, *past) == [("r1", {H0: "passed"}), ("r2", {H0: "failed", H1: "skipped"})]


def test_without_a_record_there_is_no_history(tmp_path: Path) -> None:
    assert histories(tmp_path) == []


def test_it_holds_the_last_twenty(tmp_path: Path) -> None:
    past = [verdict_of(day, ("test_inbox", Outcome.PASSED)) for day in range(30)]
    assert [run for run, _ in histories(tmp_path, *past)] == [f"r{day}" for day in range(10, 30)]


def test_the_report_reads_it_and_adds_nothing() -> None:
    config = json.loads((Path(__file__).parents[2] / "reports" / "allurerc.json").read_text(encoding="utf-8"))
    assert (Path(config["historyPath"]).name, config["appendHistory"]) == (HISTORY, False)
