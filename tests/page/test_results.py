"""What a result says of a failure, though its status is 200."""

import pytest

from postdeploy.page.flight import ActionAnswer
from postdeploy.page.results import failure_in
from postdeploy.runbook.reading import read_runbook

WORDS = read_runbook().meaning


def _failure(result: object) -> str | None:
    return failure_in(ActionAnswer(result=result), WORDS)


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ({"success": False, "error": "Failed to fetch clients"}, "Failed to fetch clients"),
        ({"success": False, "message": "Try later", "data": [1]}, "Try later"),
        ({"success": False}, ""),
        ({"ok": False, "error": "Query failed"}, "Query failed"),
        ({"error": "Query failed"}, "Query failed"),
        ({"data": None, "error": {"message": "connection terminated", "code": "57P01"}}, "connection terminated"),
        ({"data": [], "error": "timeout", "status": 500}, "timeout"),
        ({"serverError": "Something went wrong"}, "Something went wrong"),
        ({"validationErrors": {"id": ["Required"]}}, '{"id": ["Required"]}'),
        ({"error": True}, ""),
    ],
)
def test_a_result_that_holds_an_error_and_no_data_has_failed(result: object, says: str) -> None:
    assert _failure(result) == says


@pytest.mark.parametrize(
    "result",
    [
        {"success": True, "error": "one calendar is not connected"},
        {"data": [{"id": "1"}], "error": None},
        {"data": {"id": "1"}, "error": "the newest page is missing"},
        {"id": "7", "name": "Gmail", "error": "the last sync failed"},
        {"error": None, "message": None},
        {"errors": []},
        {"ok": False, "reason": "not connected"},
        [{"error": "of a row"}],
        "error",
        None,
    ],
)
def test_what_holds_data_has_not(result: object) -> None:
    assert _failure(result) is None


def test_an_answer_that_breaks_off_has_failed() -> None:
    assert failure_in(ActionAnswer(broken_off=True), WORDS) == "the answer ends before the action's result"
