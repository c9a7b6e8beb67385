"""A write is sent once, and its answer says what is known of it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import ProjectState
from postdeploy.vercel.promotions import promote, roll_back, set_auto_assign
from postdeploy.vercel.writes import WriteOutcome, WriteResult
from tests.vercel.asking import Server, writer

GOOD = PlatformDeployment("dpl_1", "inbox-1.vercel.app", 1, "READY", "PROMOTED", "production", project="prj_1")
PROJECT = ProjectState("prj_1", auto_assign=True)
WRITES: dict[str, Callable[[Vercel], WriteResult]] = {
    "promote": lambda vercel: promote(vercel, GOOD, PROJECT, None),
    "rollback": lambda vercel: roll_back(vercel, GOOD, PROJECT, None),
    "assignment": lambda vercel: set_auto_assign(vercel, False),
}


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
    pytest.param(409, BUSY, WriteOutcome.REFUSED, "shows its end", id="409, another one is in progress"),
    pytest.param(409, "", WriteOutcome.REFUSED, "shows its end", id="409 without a message"),
    pytest.param(400, "{}", WriteOutcome.REFUSED, "a production build", id="400"),
    pytest.param(401, "{}", WriteOutcome.REFUSED, "VERCEL_ROLLBACK_TOKEN", id="401"),
    pytest.param(402, "{}", WriteOutcome.REFUSED, "Hobby", id="402"),
    pytest.param(403, "{}", WriteOutcome.REFUSED, "VERCEL_ROLLBACK_TOKEN", id="403"),
    pytest.param(404, "{}", WriteOutcome.REFUSED, "VERCEL_PROJECT_ID", id="404"),
    pytest.param(410, "{}", WriteOutcome.REFUSED, "deleted", id="410"),
    pytest.param(422, "{}", WriteOutcome.REFUSED, "another one", id="422"),
    pytest.param(428, "{}", WriteOutcome.REFUSED, "vercel.com", id="428"),
    pytest.param(418, "{}", WriteOutcome.REFUSED, "Report it", id="a 4xx of its own"),
    pytest.param(307, "", WriteOutcome.DOUBTFUL, "before you have checked", id="a redirect is not followed"),
    pytest.param(408, "", WriteOutcome.DOUBTFUL, "before you have checked", id="408"),
    pytest.param(500, "{}", WriteOutcome.DOUBTFUL, "before you have checked", id="500"),
    pytest.param(502, "<html>", WriteOutcome.DOUBTFUL, "before you have checked", id="502"),
    pytest.param(503, "", WriteOutcome.DOUBTFUL, "before you have checked", id="503"),
    pytest.param(504, "", WriteOutcome.DOUBTFUL, "before you have checked", id="504"),
]


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize(("status", "body", "outcome", "cure"), ANSWERS)
def test_whatever_is_answered_it_was_sent_once(
    *, answers: Callable[..., Server], act: str, status: int, body: str, outcome: WriteOutcome, cure: str
) -> None:
    server = answers(status, body, location="/elsewhere")
    with writer(server.url, "VERCEL_ROLLBACK_TOKEN") as vercel:
        came = WRITES[act](vercel)
    assert came.outcome is outcome
    assert came.may_have_arrived == (outcome is not WriteOutcome.REFUSED)
    assert (came.error is None) == (outcome in {WriteOutcome.ACCEPTED, WriteOutcome.QUEUED, WriteOutcome.ALREADY})
    assert came.error is None or cure in came.error.cure
    assert len(server.got) == 1


@pytest.mark.parametrize("act", WRITES)
def test_a_limit_of_the_rate_is_not_waited_for(answers: Callable[..., Server], act: str) -> None:
    server = answers(429, '{"error": {"code": "rate_limited"}}', retry_after="7")
    with writer(server.url) as vercel:
        came = WRITES[act](vercel)
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


@pytest.mark.parametrize("act", WRITES)
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
    with sockets(talk) as (url, got), writer(url) as vercel:
        came = WRITES[act](vercel)
        assert came.outcome is outcome
        time.sleep(0.1)  # a second one would be there by now
        assert len(got) == 1


def test_where_no_one_listens_nothing_was_sent() -> None:
    with writer("http://127.0.0.1:9") as vercel:
        came = WRITES["promote"](vercel)
    assert came.outcome is WriteOutcome.UNSENT
    assert not came.may_have_arrived
    assert came.error is not None
    assert "can't be reached" in came.error.what


def test_the_token_is_shown_nowhere(answers: Callable[..., Server]) -> None:
    server = answers(403, '{"error": {"message": "no"}}')
    with writer(server.url) as vercel:
        came = WRITES["promote"](vercel)
    assert "the-token" not in repr(came) + str(came.error)


def test_no_write_ever_raises(answers: Callable[..., Server]) -> None:
    server = answers(500)
    with writer(server.url) as vercel:
        assert isinstance(WRITES["promote"](vercel).error, PlatformError)
