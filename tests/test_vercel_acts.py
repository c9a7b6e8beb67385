"""What changes production: sent once, whatever comes of it, and never at an unfit target."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from postdeploy.redaction import Secret
from postdeploy.runbook.environment import read_environment
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.environment import acting_access, platform_access
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import ProjectState
from postdeploy.vercel.promotions import How, Unfit, failed_aliases, promote, refuse_unfit, roll_back, set_auto_assign
from postdeploy.vercel.retry import RetryPolicy
from postdeploy.vercel.rolling import RollingRelease
from postdeploy.vercel.writes import WriteOutcome, WriteResult

PATIENCE = RetryPolicy(attempts=4, first=0.0, answer=0.3)
GOOD = PlatformDeployment("dpl_1", "inbox-1.vercel.app", 1, "READY", "PROMOTED", "production", project="prj_1")
PROJECT = ProjectState("prj_1", "inbox", auto_assign=True)
ROLLING = RollingRelease("ACTIVE", "dpl_1", "dpl_2", 10)
ACTS: dict[str, Callable[[Vercel], WriteResult]] = {
    "promote": lambda vercel: promote(vercel, GOOD, PROJECT, None),
    "rollback": lambda vercel: roll_back(vercel, GOOD, PROJECT, None),
    "assignment": lambda vercel: set_auto_assign(vercel, False),
}


def client(base: str, named: str = "VERCEL_TOKEN") -> Vercel:
    access = Access(Secret("the-token"), "prj_1", "team_1", base.rstrip("/"), named)
    return Vercel(access, PATIENCE, sleep=lambda _: None)


@dataclass
class Server:
    """Answers every request with the same, and remembers what it got."""

    url: str = ""
    got: list[Request] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.got]


@pytest.fixture
def answers(httpserver: HTTPServer) -> Callable[..., Server]:
    def begin(status: int, body: str = "", **headers: str) -> Server:
        server = Server(httpserver.url_for(""))

        def answer(request: Request) -> Response:
            server.got.append(request)
            return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})

        httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
        return server

    return begin


# What is sent --------------------------------------------------------------------------------------------------------------


def test_a_promotion_is_one_post_that_builds_nothing(answers: Callable[..., Server]) -> None:
    server = answers(201, "{}")
    with client(server.url) as vercel:
        assert ACTS["promote"](vercel).outcome is WriteOutcome.ACCEPTED
    [request] = server.got
    assert server.lines == ["POST /v10/projects/prj_1/promote/dpl_1"]
    assert (request.get_json(), request.args["teamId"]) == ({}, "team_1")
    assert request.headers["authorization"] == "Bearer the-token"


def test_an_instant_rollback_says_why(answers: Callable[..., Server]) -> None:
    server = answers(201)
    with client(server.url) as vercel:
        assert roll_back(vercel, GOOD, PROJECT, None, "x" * 300).outcome is WriteOutcome.ACCEPTED
    assert server.lines == ["POST /v1/projects/prj_1/rollback/dpl_1"]
    assert server.got[0].args["description"] == "x" * 250


def test_the_assignment_of_domains_is_one_field_of_the_project(answers: Callable[..., Server]) -> None:
    server = answers(200, "{}")
    with client(server.url) as vercel:
        assert set_auto_assign(vercel, False).outcome is WriteOutcome.ACCEPTED
    assert server.lines == ["PATCH /v9/projects/prj_1"]
    assert server.got[0].get_json() == {"autoAssignCustomDomains": False}


# What comes of it ----------------------------------------------------------------------------------------------------------

CURRENT = '{"error": {"code": "conflict", "message": "dpl_1 is already the current production deployment"}}'
BUSY = '{"error": {"code": "conflict", "message": "Another rollback is already in progress"}}'
ANSWERS = [
    pytest.param(201, "{}", WriteOutcome.ACCEPTED, "", id="201"),
    pytest.param(201, "", WriteOutcome.ACCEPTED, "", id="201 without a body"),
    pytest.param(201, '{"job', WriteOutcome.ACCEPTED, "", id="201 with a body that can't be read"),
    pytest.param(202, "", WriteOutcome.QUEUED, "", id="202"),
    pytest.param(200, "{}", WriteOutcome.ACCEPTED, "", id="200"),
    pytest.param(
        200, "<html>sign in to the network", WriteOutcome.DOUBTFUL, "postdeploy deployments", id="a proxy's page"
    ),
    pytest.param(200, "", WriteOutcome.DOUBTFUL, "postdeploy deployments", id="200 without a body"),
    pytest.param(409, CURRENT, WriteOutcome.ALREADY, "", id="409, already current"),
    pytest.param(409, BUSY, WriteOutcome.REFUSED, "wait for its end", id="409, something else is under way"),
    pytest.param(409, "", WriteOutcome.REFUSED, "wait for its end", id="409 without a word"),
    pytest.param(400, "{}", WriteOutcome.REFUSED, "production builds", id="400"),
    pytest.param(401, "{}", WriteOutcome.REFUSED, "VERCEL_ROLLBACK_TOKEN", id="401"),
    pytest.param(402, "{}", WriteOutcome.REFUSED, "Hobby", id="402"),
    pytest.param(403, "{}", WriteOutcome.REFUSED, "VERCEL_ROLLBACK_TOKEN", id="403"),
    pytest.param(404, "{}", WriteOutcome.REFUSED, "VERCEL_PROJECT_ID", id="404"),
    pytest.param(410, "{}", WriteOutcome.REFUSED, "deleted", id="410"),
    pytest.param(422, "{}", WriteOutcome.REFUSED, "another one", id="422"),
    pytest.param(428, "{}", WriteOutcome.REFUSED, "vercel.com", id="428"),
    pytest.param(418, "{}", WriteOutcome.REFUSED, "Report it", id="a 4xx of its own"),
    pytest.param(307, "", WriteOutcome.DOUBTFUL, "first", id="a redirect is not followed"),
    pytest.param(408, "", WriteOutcome.DOUBTFUL, "first", id="408"),
    pytest.param(500, "{}", WriteOutcome.DOUBTFUL, "first", id="500"),
    pytest.param(502, "<html>", WriteOutcome.DOUBTFUL, "first", id="502"),
    pytest.param(503, "", WriteOutcome.DOUBTFUL, "first", id="503"),
    pytest.param(504, "", WriteOutcome.DOUBTFUL, "first", id="504"),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("status", "body", "outcome", "cure"), ANSWERS)
def test_whatever_is_answered_it_was_sent_once(  # noqa: PLR0917 - a table of answers
    answers: Callable[..., Server], act: str, status: int, body: str, outcome: WriteOutcome, cure: str
) -> None:
    server = answers(status, body, location="/elsewhere")
    with client(server.url, "VERCEL_ROLLBACK_TOKEN") as vercel:
        came = ACTS[act](vercel)
    assert came.outcome is outcome
    assert came.taken == (outcome in {WriteOutcome.ACCEPTED, WriteOutcome.QUEUED, WriteOutcome.ALREADY})
    assert came.may_have_arrived == (outcome is not WriteOutcome.REFUSED)
    assert (came.error is None) == came.taken
    assert came.error is None or cure in came.error.cure
    assert len(server.got) == 1


@pytest.mark.parametrize("act", ACTS)
def test_a_limit_of_the_rate_is_not_waited_for(answers: Callable[..., Server], act: str) -> None:
    server = answers(429, '{"error": {"code": "rate_limited"}}', retry_after="7")
    with client(server.url) as vercel:
        came = ACTS[act](vercel)
    assert came.outcome is WriteOutcome.REFUSED
    assert came.error is not None
    assert came.error.cure.startswith("Wait 7 s")
    assert len(server.got) == 1


@contextlib.contextmanager
def sockets(talk: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request, and then does something to the connection."""
    got: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                request = b""
                while not request.endswith(b"\r\n\r\n{}") and not request.endswith(b"false}"):
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    request += piece
                got.append(request)
                with contextlib.suppress(OSError):
                    talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", got
    finally:
        listening.close()


def never(connection: socket.socket) -> None:
    time.sleep(0.8)


def breaks(connection: socket.socket) -> None:
    return


def half_a_line(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 20")


def a_body_that_breaks(status: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 " + status + b" x\r\ncontent-length: 1000\r\n\r\n{")

    return talk


def a_body_that_drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 x\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(30):
        connection.sendall(b"{")
        time.sleep(0.1)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("talk", "outcome"),
    [
        pytest.param(never, WriteOutcome.DOUBTFUL, id="no answer in time"),
        pytest.param(breaks, WriteOutcome.DOUBTFUL, id="the connection is closed"),
        pytest.param(half_a_line, WriteOutcome.DOUBTFUL, id="half a line"),
        pytest.param(a_body_that_breaks(b"200"), WriteOutcome.DOUBTFUL, id="200, cut"),
        pytest.param(a_body_that_breaks(b"201"), WriteOutcome.ACCEPTED, id="201, cut"),
        pytest.param(a_body_that_breaks(b"403"), WriteOutcome.REFUSED, id="403, cut"),
        pytest.param(a_body_that_breaks(b"500"), WriteOutcome.DOUBTFUL, id="500, cut"),
        pytest.param(a_body_that_drips, WriteOutcome.DOUBTFUL, id="200 without an end"),
    ],
)
def test_whatever_happens_to_the_connection_it_was_sent_once(
    act: str, talk: Callable[[socket.socket], None], outcome: WriteOutcome
) -> None:
    began = time.monotonic()
    with sockets(talk) as (url, got), client(url) as vercel:
        came = ACTS[act](vercel)
        assert time.monotonic() - began < 2
        assert came.outcome is outcome
        time.sleep(0.1)  # a second one would be there by now
        assert len(got) == 1


def test_where_nobody_listens_nothing_was_sent() -> None:
    with client("http://127.0.0.1:9") as vercel:
        came = ACTS["promote"](vercel)
    assert came.outcome is WriteOutcome.UNSENT
    assert not came.may_have_arrived
    assert came.error is not None
    assert "can't be reached" in came.error.what


def test_the_token_is_shown_nowhere(answers: Callable[..., Server]) -> None:
    server = answers(403, '{"error": {"message": "no"}}')
    with client(server.url) as vercel:
        came = ACTS["promote"](vercel)
    assert "the-token" not in repr(came) + str(came.error)


# The guard -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize(
    ("target", "why"),
    [
        pytest.param(replace(GOOD, target=""), "a preview", id="a preview"),
        pytest.param(replace(GOOD, target="staging"), "built for staging", id="another environment's"),
        pytest.param(replace(GOOD, state="ERROR"), "ERROR", id="not ready"),
        pytest.param(replace(GOOD, state="BUILDING"), "BUILDING", id="still building"),
        pytest.param(replace(GOOD, state=""), "an unknown state", id="of no state"),
        pytest.param(replace(GOOD, deleted=True), "deleted", id="deleted"),
        pytest.param(replace(GOOD, state="DELETED"), "deleted", id="deleted, by its state"),
        pytest.param(replace(GOOD, project="prj_2"), "another project", id="another project's"),
        pytest.param(PlatformDeployment("inbox-1.vercel.app"), "no deployment's id", id="an address"),
        pytest.param(PlatformDeployment(""), "no deployment's id", id="nothing"),
    ],
)
def test_an_unfit_target_is_refused_before_anything_is_sent(
    answers: Callable[..., Server], how: How, target: PlatformDeployment, why: str
) -> None:
    server = answers(201)
    act = promote if how is How.PROMOTE else roll_back
    with client(server.url) as vercel, pytest.raises(Unfit, match=why) as refused:
        act(vercel, target, PROJECT, None)
    assert refused.value.cure
    assert server.got == []


def test_a_rolling_release_refuses_a_promotion_and_is_ended_by_a_rollback(answers: Callable[..., Server]) -> None:
    server = answers(201)
    with client(server.url) as vercel:
        with pytest.raises(Unfit, match=r"rolling release of dpl_2 is under way, at 10 %") as refused:
            promote(vercel, GOOD, PROJECT, ROLLING)
        assert "--pin" in refused.value.cure
        assert roll_back(vercel, GOOD, PROJECT, ROLLING).taken
    assert server.lines == ["POST /v1/projects/prj_1/rollback/dpl_1"]


def test_a_rolling_release_that_is_over_hinders_nothing() -> None:
    refuse_unfit(GOOD, PROJECT, replace(ROLLING, state="COMPLETE"), How.PROMOTE)


def test_what_was_never_live_can_be_promoted_but_not_rolled_back_to() -> None:
    refuse_unfit(replace(GOOD, substate="STAGED"), PROJECT, None, How.PROMOTE)
    with pytest.raises(Unfit, match="never live"):
        refuse_unfit(replace(GOOD, substate="STAGED"), PROJECT, None, How.ROLL_BACK)


# What is asked afterwards --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "path"),
    [
        (How.PROMOTE, "/v1/projects/prj_1/promote/aliases"),
        (How.ROLL_BACK, "/v9/projects/prj_1/rollback/aliases"),
    ],
)
def test_the_domains_that_could_not_be_given_away_are_named(httpserver: HTTPServer, how: How, path: str) -> None:
    query = {"failedOnly": "true", "limit": "100", "teamId": "team_1"}
    first = {
        "aliases": [{"alias": "app.example.com", "status": "failed"}, {"alias": "ok.example.com", "status": "done"}],
        "pagination": {"next": 5},
    }
    second = {"aliases": [{"alias": {"alias": "www.example.com", "deploymentId": "dpl_1"}, "status": "failed"}]}
    httpserver.expect_request(path, query_string=query).respond_with_json(first)
    httpserver.expect_request(path, query_string=query | {"until": "5"}).respond_with_json(second)
    with client(httpserver.url_for("")) as vercel:
        assert failed_aliases(vercel, how) == ("app.example.com", "www.example.com")


def test_no_failed_domains_is_an_empty_answer(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/projects/prj_1/promote/aliases").respond_with_json({})
    with client(httpserver.url_for("")) as vercel:
        assert failed_aliases(vercel, How.PROMOTE) == ()


def test_a_token_of_its_own_acts_and_the_other_one_reads(tmp_path: Path) -> None:
    environ = {"VERCEL_TOKEN": "reads", "VERCEL_PROJECT_ID": "prj_1"}
    reading = read_environment(tmp_path / ".env", environ)
    assert acting_access(reading) == platform_access(reading)
    both = read_environment(tmp_path / ".env", environ | {"VERCEL_ROLLBACK_TOKEN": "acts"})
    assert platform_access(both).token == Secret("reads")
    assert (acting_access(both).token, acting_access(both).token_name) == (Secret("acts"), "VERCEL_ROLLBACK_TOKEN")


def test_no_write_ever_raises(answers: Callable[..., Server]) -> None:
    server = answers(500)
    with client(server.url) as vercel:
        assert isinstance(ACTS["promote"](vercel).error, PlatformError)
