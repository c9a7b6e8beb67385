"""What contradicts the proof, and whose fault it is: the server's or the page's."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.model import Cause
from postdeploy.page.app.answers import ALL
from postdeploy.page.app.contradiction import contradiction
from postdeploy.page.app.expectation import Expectation
from postdeploy.runbook.tables import Workspace
from tests.page.app.page import RUNBOOK, Page, row

ACME = Expectation("Acme", "w1")
UNNAMED = (row(company=""), row("Bob", company=""))
ADA = {"person": "Ada", "text": "Ada 7 Acme"}


@pytest.mark.parametrize(
    ("page", "wanted", "cause", "says"),
    [
        pytest.param(
            Page(selector="Globex").knows("Globex").lists(row()),
            ACME,
            Cause.WRONG_CARDS,
            "Acme was selected, but the selector shows Globex",
            id="the selector shows another workspace",
        ),
        pytest.param(
            Page().lists(*UNNAMED, workspace="w2").lists(*UNNAMED),
            ACME,
            Cause.WRONG_WORKSPACE,
            "the server lists the same 2 conversations for Acme as for another workspace",
            id="the server does not heed which workspace is asked for",
        ),
        pytest.param(Page(), ACME, Cause.WRONG_CARDS, "did not request its conversation list", id="no list"),
        pytest.param(
            Page().answers("/api/inbox/conversations?clientId=w1", "<html>"),
            ACME,
            Cause.LIST_ROUTE,
            "the conversation list answered 200, but not with conversations of Acme",
            id="a list that is a page",
        ),
        pytest.param(
            Page().lists(row(company="Globex")),
            ACME,
            Cause.WRONG_WORKSPACE,
            "the server's list for Acme contains conversations of Globex",
            id="rows of another workspace",
        ),
        pytest.param(
            Page(cards=[{"person": "Bob", "text": "Bob 7 Globex"}]).knows("Globex").lists(row()),
            ACME,
            Cause.WRONG_CARDS,
            "1 of 1 are not in it, 1 do not name Acme",
            id="cards that are not in the answer",
        ),
        pytest.param(
            Page(cards=[ADA, ADA]).lists(row(), row()),
            ACME,
            Cause.LIST_ROUTE,
            "the server's own list for Acme contains 1 of 1 conversations more than once",
            id="the server sends a conversation twice, and the page shows it",
        ),
        pytest.param(
            Page(cards=[ADA]).lists(row(), row(), row("Bob")),
            ACME,
            Cause.LIST_ROUTE,
            "1 of 2 conversations more than once",
            id="the server sends a conversation twice, and the page shows it once",
        ),
        pytest.param(
            Page(cards=[ADA, ADA | {"text": "Ada 7 Globex"}]).lists(row(), row(company="Globex")),
            ACME,
            Cause.WRONG_WORKSPACE,
            "the server's list for Acme contains conversations of Globex",
            id="the server sends a foreign row, and the page shows it",
        ),
        pytest.param(
            Page(cards=[ADA, ADA]).lists(row(), row("Bob")),
            ACME,
            Cause.WRONG_CARDS,
            "1 of 2 cards are shown more often",
            id="a card twice",
        ),
        pytest.param(
            Page(cards=[ADA | {"reachable": False}]).lists(row()),
            ACME,
            Cause.NEVER_RENDERED,
            "1 conversation cards are on the page, but none can be clicked",
            id="covered cards",
        ),
        pytest.param(
            Page(cards=[], empty=True).lists(row()),
            ACME,
            Cause.NEVER_RENDERED,
            "the server sent 1 conversations, but the page says that there are none",
            id="sent, but not shown",
        ),
        pytest.param(Page(unstyled=True).lists(row()), ACME, Cause.ASSET, "without styles", id="no style sheet"),
        pytest.param(
            Page().lists(row()),
            Expectation("Acme", "w1", people=("Ada", "Bob")),
            Cause.WRONG_WORKSPACE,
            "1 of 2 people named in runbook.toml",
            id="a person is missing",
        ),
        pytest.param(
            Page(selector=ALL).lists(row(), workspace=None),
            Expectation(ALL, known=frozenset({"Globex"})),
            Cause.WRONG_WORKSPACE,
            "contains conversations of Acme",
            id="a workspace that is not the user's",
        ),
    ],
)
def test_the_first_difference_is_named_with_its_cause(page: Page, wanted: Expectation, cause: Cause, says: str) -> None:
    found = contradiction(page.seen, wanted)
    assert found is not None
    assert (found.cause, says in found.sentence) == (cause, True), found.sentence


def test_a_page_that_agrees_with_the_server_is_not_contradicted() -> None:
    assert contradiction(Page().lists(row()).seen, ACME) is None


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["Ada 7 2h Hello", "Bob 3 1d Bye"], id="no card names a workspace"),
        pytest.param(["Ada 7 2h Hello", "Bob 3 1d Globex was dearer", "Cleo 1"], id="one preview mentions another one"),
        pytest.param(["Ada 7 2h Acme was dearer", "Bob 3 1d Bye", "Cleo 1"], id="one preview mentions its own"),
        pytest.param(["Ada 7 Acme Globex was dearer", "Bob 3 Acme", "Cleo Acme"], id="all name their own"),
    ],
)
@pytest.mark.parametrize("wanted", [ACME, Expectation(ALL, known=frozenset({"Acme", "Globex"}))])
def test_a_workspace_that_a_card_does_not_name_cannot_be_wrong(texts: list[str], wanted: Expectation) -> None:
    cards = [{"person": text.split()[0], "text": text} for text in texts]
    rows = [row("Ada"), row("Bob"), row("Cleo")]
    page = Page(cards=cards, selector=wanted.workspace).knows("Acme", "Globex")
    page.lists(*rows, workspace=wanted.workspace_id)
    assert contradiction(page.seen, wanted) is None


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["Ada 7 Globex", "Bob 3 Globex"], id="all cards name another one"),
        pytest.param(["Ada 7 Acme", "Bob 3 Globex"], id="one of two does"),
        pytest.param(["Ada 7 Acme", "Bob 3 Acme", "Cleo 1"], id="one names none, the others do"),
    ],
)
def test_cards_that_name_workspaces_must_name_their_own(texts: list[str]) -> None:
    cards = [{"person": text.split()[0], "text": text} for text in texts]
    page = Page(cards=cards).knows("Globex").lists(row("Ada"), row("Bob"), row("Cleo"))
    found = contradiction(page.seen, ACME)
    assert found is not None
    assert found.cause is Cause.WRONG_CARDS


def test_a_list_that_names_no_workspace_cannot_lack_one() -> None:
    runbook = msgspec.structs.replace(RUNBOOK, workspace=(Workspace("Acme"), Workspace("Globex")))
    for company, cause in (("", None), ("Acme", Cause.WRONG_WORKSPACE)):
        page = Page(selector=ALL, cards=[{"person": "Ada", "text": "Ada 7"}])
        page.seen.runbook = page.seen.answers.runbook = runbook
        page.answers("/api/inbox/conversations?limit=50", {"conversations": [row(company=company)], "hasMore": False})
        found = contradiction(page.seen, Expectation(ALL, known=frozenset({"Acme", "Globex"})))
        assert (found.cause if found else None) is cause


def test_rows_without_an_id_are_not_the_same() -> None:
    nameless = {"lead": {"name": "Ada", "company": "Acme"}}
    cards = [ADA, ADA]
    found = contradiction(Page(cards=cards).lists(nameless, nameless | {"x": 1}).seen, ACME)
    assert found is None or "more than once" not in found.sentence
