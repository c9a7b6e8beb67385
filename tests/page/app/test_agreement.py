"""Two answers of the server: what its list says of conversations, and the conversations themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.model import Cause
from postdeploy.page.app.agreement import disagreement, doubtful, in_no_order, worth_comparing
from postdeploy.page.app.answers import ListedConversation, OpenedConversation

TEXTS = {
    "a": "Thanks for reaching out. Could you send me the pricing?",
    "b": "Next Tuesday after two would suit us. Shall I send an invitation?",
    "c": "Please talk to my colleague in operations, she decides about this.",
}
PEOPLE = {"a": "Ada Abbott", "b": "Bob Bergmann", "c": "Cleo Castellano"}


def _rows(previews: dict[str, str], people: dict[str, str] = PEOPLE) -> dict[str, ListedConversation]:
    return {key: ListedConversation(key, people[key], "Acme", text) for key, text in previews.items()}


def _opened(texts: dict[str, str], people: dict[str, str] = PEOPLE) -> list[OpenedConversation]:
    return [OpenedConversation(key, people[key], ("An earlier message of ours", text)) for key, text in texts.items()]


TURNED = {"a": TEXTS["b"], "b": TEXTS["c"], "c": TEXTS["a"]}
RENAMED = {"a": "Bob Bergmann", "b": "Cleo Castellano", "c": "Ada Abbott"}


@pytest.mark.parametrize(
    ("previews", "texts", "cause"),
    [
        pytest.param(TEXTS, TURNED, Cause.MESSAGES, id="each has another person's messages"),
        pytest.param(
            TEXTS, dict.fromkeys(TEXTS, "The same for everybody."), Cause.MESSAGES, id="all have the same messages"
        ),
        pytest.param(TEXTS, TURNED | {"c": TEXTS["c"]}, Cause.MESSAGES, id="two of three differ"),
        pytest.param(TEXTS, TEXTS, None, id="all agree"),
        pytest.param(TEXTS | {"a": "A draft that was not sent"}, TEXTS, None, id="one is a draft"),
        pytest.param(
            {key: f"Draft: {text}" for key, text in TURNED.items()}, TEXTS, None, id="all are marked as drafts"
        ),
        pytest.param(
            {key: f"Draftsmen wanted: {text}" for key, text in TURNED.items()}, TEXTS, Cause.MESSAGES, id="no drafts"
        ),
        pytest.param({key: text[:24] + "…" for key, text in TEXTS.items()}, TEXTS, None, id="shortened"),
        pytest.param({key: f"You: {text}" for key, text in TEXTS.items()}, TEXTS, None, id="with who wrote it"),
        pytest.param(
            TEXTS, {key: f"<p>{text.upper()}</p>" for key, text in TEXTS.items()}, None, id="as an e-mail's markup"
        ),
        pytest.param(dict.fromkeys(TEXTS, ""), TURNED, None, id="a list without previews"),
        pytest.param(dict.fromkeys(TEXTS, "Ok"), TURNED, None, id="previews too short to tell"),
        pytest.param({"a": "Something else"}, {"a": TEXTS["a"]}, None, id="one conversation alone proves nothing"),
    ],
)
def test_previews_are_parts_of_the_messages(
    previews: dict[str, str], texts: dict[str, str], cause: Cause | None
) -> None:
    found = disagreement(_rows(previews), _opened(texts))
    assert (found and found.cause) == cause


def test_a_preview_may_be_the_draft_that_the_conversation_holds() -> None:
    drafted = [replace(one, drafts=(TURNED[one.id or ""],)) for one in _opened(TEXTS)]
    assert disagreement(_rows(TURNED), drafted) is None
    assert not doubtful(_rows(TURNED), drafted)
    assert disagreement(_rows(TURNED), [replace(one, drafts=("Something else again",)) for one in drafted])


@pytest.mark.parametrize(
    ("listed", "named", "cause"),
    [
        pytest.param(RENAMED, PEOPLE, Cause.LIST_ROUTE, id="each is listed under another name"),
        pytest.param(
            PEOPLE | {"a": "Bob Bergmann", "b": "Ada Abbott"}, PEOPLE, Cause.LIST_ROUTE, id="two are exchanged"
        ),
        pytest.param(dict.fromkeys(PEOPLE, "Eve"), PEOPLE, Cause.LIST_ROUTE, id="all are listed under one name"),
        pytest.param(PEOPLE, PEOPLE, None, id="the same names"),
        pytest.param(PEOPLE | {"a": "Ada Allen"}, PEOPLE, None, id="one was just renamed"),
        pytest.param(dict.fromkeys(PEOPLE, ""), PEOPLE, None, id="a list without names"),
        pytest.param({key: name.split()[0] for key, name in PEOPLE.items()}, PEOPLE, None, id="first names only"),
        pytest.param({key: f" {name.upper()} " for key, name in PEOPLE.items()}, PEOPLE, None, id="written otherwise"),
    ],
)
def test_the_list_names_whom_the_conversations_name(
    listed: dict[str, str], named: dict[str, str], cause: Cause | None
) -> None:
    found = disagreement(_rows(TEXTS, listed), _opened(TEXTS, named))
    assert (found and found.cause) == cause


def test_what_was_not_listed_is_not_compared() -> None:
    assert disagreement({}, _opened(TURNED)) is None


@pytest.mark.parametrize(
    ("previews", "opened", "again"),
    [
        pytest.param(TEXTS | {"a": "Draft: Dear Ada"}, {"a": "x"}, True, id="a draft was opened, and others are none"),
        pytest.param({"a": "Draft: Dear Ada", "b": TEXTS["b"]}, {"a": "x"}, False, id="only one other is none"),
        pytest.param(dict.fromkeys(TEXTS, ""), TEXTS, False, id="a list without previews"),
        pytest.param(TEXTS | {"a": "Draft: Dear Ada"}, TEXTS, False, id="another one was opened, too"),
    ],
)
def test_what_could_not_be_compared_is_looked_at_in_others(
    previews: dict[str, str], opened: dict[str, str], again: bool
) -> None:
    assert doubtful(_rows(previews), _opened(opened)) is again


def test_one_difference_is_reason_to_look_again() -> None:
    assert doubtful(_rows(TEXTS), _opened(TURNED)[:1])
    assert not doubtful(_rows(TEXTS), _opened(TEXTS))


@pytest.mark.parametrize(
    ("previews", "opened", "compared"),
    [
        pytest.param(TEXTS | {"d": "Here are three times."}, ["b"], ("b", "a", "c"), id="what was opened comes first"),
        pytest.param(TEXTS | {"a": "Draft: Dear Ada"}, ["a", "b"], ("b", "c", "a"), id="a draft says nothing"),
        pytest.param(TEXTS | {"a": "", "b": "Ok"}, ["a"], ("c", "a", "b"), id="too short to tell"),
        pytest.param(dict.fromkeys(TEXTS, ""), ["b"], ("b", "a", "c"), id="no previews: names are still compared"),
        pytest.param(TEXTS, ["elsewhere"], ("a", "b", "c"), id="what is not in the list"),
    ],
)
def test_what_is_worth_comparing(previews: dict[str, str], opened: list[str], compared: tuple[str, ...]) -> None:
    people = dict.fromkeys(previews, "Ada")
    assert (
        worth_comparing(_rows(previews, people), [OpenedConversation(key, "", ("Hi",)) for key in opened]) == compared
    )


def test_a_row_without_a_name_comes_last() -> None:
    rows = _rows(TEXTS | {"d": "Here are three times."}, {"a": "", "b": "Bob", "c": "", "d": "Dan"})
    opened = [OpenedConversation(key, "Ada", ("Hi",)) for key in ("a", "d")]
    assert worth_comparing(rows, opened) == ("d", "b", "a")


def _blank(*keys: str) -> list[OpenedConversation]:
    return [OpenedConversation(key, PEOPLE[key], (), blank=True) for key in keys]


GOOD_ONE = _opened({"c": TEXTS["c"]})
GREETED = {key: f"No messages with {person} yet" for key, person in PEOPLE.items()}


@pytest.mark.parametrize(
    ("rows", "opened", "cause"),
    [
        pytest.param(
            _rows(TEXTS), [*_blank("a", "b"), *GOOD_ONE], Cause.MESSAGES, id="two of three lost their messages"
        ),
        pytest.param(_rows(TEXTS), [*_blank("a"), *_opened({"b": TEXTS["b"]}), *GOOD_ONE], None, id="one of three"),
        pytest.param(
            _rows(GREETED | {"c": TEXTS["c"]}), [*_blank("a", "b"), *GOOD_ONE], None, id="what stands for no message"
        ),
        pytest.param(
            {key: replace(row, says_no_message=key != "c") for key, row in _rows(TEXTS).items()},
            [*_blank("a", "b"), *GOOD_ONE],
            None,
            id="the rows say that there is none",
        ),
        pytest.param(
            _rows(TEXTS | {"a": "Draft: Dear Ada", "b": "Draft: Dear Bob"}),
            [*_blank("a", "b"), *GOOD_ONE],
            None,
            id="drafts of a first message, marked",
        ),
        pytest.param(
            _rows(TEXTS),
            [*(replace(one, drafts=(TEXTS[str(one.id)],)) for one in _blank("a", "b")), *GOOD_ONE],
            None,
            id="drafts of a first message, which the conversations hold",
        ),
    ],
)
def test_conversations_that_the_list_previews_have_a_message(
    rows: dict[str, ListedConversation], opened: list[OpenedConversation], cause: Cause | None
) -> None:
    found = disagreement(rows, opened)
    assert (found.cause if found else None) == cause


def test_how_many_have_no_message_is_said() -> None:
    found = disagreement(_rows(TEXTS), [*_blank("a", "b"), *GOOD_ONE])
    assert found
    assert "2 of 3 that were opened, 2 of them without any message" in found.sentence


AT = {"a": 100, "b": 200, "c": 300}


def _at(times: dict[str, int]) -> dict[str, ListedConversation]:
    """Rows that preview drafts, with the times of their last messages."""
    drafts = _rows({key: f"Dear {person}, here is my answer" for key, person in PEOPLE.items()})
    return {key: replace(row, moments=frozenset([times[key], 1])) for key, row in drafts.items()}


@pytest.mark.parametrize(
    ("rows", "newest", "cause"),
    [
        pytest.param(_at(AT), AT, None, id="each row names the time of the newest message: the preview is a draft"),
        pytest.param(
            _at(AT), {"a": 200, "b": 300, "c": 100}, Cause.MESSAGES, id="other people's messages, by their times"
        ),
        pytest.param(
            _at(dict.fromkeys(AT, 100)), dict.fromkeys(AT, 100), Cause.MESSAGES, id="a time that all rows name"
        ),
    ],
)
def test_a_draft_is_known_by_the_time_of_the_last_message(
    rows: dict[str, ListedConversation], newest: dict[str, int], cause: Cause | None
) -> None:
    found = disagreement(rows, [replace(one, newest=newest[str(one.id)]) for one in _opened(TEXTS)])
    assert (found.cause if found else None) == cause


def test_a_conversation_without_a_message_is_compared_where_its_row_previews_one() -> None:
    rows = _rows(TEXTS)
    assert worth_comparing(rows, [*_blank("a"), *_opened({"b": "x"})]) == ("a", "b", "c")
    rows["a"] = replace(rows["a"], says_no_message=True)
    assert worth_comparing(rows, [*_blank("a"), *_opened({"b": "x"})]) == ("b", "c")


@pytest.mark.parametrize(
    ("listed", "opened", "again"),
    [
        pytest.param({"a": "", "b": "Bob", "c": "Cleo"}, "a", True, id="a nameless one was opened, others have names"),
        pytest.param(
            {"a": "Ada", "b": "Ada", "c": "Cleo", "d": "Dan"}, "a", True, id="a namesake was opened, others are none"
        ),
        pytest.param({"a": "", "b": "", "c": "Cleo"}, "a", False, id="only one has a name"),
        pytest.param({"a": "Ada", "b": "Ada", "c": ""}, "a", False, id="nobody has a name of their own"),
        pytest.param({"a": "Ada", "b": "Bob", "c": ""}, "a", False, id="a name of its own was opened"),
    ],
)
def test_a_name_that_tells_nobody_apart_is_reason_to_look_at_others(
    listed: dict[str, str], opened: str, again: bool
) -> None:
    """Under wrong names a namesake's row still agrees, and one without a name says nothing."""
    texts = TEXTS | {"d": "Here are three times."}
    rows = _rows({key: texts[key] for key in listed}, listed)
    assert doubtful(rows, _opened({opened: texts[opened]}, listed | {"a": "Ada"})) is again


def test_a_namesake_that_is_opened_under_another_name_is_reason_to_look_again() -> None:
    listed = {"a": "Ada", "b": "Ada", "c": ""}
    rows = _rows({key: TEXTS[key] for key in listed}, listed)
    assert doubtful(rows, _opened({"a": TEXTS["a"]}, listed | {"a": "Zoe"}))


@pytest.mark.parametrize(
    ("times", "places", "wrong"),
    [
        pytest.param([1, 2, 3], [10, 20, 30], False, id="from old to new"),
        pytest.param([3, 2, 1], [10, 20, 30], False, id="from new to old"),
        pytest.param([2, 3, 1], [10, 20, 30], True, id="in no order"),
        pytest.param([2, 1], [20, 30], False, id="two always have an order"),
        pytest.param([2, 3, 1], [10, 20, -1], False, id="one is not to be seen, or quoted by another"),
        pytest.param([2, 3, 0], [10, 20, 30], False, id="one names no time"),
        pytest.param([2, 2, 1], [10, 30, 20], False, id="two of the same second"),
    ],
)
def test_messages_have_an_order(times: list[int], places: list[int], wrong: bool) -> None:
    assert in_no_order(times, places) is wrong
