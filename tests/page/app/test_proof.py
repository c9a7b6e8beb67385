"""Positive proof: the inbox counts as loaded only when everything agrees."""

from __future__ import annotations

import json

import pytest

from postdeploy.page.app.answers import ALL
from postdeploy.page.app.expectation import Expectation
from postdeploy.page.app.proof import Empty, Loaded, prove, warnings
from tests.page.app.page import Page, row

ACME = Expectation("Acme", "w1")


def test_selector_cards_and_answer_that_agree_are_the_proof() -> None:
    assert prove(Page().lists(row()).seen, ACME) == Loaded("Acme")


def test_an_empty_workspace_that_says_so_is_empty() -> None:
    assert prove(Page(cards=[], empty=True).lists().seen, ACME) == Empty("Acme")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(Page(), id="no list was answered"),
        pytest.param(Page(selector=None).lists(row()), id="no selector"),
        pytest.param(Page(cards=[]).lists(row()), id="no cards"),
        pytest.param(Page(cards=[], empty=True).lists(row()), id="conversations sent, none shown"),
        pytest.param(Page(banner="Failed to load workspaces").lists(row()), id="a banner"),
        pytest.param(Page(panel="Error loading conversations").lists(row()), id="an error panel"),
        pytest.param(Page(boundary="oh").lists(row()), id="an error boundary"),
        pytest.param(Page(crash="Minified React error").lists(row()), id="the Server Components error"),
        pytest.param(Page().lists(row(company="Globex")), id="rows of another workspace"),
        pytest.param(Page().lists(row("Bob")), id="cards that are not in the answer"),
        pytest.param(
            Page(cards=[{"person": "Ada", "text": "Ada 7 Globex"}]).knows("Globex").lists(row()),
            id="cards that name another workspace",
        ),
        pytest.param(
            Page(cards=[{"person": "Ada", "text": "Ada 7 Acme", "reachable": False}]).lists(row()),
            id="cards that nobody can reach",
        ),
        pytest.param(
            Page(cards=[{"person": "Ada", "text": "Ada 7 Acme Labs"}]).knows("Acme Labs").lists(row()),
            id="cards that name a workspace with a longer name",
        ),
        pytest.param(
            Page(selector="Acme Labs").knows("Acme Labs").lists(row()), id="the selector names one with a longer name"
        ),
        pytest.param(
            Page(cards=[{"person": "Ada", "text": "Ada 7 Acme"}] * 2).lists(row(), row("Bob")), id="the same card twice"
        ),
        pytest.param(Page(selector="Globex").lists(row()), id="the selector names another workspace"),
        pytest.param(Page().lists(row(), workspace="w2"), id="the answer for another workspace"),
        pytest.param(Page().lists(row()).answers("/", '1:E{"digest":"1"}\n', 500, "a1"), id="an action that threw"),
        pytest.param(
            Page().lists(row()).answers("/", '1:{"success":false}\n', 200, "a1"), id="an action that failed with 200"
        ),
        pytest.param(Page().lists(row()).answers("/api/inbox/counts", "", 500), id="another route that failed"),
        pytest.param(Page().lists(row()).asks("/api/inbox/counts"), id="something unanswered"),
        pytest.param(Page().lists(row()).loses("/api/inbox/counts"), id="a request that was broken off"),
        pytest.param(
            Page().answers("/api/inbox/conversations?clientId=w1", {"success": False, "error": "x"}),
            id="a list that failed",
        ),
    ],
)
def test_anything_less_is_no_proof(page: Page) -> None:
    assert prove(page.seen, ACME) is None


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(Page(selector="AC Acme (60) ▾").lists(row()), id="a selector that says more than the name"),
        pytest.param(Page().lists(row(), row("")), id="a conversation with nobody's name"),
        pytest.param(
            Page(cards=[{"person": "Ada", "text": "Ada 7 Acme “see you at Acme Labs”"}])
            .knows("Acme Labs")
            .lists(row()),
            id="a preview that names another workspace, too",
        ),
        pytest.param(
            Page(cards=[{"person": "Unknown", "text": "Unknown 7 Acme"}] * 3).lists(
                row("Unknown"), row("") | {"id": "2"}, row("") | {"id": "3"}
            ),
            id="leads without a name next to one that is called so",
        ),
    ],
)
def test_what_healthy_apps_do_differently_is_still_the_proof(page: Page) -> None:
    assert prove(page.seen, ACME) == Loaded("Acme")
    assert prove(page.seen, Expectation(None)) == Loaded("Acme")


def test_an_error_text_that_people_wrote_is_none() -> None:
    page = (
        Page()
        .lists(row())
        .answers("/api/inbox/conversations/Ada", {"id": "Ada", "messages": [{"body": "Application error!"}]})
    )
    assert prove(page.look(crash="Application error").seen, ACME) == Loaded("Acme")


def test_people_named_in_the_runbook_must_be_there() -> None:
    assert prove(Page().lists(row()).seen, Expectation("Acme", "w1", people=("Ada",))) == Loaded("Acme")
    assert prove(Page().lists(row()).seen, Expectation("Acme", "w1", people=("Bob",))) is None


def test_a_failure_that_the_client_made_good_by_itself_is_none() -> None:
    page = Page().answers("/api/inbox/conversations?clientId=w1&limit=50", "", 500).lists(row())
    assert prove(page.seen, ACME) == Loaded("Acme")


def test_all_workspaces_may_hold_known_workspaces_only() -> None:
    page = Page(selector=ALL).lists(row(), workspace=None)
    assert prove(page.seen, Expectation(ALL, None, known=frozenset({"Acme"}))) == Loaded(ALL)
    assert prove(page.seen, Expectation(ALL, None, known=frozenset({"Globex"}))) is None


def test_with_the_read_api_off_the_actions_bring_the_list() -> None:
    page = Page().answers("/api/inbox/conversations?clientId=w1", {"success": False, "error": "READ_API_DISABLED"}, 503)
    page.answers("/", "1:" + json.dumps({"success": True, "conversations": [row()]}) + "\n", 200, "a1")
    assert prove(page.seen, ACME) == Loaded("Acme")


@pytest.mark.parametrize("nonsense", ["Invalid Date", "NaN", "[object Object]"])
def test_what_a_page_shows_in_place_of_a_value_is_a_warning(nonsense: str) -> None:
    page = Page(nonsense=nonsense).lists(row())
    assert prove(page.seen, ACME) == Loaded("Acme")
    assert warnings(page.seen, 0.0) == [f"the page shows “{nonsense}” in place of a value"]
    assert warnings(Page().lists(row()).seen, 0.0) == []
    quoted = {"id": "Ada", "messages": [{"body": f"Your form says {nonsense}!"}]}
    assert warnings(page.answers("/api/inbox/conversations/Ada", quoted).seen, 0.0) == []
    previewed = Page(nonsense=nonsense).lists(row() | {"preview": f"It says {nonsense}"})
    assert warnings(previewed.seen, 0.0) == []
