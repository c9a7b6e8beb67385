"""Who is unreachable: the address, or everything from this runner?"""

from __future__ import annotations

import socket

import httpx
import pytest
from pytest_httpserver import HTTPServer

from postdeploy.model import Blocked, Cause, Diagnosis, Misbehaved
from postdeploy.system.user_agent import user_agent
from postdeploy.target.connection import NoConnection
from postdeploy.target.reach import answers, explained, timed, weighed

SITE = "https://app.example.com"


def _failure(what: str, cause: Cause = Cause.UNREACHABLE) -> Misbehaved:
    return Misbehaved(f"{SITE}: {what}", Diagnosis(cause, what))


@pytest.fixture
def refusing() -> str:
    """An address at which nothing listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


WHATS = ["the connection failed (refused)", "no answer within 10 s", "TLS fails: certificate has expired"]


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("status", [200, 404, 500])
def test_it_is_the_address_where_another_one_answers(
    httpserver: HTTPServer, refusing: str, what: str, status: int
) -> None:
    httpserver.expect_request("/").respond_with_data("x", status=status)
    failure = _failure(what)
    assert weighed(failure, SITE, [refusing, httpserver.url_for("/")], 2.0) is failure


@pytest.mark.parametrize("what", WHATS)
def test_it_is_the_runner_where_nothing_answers(refusing: str, what: str) -> None:
    found = weighed(_failure(what), SITE, [refusing, "https://nowhere.invalid"], 2.0)
    assert isinstance(found, Blocked)
    assert "this runner cannot reach the network" in found.what
    assert what in found.what
    assert "nowhere.invalid" in found.what


OBSTACLES = ["app.example.com does not resolve (DNS)", "this machine can't connect to app.example.com (no route)"]


@pytest.mark.parametrize("what", OBSTACLES)
def test_a_runner_without_a_network_is_named(refusing: str, what: str) -> None:
    found = explained(NoConnection(what, "Check --base-url."), [refusing, "https://nowhere.invalid"], 2.0)
    assert found.what.startswith("this runner cannot reach the network")
    assert what in found.what
    assert "nowhere.invalid" in found.what


@pytest.mark.parametrize("what", OBSTACLES)
def test_a_name_that_does_not_resolve_stays_so_where_others_answer(
    httpserver: HTTPServer, refusing: str, what: str
) -> None:
    httpserver.expect_request("/").respond_with_data("x", status=404)
    stopped = NoConnection(what, "Check --base-url.")
    assert explained(stopped, [refusing, httpserver.url_for("/")], 2.0) is stopped


@pytest.mark.parametrize("site", ["http://localhost:3000", "http://127.0.0.1:3000", "http://app.localhost:3000"])
def test_this_machine_needs_no_network(refusing: str, site: str) -> None:
    failure = _failure("refused")
    assert weighed(failure, site, [refusing], 2.0) is failure


@pytest.mark.parametrize("cause", [Cause.PAGE, Cause.REDIRECT_LOOP, Cause.SERVER])
def test_an_answer_of_the_target_needs_no_other(refusing: str, cause: Cause) -> None:
    failure = _failure("GET / answered 500", cause)
    assert weighed(failure, SITE, [refusing], 2.0) is failure


def test_no_answer_is_named(httpserver: HTTPServer, refusing: str) -> None:
    assert answers(httpserver.url_for("/"), 2.0) is None
    assert answers(refusing, 2.0)
    assert answers("https://nowhere.invalid", 2.0)


@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_answer_has_its_status_and_its_time(status: int) -> None:
    answer = timed(lambda path: httpx.Response(status, request=httpx.Request("GET", f"http://x{path}")), "/health")
    assert answer is not None
    assert (answer[0], answer[1] >= 0) == (status, True)


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
def test_no_answer_has_neither(error: type[httpx.TransportError]) -> None:
    def get(_path: str) -> httpx.Response:
        raise error("no answer")

    assert timed(get, "/health") is None


def test_whoever_is_asked_sees_who_asks(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", headers={"user-agent": user_agent()}).respond_with_data("x")
    assert answers(httpserver.url_for("/"), 2.0) is None
    assert [one.user_agent.string for one, _ in httpserver.log] == [user_agent()]
