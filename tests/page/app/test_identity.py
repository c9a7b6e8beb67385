"""Which conversation a card stands for, and which answers are its own."""

from __future__ import annotations

import pytest

from postdeploy.page.app.answers import ConversationList, ListedConversation, OpenedConversation
from postdeploy.page.app.identity import choose_card, marked_row, rows_of, stands_for
from postdeploy.page.app.screen import Card

ADA, BOB, NAMESAKE = (ListedConversation(*each, "Acme") for each in (("c1", "Ada"), ("c2", "Bob"), ("c3", "Ada")))
NAMELESS, UNKNOWN = ListedConversation("c4", "", "Acme"), ListedConversation("c5", "Unknown", "Acme")


def _list(*rows: ListedConversation) -> list[ConversationList]:
    return [ConversationList("w1", rows)]


def _card(person: str, marks: str = "") -> Card:
    return Card(person, person, marks=marks)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ("c2", "c2"),
        ("/desk?team=w1&thread=c2", "c2"),
        ("conversation-c2", "c2"),
        ("card /inbox/c2#top", "c2"),
        ("c22", None),
        ("c1 c2", None),
        ("row-2", None),
        ("", None),
    ],
)
def test_an_id_in_a_cards_attributes_is_its_conversation(marks: str, found: str | None) -> None:
    row = marked_row(_card("Ada", marks), rows_of(_list(ADA, BOB)))
    assert (row and row.id) == found


def test_an_id_with_hyphens_is_found_at_the_end_of_a_longer_mark() -> None:
    row = ListedConversation("7c1f0a52-6a2e-4b7e", "Ada", "Acme")
    assert marked_row(_card("Ada", "lead-7c1f0a52-6a2e-4b7e"), rows_of(_list(row))) == row


@pytest.mark.parametrize(
    ("cards", "rows", "position", "found"),
    [
        pytest.param(("Ada", "Bob"), (ADA, BOB), 1, "c2", id="a name that one has"),
        pytest.param(("Ada", "Ada"), (ADA, NAMESAKE), 1, "c3", id="namesakes, by their place"),
        pytest.param(("Ada", "Unknown"), (ADA, NAMELESS), 1, "c4", id="without a name, the only one"),
        pytest.param(("Unknown", "Unknown"), (NAMELESS, UNKNOWN), 0, "c4", id="without names, by its place"),
        pytest.param(
            ("Ada", "Bob", "Ada"), (BOB, ADA, NAMESAKE), 0, None, id="namesakes that the page sorts otherwise"
        ),
        pytest.param(("Ada", "Ada", "Bob"), (ADA, NAMESAKE), 0, None, id="more cards than conversations"),
    ],
)
def test_a_place_tells_namesakes_apart_where_the_page_keeps_the_lists_order(
    cards: tuple[str, ...], rows: tuple[ListedConversation, ...], position: int, found: str | None
) -> None:
    row = stands_for([_card(person) for person in cards], position, _list(*rows))
    assert (row and row.id) == found


@pytest.mark.parametrize(
    ("cards", "open_already", "position", "sure"),
    [
        pytest.param((_card("Ada"), _card("Bob")), {"c1"}, 1, "c2", id="the second: the first is open"),
        pytest.param((_card("Ada"), _card("Bob")), {"c1", "c2"}, 1, "c2", id="all are open: the second"),
        pytest.param(
            (_card("Ada"), Card("Bob", "Bob", reachable=False)), {"c1"}, 0, "c1", id="a covered one is not clicked"
        ),
        pytest.param((_card("Ada"),), {"c1"}, 0, "c1", id="the only one"),
        pytest.param((_card("Ada", "c3"), _card("Ada", "c1")), {"c3"}, 1, "c1", id="namesakes with ids"),
    ],
)
def test_a_card_is_chosen_that_is_certain_and_not_open_yet(
    cards: tuple[Card, ...], open_already: set[str], position: int, sure: str | None
) -> None:
    chosen = choose_card(cards, _list(ADA, BOB, NAMESAKE) if cards[0].marks else _list(ADA, BOB), open_already)
    assert (chosen.position, chosen.sure) == (position, sure)


@pytest.mark.parametrize(
    ("opened", "fresh", "answers"),
    [
        pytest.param(OpenedConversation("c3", "Ada", ()), True, True, id="its own"),
        pytest.param(OpenedConversation("c3", "Ada", ()), False, True, id="its own, fetched before the click"),
        pytest.param(OpenedConversation("c1", "Ada", ()), False, False, id="the namesake's, from before the click"),
        pytest.param(OpenedConversation("c1", "Ada", (), asked="c3"), True, False, id="the namesake's in its place"),
        pytest.param(OpenedConversation("x9", "Ada", (), asked="c3"), True, True, id="its own under an id of its own"),
        pytest.param(OpenedConversation(None, "Ada", ()), True, True, id="an action's answer without an id"),
        pytest.param(OpenedConversation(None, "Bob", ()), True, False, id="an action's answer for somebody else"),
    ],
)
def test_only_its_own_answer_counts_for_a_card(opened: OpenedConversation, fresh: bool, answers: bool) -> None:
    chosen = choose_card((_card("Ada", "c1"), _card("Ada", "c3")), _list(ADA, NAMESAKE), {"c1"})
    assert chosen.is_answered_by(opened, fresh=fresh) is answers
