"""A renamed check keeps its history in Allure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from allure_commons import utils
from allure_commons.model2 import Parameter
from allure_commons.model2 import TestResult as AllureResult
from allure_pytest import utils as allure  # type: ignore[import-untyped]

from postdeploy.redaction import Redactor
from postdeploy.report.allure import AllureListener
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
