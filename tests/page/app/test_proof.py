"""Positive proof: the inbox counts as loaded only when everything agrees."""

from __future__ import annotations

import json
from typing import Any

import pytest

from postdeploy.page.app.answers import ALL
from postdeploy.page.app.expectation import Expectation
from postdeploy.page.app.proof import Empty, Loaded, prove, warnings
from tests.page.app.page import Page, row

BLANK = {"person": "", "text": " "}
HTML, FLIGHT = "text/html", "text/x-component"
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
        pytest.param(Page(cards=[BLANK] * 5).lists(row()), id="placeholders only"),
        pytest.param(Page(cards=[BLANK] * 5).lists(row("")), id="placeholders only, and nobody has a name"),
        pytest.param(Page(cards=[BLANK | {"text": "7 Acme"}]).lists(row()), id="a card without the name that it has"),
        pytest.param(Page().lists(row()).polls(1).asks("/api/inbox/counts"), id="the second of a kind is unanswered"),
        pytest.param(
            Page().lists(row()).polls(3).answers("/api/inbox/counts", "", 500), id="a poll that fails in the end"
        ),
        pytest.param(
            Page(banner="Failed to fetch clients").lists(row() | {"preview": "Failed to log in"}),
            id="a banner that nobody quotes",
        ),
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
        pytest.param(
            Page().lists(row()).answers("/", '0:{"a":"$@1"}\n1:{"error":"x"}\n', 200, "a1"), id="an action's bare error"
        ),
        pytest.param(
            Page().lists(row()).answers("/", '0:{"a":"$@1"}\n1:E{"digest":""}\n', 200, "a1"),
            id="an action that threw without a digest",
        ),
        pytest.param(
            Page().lists(row()).answers("/", '0:{"a":"$@1"}\n', 200, "a1"), id="an action's answer that breaks off"
        ),
        pytest.param(Page().lists(row()).answers("/", "<html>", 200, "a1", HTML), id="a page for an action's result"),
        pytest.param(Page().lists(row()).answers("/api/inbox/counts", "<p>", kind=HTML), id="a page for data"),
        pytest.param(
            Page().lists(row()).answers("/?_rsc=1", '2:E{"digest":"7"}\n', kind=FLIGHT), id="a page that threw"
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
        pytest.param(
            Page(cards=[{"person": "Ada", "text": "Ada 7 Acme"}, BLANK]).lists(row()),
            id="a placeholder below the cards",
        ),
        pytest.param(Page().lists(row()).polls(2).asks("/api/inbox/counts"), id="a page that polls and never rests"),
        pytest.param(
            Page(banner="Failed to fetch clients").lists(row() | {"preview": "It says Failed to fetch clients"}),
            id="a banner's words in a conversation",
        ),
        pytest.param(Page(selector="AC Acme (60) ▾").lists(row()), id="a selector that says more than the name"),
        pytest.param(Page().lists(row(), row("")), id="a conversation with nobody's name"),
        pytest.param(
            Page().lists(row(company=""), row("Bob", ""), workspace="w2").lists(row(company=""), row("Cy", "")),
            id="a conversation of two workspaces",
        ),
        pytest.param(
            Page()
            .lists(row(company=""), row("Bob", ""), workspace="w2")
            .lists(row(company="") | {"preview": "Hi"}, row("Bob", "") | {"preview": "Hello"}),
            id="ids that are unique within a workspace only",
        ),
        pytest.param(
            Page().lists(row(), row("Bob"), workspace=None).lists(row(), row("Bob")), id="all workspaces before one"
        ),
        pytest.param(
            Page().lists(row()).answers("/", '0:{"a":"$@1"}\n1:{"data":[1],"error":"x"}\n', 200, "a1"),
            id="an action's result with an error about a part of it",
        ),
        pytest.param(
            Page().lists(row()).answers("/?_rsc=1", '2:E{"digest":"NEXT_REDIRECT;/"}\n', kind=FLIGHT),
            id="a page that leads on",
        ),
        pytest.param(
            Page().lists(row()).answers("/api/inbox/counts", "<p>", kind=HTML).answers("/api/inbox/counts", {}),
            id="data at the second attempt",
        ),
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


def test_a_read_that_fails_at_first_is_a_warning() -> None:
    page = Page().answers("/api/inbox/conversations?clientId=w1&limit=50", "", 500).lists(row())
    assert [said.partition(":")[0] for said in warnings(page.seen, 0.0)] == [
        "the server failed at first, and the page asked again"
    ]
    off = {"success": False, "error": "READ_API_DISABLED"}
    assert warnings(Page().answers("/api/inbox/conversations", off, 503).lists(row()).seen, 0.0) == []


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


def _rendered(page: Page, *rows: dict[str, Any], path: str = "/?_rsc=rendered") -> Page:
    """What came with the page itself, as its framework writes it."""
    props = json.dumps({"initial": {"conversations": list(rows), "hasMore": True}})
    return page.answers(path, f'0:{{"b":"x"}}\n2:["$","$L3",null,{props}]\n', kind=FLIGHT)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(_rendered(Page(), row()), id="the list came with the page"),
        pytest.param(_rendered(Page(), row(), path="/?clientId=w1&_rsc=1"), id="with a page that was led to"),
        pytest.param(_rendered(Page(), row("Bob", "Globex")).lists(row()), id="a page holds others' rows, and asks"),
        pytest.param(_rendered(Page().lists(row()), row("Bob", "Globex")), id="in any order"),
        pytest.param(_rendered(Page().lists(row("Bob")), row()), id="it asks for more than came with the page"),
    ],
)
def test_a_list_may_come_with_the_page(page: Page) -> None:
    assert prove(page.seen, ACME) == Loaded("Acme")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(_rendered(Page(), row("Bob")), id="the page shows others"),
        pytest.param(_rendered(Page(), row(company="Globex")), id="of another workspace"),
        pytest.param(_rendered(Page(), row()).lists(row(company="Globex")), id="what is asked for is another's"),
        pytest.param(_rendered(Page(), row()).answers("/?_rsc=1", '2:E{"digest":"7"}\n', kind=FLIGHT), id="it threw"),
    ],
)
def test_what_came_with_the_page_must_agree_as_well(page: Page) -> None:
    assert prove(page.seen, ACME) is None


@pytest.mark.parametrize(
    ("counts", "rows", "said"),
    [
        ({"open": 0, "unread": 0}, [row()], ["every count is 0, but the server lists 1 conversations"]),
        ({"open": 7, "unread": 2}, [], ["the server lists no conversation, but counts up to 7"]),
        ({"open": 1, "unread": 0}, [row()], []),
        ({"open": 0, "unread": 0}, [], []),
        ({}, [], []),
    ],
)
def test_counts_that_contradict_the_list_are_a_warning(
    counts: dict[str, int], rows: list[dict[str, Any]], said: list[str]
) -> None:
    page = Page(empty=not rows).answers("/api/inbox/counts?clientId=w1", {"counts": counts}).lists(*rows)
    assert warnings(page.seen, 0.0) == said
