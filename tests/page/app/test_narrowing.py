"""A shorter list: what proves it, and what is wrong where it is not. The page names Ada first, the server's list has three."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from postdeploy.model import Cause
from postdeploy.page.app.identity import Rows, rows_of
from postdeploy.page.app.narrowing import (
    WholeList,
    finds,
    has_reacted,
    is_rendered,
    is_shorter,
    lets_go,
    someone,
    stray,
    why_not_found,
    why_not_shorter,
)
from postdeploy.page.app.screen import Card
from tests.page.app.page import Page, row

PEOPLE = ("Ada Abbott", "Bob Abbott", "Cyd")


def cards(*people: str) -> list[dict[str, Any]]:
    return [{"person": person, "text": f"{person} Acme"} for person in people]


def rows(*people: str) -> Rows:
    return rows_of(listed for _, listed in Page().lists(*map(row, people)).seen.answers.lists)


def whole(*people: str, closed: bool = True) -> WholeList:
    seen = Page(cards=cards(*people)).seen
    return WholeList(seen.screen.app.cards, rows(*people), frozenset({"Acme"}), closed, since=5)


EVERYBODY = whole(*PEOPLE)


def shown(*people: str, **more: Any) -> Page:
    return Page(cards=cards(*people), **more)


def test_a_person_is_found_where_the_others_are_gone() -> None:
    assert finds(shown("Cyd").lists(row("Cyd")).seen, EVERYBODY, "Cyd")


def test_a_search_in_the_page_alone_asks_nobody() -> None:
    assert finds(shown("Cyd").seen, EVERYBODY, "Cyd")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(shown(*PEOPLE).lists(*map(row, PEOPLE)), id="nobody is gone"),
        pytest.param(shown("Bob Abbott").lists(row("Bob Abbott")), id="somebody else is shown"),
        pytest.param(shown("Cyd", boundary="oh").lists(row("Cyd")), id="the page crashed"),
        pytest.param(shown("Cyd", selector=None).lists(row("Cyd")), id="the selector is gone"),
        pytest.param(
            shown("Cyd").lists(row("Cyd")).asks("/api/inbox/conversations?search=x"), id="an answer is awaited"
        ),
        pytest.param(shown("Cyd").answers("/api/inbox/conversations", {}, 500), id="the route failed"),
        pytest.param(shown("Cyd", "Eve").lists(row("Cyd"), row("Eve", "Globex")), id="foreign conversations"),
        pytest.param(shown(), id="an empty page that does not say that it is empty"),
    ],
)
def test_anything_less_finds_nobody(page: Page) -> None:
    assert not finds(page.seen, EVERYBODY, "Cyd")


@pytest.mark.parametrize(
    ("page", "cause", "says"),
    [
        (shown(*PEOPLE), Cause.WRONG_CARDS, "same as before"),
        (shown(*PEOPLE).lists(*map(row, PEOPLE)), Cause.LIST_ROUTE, "leaves none out"),
        (shown(empty=True).lists(), Cause.LIST_ROUTE, "does not find"),
        (shown("Bob Abbott").lists(row("Cyd")), Cause.WRONG_CARDS, "shows others"),
        (
            shown("Bob Abbott").lists(row("Ada Abbott") | {"id": row("Cyd")["id"]}),
            Cause.LIST_ROUTE,
            "another name before",
        ),
        (shown("Bob Abbott").lists(row("") | {"id": row("Cyd")["id"]}), Cause.LIST_ROUTE, "does not find"),
        (shown("Cyd").lists(row("Cyd"), row("Eve", "Globex")), Cause.WRONG_WORKSPACE, "Globex"),
    ],
    ids=["no reaction", "everybody", "nobody", "the page shows others", "renamed", "now without a name", "foreign"],
)
def test_why_nobody_is_found(page: Page, cause: Cause, says: str) -> None:
    found = why_not_found(page.seen, EVERYBODY, "Cyd")
    assert (found.cause, says in found.sentence) == (cause, True)


@pytest.mark.parametrize(
    ("people", "texts"),
    [
        pytest.param(PEOPLE, ("Cyd",), id="the oldest"),
        pytest.param(("Cyd", *PEOPLE[:2]), ("Bob Abbott", "Bob"), id="by the rarest word as well"),
        pytest.param(("Cyd", "Bob Abbott", "Unknown", "Unknown"), ("Bob Abbott", "Abbott"), id="not by a name of two"),
        pytest.param(("Cyd", "Li", "Li Wei"), ("Li Wei", "Wei"), id="not by a part of another name"),
    ],
)
def test_who_is_searched_for(people: tuple[str, ...], texts: tuple[str, ...]) -> None:
    listed = [row(person) | {"id": str(number)} for number, person in enumerate(people)]
    seen = Page(cards=cards(*people)).lists(*listed).seen
    sought = someone(WholeList(seen.screen.app.cards, rows_of(one for _, one in seen.answers.lists)))
    assert sought is not None
    assert sought.texts == texts
    assert "Abbott" not in repr(sought)


@pytest.mark.parametrize("people", [(), ("Ada Abbott",), ("", "")], ids=["nobody", "one alone", "no names"])
def test_nobody_can_be_searched_for(people: tuple[str, ...]) -> None:
    assert someone(whole(*people)) is None


def test_a_filter_may_leave_everybody_out() -> None:
    assert is_shorter(shown(empty=True).lists().seen, EVERYBODY)


def test_a_filter_adds_nobody() -> None:
    page = shown("Cyd", "Eve", "Flo").lists(row("Cyd"), row("Eve"), row("Flo"))
    found = why_not_shorter(page.seen, EVERYBODY)
    assert not is_shorter(page.seen, EVERYBODY)
    assert (found.cause, found.sentence) == (
        Cause.LIST_ROUTE,
        "the shorter list contains 2 conversations that the whole one does not",
    )


def test_one_conversation_may_arrive_at_the_moment() -> None:
    assert is_shorter(shown("Cyd", "Eve").lists(row("Cyd"), row("Eve")).seen, EVERYBODY)


def test_of_a_list_with_more_pages_others_may_appear() -> None:
    page = shown("Eve", "Flo").lists(row("Eve"), row("Flo"))
    assert is_shorter(page.seen, whole(*PEOPLE, closed=False))


def test_a_page_that_filters_by_itself_adds_nobody_either() -> None:
    found = stray(shown("Cyd", "Eve").seen, EVERYBODY)
    assert found is not None
    assert found.cause is Cause.WRONG_CARDS


@pytest.mark.parametrize(
    ("page", "cause"),
    [(shown(*PEOPLE), Cause.WRONG_CARDS), (shown(*PEOPLE).lists(*map(row, PEOPLE)), Cause.LIST_ROUTE)],
    ids=["of the page", "of the server"],
)
def test_a_filter_that_leaves_nobody_out(page: Page, cause: Cause) -> None:
    assert why_not_shorter(page.seen, EVERYBODY).cause is cause


SHORT = (Card("Cyd", "Cyd Acme"),)


@pytest.mark.parametrize(
    ("page", "whether"),
    [
        (shown(*PEOPLE), True),
        (shown("Cyd", "Zoe"), True),
        (shown("Cyd"), False),
        (shown(empty=True), False),
        (shown(*PEOPLE, banner="Failed to load workspaces"), False),
    ],
    ids=["all", "scrolled", "the same", "none", "an error"],
)
def test_the_list_is_whole_again(page: Page, whether: bool) -> None:
    assert lets_go(page.seen, EVERYBODY, SHORT) is whether


@pytest.mark.parametrize(
    ("page", "whether"),
    [
        (shown("Cyd"), False),
        (shown("Cyd").answers("/api/inbox/counts", {}), False),
        (shown("Cyd").lists(row("Cyd")), True),
        (shown("Cyd").answers("/", "1:{}\n", 200, "a1"), True),
        (shown("Ada"), True),
        (shown("Cyd", crash="Minified React error"), True),
    ],
    ids=["nothing", "a poll", "a list", "an action", "other cards", "a crash"],
)
def test_a_page_reacts_by_asking_or_by_showing_something_else(page: Page, whether: bool) -> None:
    assert has_reacted(page.seen, 5, SHORT) is whether


def test_a_page_that_asks_for_the_whole_list_again_has_not_answered_the_filter() -> None:
    seen = shown("Cyd").lists(*map(row, PEOPLE)).lists(*map(row, PEOPLE)).seen
    first, again = seen.exchanges
    seen.exchanges[first] = replace(seen.exchanges[first], started=1)
    assert again != first
    assert EVERYBODY.answers(seen) == []
    assert is_shorter(seen, EVERYBODY)
    assert not has_reacted(seen, 5, SHORT)


def test_a_conversation_that_arrives_makes_no_list_shorter() -> None:
    page = shown("Eve", *PEOPLE[:2]).lists(*map(row, ("Eve", *PEOPLE)))
    assert not is_shorter(page.seen, whole(*PEOPLE, closed=False))


@pytest.mark.parametrize(
    ("page", "whether"),
    [
        pytest.param(shown(*PEOPLE), False, id="nothing was answered"),
        pytest.param(shown(*PEOPLE).lists(row("Cyd")), False, id="the answer is not shown yet"),
        pytest.param(Page(cards=[]).lists(row("Cyd")), False, id="placeholders stand in its place"),
        pytest.param(shown("Cyd").lists(row("Cyd")), True, id="the answer is shown"),
        pytest.param(Page(cards=[], empty=True).lists(), True, id="nobody is shown, and the page says so"),
        pytest.param(shown(*PEOPLE).lists(*map(row, PEOPLE)), True, id="the server lists the same"),
    ],
)
def test_a_page_may_take_a_while_to_show_what_was_answered(page: Page, whether: bool) -> None:
    assert is_rendered(page.seen, EVERYBODY) is whether
