"""What comes later, goes away or stands next to the list is so on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox import Sandbox
from sandbox.database import FOREIGN_WORKSPACE, WORKSPACES
from sandbox.edge.errors import COUNTS
from sandbox.moment_faults import MOMENT_FAULTS
from sandbox.visitor import ACTION
from tests.sandbox.wire import LIST, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]
ACME, SECOND = WORKSPACES[0], WORKSPACES[1]
TAGS = ("modal-stuck", "modal-with-button", "reload-once", "reload-once-later", "toast-passes", "toast-stays")


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


def _opened(wire: Wire, place: int) -> dict[str, Any]:
    """The row of a conversation, and the messages that it is opened with."""
    row = wire.list(ACME).json()["conversations"][place]
    return {"row": row, "messages": wire.get(f"{LIST}/{row['id']}").json()["data"]["messages"]}


def test_every_one_is_tested() -> None:
    functions = [value for name, value in globals().items() if name.startswith("test_")]
    marks = [mark for function in functions for mark in getattr(function, "pytestmark", []) if mark.args]
    tested = {fault for mark in marks if mark.args[0] == "wire" for fault in mark.args[1]}
    assert tested == {fault.name for fault in MOMENT_FAULTS}


@_broken(*TAGS)
def test_the_page_ends_with_the_tag(wire: Wire) -> None:
    assert "<script>" in wire.page("/").text[-1500:]
    assert wire.list(ACME).status_code == 200


@_broken("react-crash-185")
def test_the_page_is_told_what_to_do_wrong(wire: Wire) -> None:
    assert "react-crash-185" in wire.get("/").text


@_broken("actions-404-midrun", "action-404-once")
def test_the_first_calls_are_known(wire: Wire) -> None:
    answers = [wire.act("getClients").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 404]


@_broken("counts-null")
def test_the_counts_are_null(wire: Wire) -> None:
    assert wire.get(COUNTS).json() == {"success": True, "counts": None}


@_broken("counts-500")
def test_only_the_counts_fail(wire: Wire) -> None:
    assert (wire.get(COUNTS).status_code, wire.list(ACME).status_code) == (500, 200)


@_broken("login-lands-on-error", "login-lands-on-error-200")
def test_whoever_is_signed_in_gets_an_error_page(wire: Wire) -> None:
    assert "Something went wrong!" in wire.get("/").text
    assert wire.list(ACME).status_code == 200


@_broken("conversations-blank")
def test_the_first_and_the_third_have_no_message(wire: Wire) -> None:
    found = [_opened(wire, place) for place in range(4)]
    assert [bool(one["messages"]) for one in found] == [False, True, False, True]
    assert all(one["row"]["preview"] for one in found)


@_broken("leads-new")
def test_the_first_and_the_third_say_that_there_is_no_message(wire: Wire) -> None:
    found = [_opened(wire, place) for place in range(3)]
    assert [bool(one["messages"]) for one in found] == [False, True, False]
    assert [one["row"]["preview"].startswith("No messages with") for one in found] == [True, False, True]


@_broken("drafts-unmarked")
def test_the_preview_is_no_message_and_the_time_is_that_of_the_last(wire: Wire) -> None:
    found = _opened(wire, 0)
    assert found["row"]["preview"].startswith("Dear ")
    assert found["row"]["lastMessageAt"] == found["messages"][-1]["sentAt"]


@_broken("messages-shuffled")
def test_the_first_message_comes_last(wire: Wire) -> None:
    times = next(
        times for place in range(3) if len(times := [one["sentAt"] for one in _opened(wire, place)["messages"]]) > 2
    )
    assert times[-1] == min(times)


@_broken("second-list-hangs")
def test_only_the_second_list_hangs(wire: Wire) -> None:
    assert wire.list(ACME).status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        wire.list(SECOND)


@_broken("cookie-elsewhere")
def test_the_cookie_is_for_another_domain(wire: Wire, running_sandbox: Sandbox) -> None:
    scripts = [wire.get(path).text for path in running_sandbox.visitor.scripts()]
    known = {name: id_ for script in scripts for id_, name in ACTION.findall(script)}
    answer = wire.act(
        "signIn", f'["{running_sandbox.email}", "{running_sandbox.password}"]', actions=known, at="/auth/login"
    )
    assert "Domain=app.example.com" in answer.headers["set-cookie"]


@_broken("workspaces-of-another")
def test_the_workspaces_are_others(wire: Wire) -> None:
    assert list(wire.known_workspaces()) == [FOREIGN_WORKSPACE]
