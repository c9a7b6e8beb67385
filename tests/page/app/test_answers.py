"""What the app's answers say about conversations."""

from __future__ import annotations

import json

import msgspec
import pytest

from postdeploy.page.app.answers import ALL, listed_conversation
from tests.page.app.page import RUNBOOK, Page, row

DETAIL = {"id": "c1", "lead": {"name": " Ada "}, "messages": [{"body": "Hello there"}, {"attachment": "x.png"}]}


def test_a_label_names_the_longest_workspace_that_it_contains() -> None:
    answers = Page().knows("Acme", "Acme Labs").seen.answers
    assert answers.workspace_in("AC Acme ▾") == "Acme"
    assert answers.workspace_in("acme labs (3)") == "Acme Labs"
    assert answers.workspace_in(ALL) == ALL
    assert answers.workspace_in("Globex") == "Globex"


def test_a_text_does_not_name_a_workspace_by_a_longer_name() -> None:
    answers = Page().knows("Acme", "Acme Labs").seen.answers
    assert not answers.says_workspace("Ada 7 Acme Labs", "Acme")
    assert answers.says_workspace("Ada 7 Acme, formerly Acme Labs", "Acme")


def test_names_are_collected_for_the_redactor() -> None:
    page = Page(cards=[{"person": "Eve", "text": ""}]).lists(row("Bob")).answers("/api/inbox/conversations/c1", DETAIL)
    assert page.seen.answers.names == {"Eve", "Bob", "Ada"}


def test_messages_without_a_text_are_left_out() -> None:
    [(_, opened)] = Page().answers("/api/inbox/conversations/c1", DETAIL).seen.answers.opened
    assert (opened.id, opened.person, opened.messages) == ("c1", "Ada", ("Hello there",))


def test_a_conversation_without_a_message_is_one() -> None:
    nobody_wrote = DETAIL | {"messages": []}
    [(_, opened)] = Page().answers("/api/inbox/conversations/c1", nobody_wrote).seen.answers.opened
    assert (opened.id, opened.blank, opened.messages) == ("c1", True, ())
    by_action = Page().answers("/", "1:" + json.dumps(nobody_wrote) + chr(10), 200, "a1").seen.answers.opened
    assert [one.blank for _, one in by_action] == [True]
    [(_, written)] = Page().answers("/api/inbox/conversations/c1", DETAIL).seen.answers.opened
    assert not written.blank
    files = DETAIL | {"messages": [{"attachment": "x.png"}]}
    [(_, sent)] = Page().answers("/api/inbox/conversations/c1", files).seen.answers.opened
    assert (sent.blank, sent.messages) == (False, ())


@pytest.mark.parametrize(
    "held",
    [
        {"draft": "Dear Ada"},
        {"aiDrafts": [{"id": "d1", "content": "Dear Ada"}]},
        {"state": {"latestDraft": {"body": "Dear Ada"}}},
    ],
)
def test_a_conversation_holds_drafts(held: dict[str, object]) -> None:
    [(_, opened)] = Page().answers("/api/inbox/conversations/c1", DETAIL | held).seen.answers.opened
    assert "Dear Ada" in opened.drafts
    assert opened.messages == ("Hello there",)


def test_only_messages_of_its_own_show_that_a_conversation_is_open() -> None:
    def opened(key: str, *texts: str) -> dict[str, object]:
        return {"id": key, "lead": {"name": key}, "messages": [{"body": text} for text in texts]}

    page = Page().answers("/api/inbox/conversations/c1", opened("c1", "Hello", "Thanks"))
    page.answers("/api/inbox/conversations/c2", opened("c2", "Hello", "Tuesday?"))
    page.answers("/api/inbox/conversations/c3", opened("c3", "Hello", "Thanks"))
    answers = page.seen.answers
    own = {one.id: answers.own_messages(one) for _, one in answers.opened}
    assert own == {"c1": ("Hello", "Thanks"), "c2": ("Tuesday?",), "c3": ("Hello", "Thanks")}


@pytest.mark.parametrize(
    ("fields", "none"),
    [
        pytest.param({"lastMessageAt": None}, True, id="never written to"),
        pytest.param({"messageCount": 0}, True, id="none counted"),
        pytest.param({"lastMessageAt": "2025-11-24T16:00:00Z", "messageCount": 3}, False, id="some"),
        pytest.param({"unreadMessages": 0, "hasNewMessage": False}, False, id="none that is new"),
        pytest.param({}, False, id="nothing about it"),
    ],
)
def test_a_row_may_say_that_there_is_no_message(fields: dict[str, object], none: bool) -> None:
    assert listed_conversation({"id": "c1", **fields}).says_no_message is none


def test_when_the_newest_message_was_written() -> None:
    messages = [{"body": "Hello", "sentAt": "2025-11-24T16:00:00Z"}, {"body": "Hi", "sentAt": "2025-11-24T15:00:00Z"}]
    page = Page().answers("/api/inbox/conversations/c1", DETAIL | {"messages": messages})
    assert [one.newest for _, one in page.seen.answers.opened] == [1_764_000_000]


def test_an_action_that_answers_with_an_empty_list_opens_nothing() -> None:
    body = "1:" + json.dumps({"success": True, "messages": []}) + chr(10)
    assert Page().answers("/", body, 200, "a1").seen.answers.opened == []


def test_what_a_person_wrote_is_a_quote() -> None:
    answers = Page().answers("/api/inbox/conversations/c1", DETAIL).seen.answers
    assert answers.quote("Hello")
    assert not answers.quote("Application error")


def test_a_list_knows_whether_the_request_asked_for_it_and_whether_it_is_complete() -> None:
    page = Page().lists(row(), workspace="w1")
    body = "1:" + json.dumps({"success": True, "conversations": [row()], "hasMore": False})
    page.answers("/", body + chr(10), 200, "a1")
    [(_, read), (_, acted)] = page.seen.answers.lists
    assert (read.workspace_id, read.asked, read.complete) == ("w1", True, False)
    assert (acted.workspace_id, acted.asked, acted.complete) == (None, False, True)


def test_earlier_answers_are_forgotten_but_not_the_names() -> None:
    page = Page().lists(row("Bob"))
    page.seen.answers.forget()
    assert page.seen.answers.latest_list is None
    assert "Bob" in page.seen.answers.names


def test_runbook_toml_names_the_parameter_of_a_workspace() -> None:
    app = msgspec.structs.replace(RUNBOOK.app, list_workspace="workspaceId")
    page = Page(runbook=msgspec.structs.replace(RUNBOOK, app=app))
    path = RUNBOOK.app.list_path
    page.answers(f"{path}?workspaceId=w%202&limit=5", {"conversations": []}).answers(path, {"conversations": []})
    page.answers(f"{path}?clientId=w3", {"conversations": []})
    assert [listed.workspace_id for _, listed in page.seen.answers.lists] == ["w 2", None, None]
