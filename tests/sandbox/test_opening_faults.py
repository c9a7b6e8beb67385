"""What an opened conversation reads or makes the page write fails or hangs, from the second one on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox import Sandbox
from sandbox.database import WORKSPACES
from tests.sandbox.wire import LIST, Wire, succeeded

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]


@pytest.fixture
def ids(sandbox: Sandbox, wire: Wire) -> list[str]:
    """Two conversations, the first of which is open."""
    rows = wire.list(WORKSPACES[0]).json()["conversations"]
    first, second, *_ = [str(row["id"]) for row in rows]
    wire.get(f"{LIST}/{first}")
    assert succeeded(wire.act("requestSync", f'["{first}"]'))
    return [first, second]


@pytest.fixture
def wire(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Wire]:
    """A signed-in client of a sandbox that is broken in this way."""
    wire = Wire(sandbox)
    if request.param != "late-write-refused":
        sandbox.break_(request.param)
    yield wire
    wire.close()
    sandbox.heal()


@pytest.mark.parametrize("wire", ["late-write-refused"], indirect=True)
def test_the_database_refuses_what_it_writes_and_nothing_of_it_stays(
    wire: Wire, sandbox: Sandbox, ids: list[str]
) -> None:
    sandbox.break_("late-write-refused")
    for each in ids:
        assert wire.get(f"{LIST}/{each}").status_code == 200
    answer = wire.act("requestSync", f'["{ids[1]}"]')
    assert "Database error" in answer.text
    sandbox.heal()
    assert succeeded(wire.act("requestSync", f'["{ids[1]}"]'))


@pytest.mark.parametrize("wire", ["late-write-slow"], indirect=True)
def test_what_it_writes_succeeds_late(wire: Wire, ids: list[str]) -> None:
    wire.get(f"{LIST}/{ids[1]}")
    answer = wire.act("requestSync", f'["{ids[1]}"]')
    assert succeeded(answer)
    assert answer.elapsed.total_seconds() >= 1


@pytest.mark.parametrize("wire", ["late-write-hangs"], indirect=True)
def test_what_it_writes_is_never_answered(wire: Wire, ids: list[str]) -> None:
    assert wire.get(f"{LIST}/{ids[1]}").status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        wire.act("requestSync", f'["{ids[1]}"]')


@pytest.mark.parametrize("wire", ["second-conversation-hangs"], indirect=True)
def test_the_second_conversation_is_never_answered(wire: Wire, ids: list[str]) -> None:
    with pytest.raises(httpx.ReadTimeout):
        wire.get(f"{LIST}/{ids[1]}")
