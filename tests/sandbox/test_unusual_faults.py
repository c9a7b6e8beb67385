"""What is unusual, and what breaks where people get to later, is so on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox import Sandbox
from sandbox.database import WORKSPACES
from sandbox.unusual_faults import UNUSUAL_FAULTS
from tests.sandbox.wire import LIST, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]
ACME, LAST = WORKSPACES[0], WORKSPACES[-1]
IN_THE_BROWSER = {
    "cards-without-workspace",
    "names-abbreviated",
    "hydration-differs",
    "dialog-in-the-way",
    "dates-invalid",
    "card-twice",
    "pane-stale",
}


@pytest.fixture
def wire(running_sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Wire]:
    """A signed-in client of a sandbox that is broken in this way."""
    wire = Wire(running_sandbox)
    running_sandbox.break_(request.param)
    yield wire
    wire.close()
    running_sandbox.heal()


def _broken(*faults: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("wire", faults, indirect=True)


def _messages(wire: Wire, place: int) -> list[object]:
    id_ = wire.list(ACME).json()["conversations"][place]["id"]
    found: list[object] = wire.get(f"{LIST}/{id_}").json()["data"]["messages"]
    return found


def test_every_one_is_tested() -> None:
    functions = [value for name, value in globals().items() if name.startswith("test_")]
    marks = [mark for function in functions for mark in getattr(function, "pytestmark", []) if mark.args]
    tested = {fault for mark in marks if mark.args[0] == "wire" for fault in mark.args[1]}
    assert tested == {fault.name for fault in UNUSUAL_FAULTS}


@_broken(*sorted(IN_THE_BROWSER))
def test_the_page_ends_with_the_tag(wire: Wire) -> None:
    assert "<script>" in wire.page("/").text[-1500:]
    assert wire.list(ACME).status_code == 200


@_broken("hundred-workspaces")
def test_a_hundred_workspaces_have_people(wire: Wire, running_sandbox: Sandbox) -> None:
    now = Wire(running_sandbox)
    assert len(now.workspaces) == 100
    assert len(now.list("Branch 96").json()["conversations"]) == 3
    now.close()


@_broken("messages-empty")
def test_no_conversation_has_one(wire: Wire) -> None:
    assert [_messages(wire, place) for place in range(3)] == [[], [], []]


@_broken("list-doubled")
def test_every_conversation_is_listed_twice(wire: Wire) -> None:
    ids = [row["id"] for row in wire.list(ACME).json()["conversations"]]
    assert ids[::2] == ids[1::2]
    assert len(set(ids)) * 2 == len(ids)


@_broken("fourth-workspace-throws")
def test_only_the_last_workspace_fails(wire: Wire) -> None:
    assert [wire.list(each).status_code for each in WORKSPACES] == [200, 200, 200, 500]
    assert "Something went wrong (ref: " in wire.list(LAST).text
    assert wire.get(LIST, limit="50").status_code == 200


@_broken("second-page-throws")
def test_only_a_continued_list_fails(wire: Wire) -> None:
    cursor = wire.list(LAST).json()["nextCursor"]
    assert wire.get(LIST, clientId=wire.workspaces[LAST], cursor=cursor).status_code == 500
