"""The lists that no check opens: how they are asked for, and what is wrong with an answer."""

from __future__ import annotations

import pytest

from postdeploy.page.app.further_lists import FurtherList
from tests.page.app.page import row

COLOSSUS = FurtherList("Colossus", "/api/inbox/conversations?clientId=w4&limit=50")
NEXT = FurtherList("Colossus", COLOSSUS.path + "&cursor=c49", continued=True)


def _answer(*companies: str) -> object:
    return {"success": True, "conversations": [row("Ada", company) for company in companies]}


@pytest.mark.parametrize("each", [COLOSSUS, NEXT])
@pytest.mark.parametrize(
    ("status", "answer", "says"),
    [
        pytest.param(500, None, "answered 500", id="it throws"),
        pytest.param(504, {"error": {"code": "504"}}, "answered 504", id="its function is too slow"),
        pytest.param(200, _answer("Colossus", "Dunmore"), "contains conversations of Dunmore", id="another's rows"),
        pytest.param(200, _answer("Colossus"), None, id="its own rows"),
        pytest.param(200, _answer(), None, id="no rows"),
        pytest.param(200, _answer(""), None, id="rows that name no workspace"),
        pytest.param(503, {"success": False, "error": "READ_API_DISABLED"}, None, id="switched off by its flag"),
        pytest.param(None, None, None, id="no answer in time"),
        pytest.param(200, None, None, id="no data"),
    ],
)
def test_what_is_wrong_with_an_answer(each: FurtherList, status: int | None, answer: object, says: str | None) -> None:
    fault = each.fault(status, answer)
    assert (fault is None) == (says is None)
    assert fault is None or says is None or (says in fault and "Colossus" in fault)


@pytest.mark.parametrize(
    ("each", "cursor", "parameter", "after"),
    [
        pytest.param(COLOSSUS, "c49", "cursor", NEXT, id="it goes on"),
        pytest.param(
            FurtherList("A", "/api/threads"), "a=b&c", "after", "/api/threads?after=a%3Db%26c", id="the first parameter"
        ),
        pytest.param(COLOSSUS, None, "cursor", None, id="that is all"),
        pytest.param(COLOSSUS, "", "cursor", None, id="an empty cursor"),
        pytest.param(COLOSSUS, 49, "cursor", None, id="a number"),
        pytest.param(COLOSSUS, "c49", "", None, id="runbook.toml does not say how"),
        pytest.param(NEXT, "c99", "cursor", None, id="one continuation is enough"),
    ],
)
def test_how_a_list_is_continued(
    each: FurtherList, cursor: object, parameter: str, after: FurtherList | str | None
) -> None:
    found = each.after(cursor, parameter)
    assert (found.path if found and isinstance(after, str) else found) == after
