"""What reaches Allure's result files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from allure_commons import model2

from postdeploy.model import CheckResult, Outcome
from postdeploy.redaction import Redactor, Secret
from postdeploy.report.allure import AllureListener, attach_later

REDACT = Redactor([Secret("hunter2hunter2")])
CRON, OTHER = "test_a_cron_route_is_guarded[/api/cron/a]", "test_a_cron_route_is_guarded[/api/cron/b]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The results of one function that is the check of two routes, and of another check."""
    listener = AllureListener(REDACT, str)
    for number, name in enumerate((CRON, OTHER, "test_login")):
        function = name.partition("[")[0]
        listener.results[function] = CheckResult(name, "cron", Outcome.FAILED)
        result = model2.TestResult(
            uuid=str(number), fullName=f"smoke.test_cron#{function}", historyId="h", testCaseId="t"
        )
        listener.report_result(result)
        labels = [{"name": one.name, "value": one.value} for one in result.labels if isinstance(one, model2.Label)]
        (tmp_path / f"{number}-result.json").write_text(json.dumps({"fullName": result.fullName, "labels": labels}))
    return tmp_path


def attachments(folder: Path, number: int) -> list[str]:
    result = json.loads((folder / f"{number}-result.json").read_text())
    return [(folder / one["source"]).read_text() for one in result.get("attachments", ())]


@pytest.mark.parametrize(("check", "number"), [(CRON, 0), (OTHER, 1), ("test_login", 2)])
def test_a_text_is_attached_to_its_check_alone(folder: Path, check: str, number: int) -> None:
    attach_later(folder, check, "server log", "the line", REDACT)
    assert [attachments(folder, at) for at in range(3)] == [["the line"] if at == number else [] for at in range(3)]


def test_what_is_attached_later_is_redacted_as_well(folder: Path) -> None:
    attach_later(folder, CRON, "server log", "password=hunter2hunter2", REDACT)
    assert "hunter2hunter2" not in attachments(folder, 0)[0]
