"""What stands between visitors and the app: gateways, delays, files that are not code, policies, words of the app's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox import Sandbox
from sandbox.database import WORKSPACES
from sandbox.traffic_faults import TRAFFIC_FAULTS
from tests.sandbox.wire import LIST, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]

ACME = WORKSPACES[0]


@pytest.fixture
def wire(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Wire]:
    """A signed-in client of a sandbox that is broken in this way, and healthy afterwards."""
    wire = Wire(sandbox)
    sandbox.break_(request.param)
    yield wire
    sandbox.heal()
    assert (wire.get("/").status_code, wire.list(ACME).status_code) == (200, 200)
    assert "content-security-policy" not in wire.get("/").headers
    wire.close()


def broken(*faults: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("wire", faults, indirect=True)


def test_every_fault_is_tested() -> None:
    functions = [value for name, value in globals().items() if name.startswith("test_")]
    marks = [mark for function in functions for mark in getattr(function, "pytestmark", [])]
    assert {fault for mark in marks for fault in mark.args[1]} == {fault.name for fault in TRAFFIC_FAULTS}


@broken("gateway-502-one-in-three")
def test_every_third_request_for_data_is_answered_by_a_gateway(wire: Wire) -> None:
    assert [wire.list(ACME).status_code for _ in range(6)] == [200, 200, 502, 200, 200, 502]


@broken("gateway-503-actions", "gateway-504-reads")
def test_a_gateway_answers_with_a_page_of_its_own(wire: Wire) -> None:
    action, read = wire.act("getClients"), wire.list(ACME)
    assert {action.status_code, read.status_code} in ({503, 200}, {200, 504})
    refused = next(one for one in (action, read) if one.status_code > 500)
    assert "nginx" in refused.text
    assert not any(name.startswith("x-nextjs-") for name in refused.headers)


@broken("slow-everything", "slow-scripts")
def test_a_script_is_slow(wire: Wire) -> None:
    assert wire.get("/_next/static/x.js").elapsed.total_seconds() >= 3


@broken("slow-actions")
def test_actions_are_slow_and_reads_are_not(wire: Wire) -> None:
    action, read = wire.act("getClients").elapsed, wire.list(ACME).elapsed
    assert action.total_seconds() >= 8
    assert action - read >= timedelta(seconds=4)


@broken("slow-reads")
def test_reads_are_slow_and_actions_are_not(wire: Wire) -> None:
    read, action = wire.list(ACME).elapsed, wire.act("getClients").elapsed
    assert read.total_seconds() >= 9
    assert read - action >= timedelta(seconds=4)


@broken("chunk-is-a-page", "chunk-cut-off", "chunk-of-another-type")
def test_a_script_arrives_and_is_not_the_build_s(wire: Wire, sandbox: Sandbox) -> None:
    answer = wire.get(sandbox.visitor.dashboard_chunks()[0])
    assert answer.status_code == 200
    assert len(answer.content) < 100


@broken("chunk-undecodable")
def test_a_script_says_that_it_is_compressed_and_is_not(wire: Wire, sandbox: Sandbox) -> None:
    with pytest.raises(httpx.DecodingError):
        wire.get(sandbox.visitor.dashboard_chunks()[0])


@broken("policy-without-inline", "policy-without-scripts", "policy-without-connections")
def test_every_page_has_the_policy(wire: Wire) -> None:
    assert "src" in wire.get("/").headers["content-security-policy"]
    assert "content-security-policy" not in wire.list(ACME).headers


@broken("says-variable-missing", "says-database-missing", "says-database-denied", "says-database-unreachable")
def test_the_app_says_it_in_its_answers(wire: Wire) -> None:
    answer = wire.get(LIST)
    assert (answer.status_code, answer.json()["success"]) == (500, False)
    assert answer.json()["error"] in wire.act("getClients").text


@broken("says-origin-refused")
def test_server_actions_throw_and_reads_succeed(wire: Wire) -> None:
    answer = wire.act("getClients")
    assert (answer.status_code, "@E80" in answer.text) == (500, True)
    assert wire.list(ACME).status_code == 200
