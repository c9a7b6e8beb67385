"""ClickHouse over HTTP: what goes wrong on the way is said with its cure, and is never an answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from postdeploy.logs import clickhouse
from postdeploy.logs.clickhouse import ClickHouse
from postdeploy.logs.files import open_source
from postdeploy.logs.warehouse import Warehouse
from postdeploy.logs.warehouse_sql import Questions
from postdeploy.model import UsageError
from postdeploy.runbook.reading import read_runbook

RUNBOOK = read_runbook()
ROW = b'{"now":1790000000000}\n'


class Answering:
    """A host that sends the same bytes to each request, and closes the connection."""

    def __init__(self) -> None:
        self.sent = b""
        self.waits = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def spec(self) -> str:
        return f"clickhouse://reader@127.0.0.1:{self.port}/logs?table=drains&secure=no"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    asked = b""
                    while b"\r\n\r\n" not in asked:
                        asked += connection.recv(65536)
                    length = int(asked.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                    body = asked.partition(b"\r\n\r\n")[2]
                    while len(body) < length:
                        body += connection.recv(65536)
                    if not self.sent:
                        self.waits.wait(10)
                    connection.sendall(self.sent)

    def close(self) -> None:
        self.waits.set()
        self._socket.close()


@pytest.fixture
def host() -> Iterator[Answering]:
    made = Answering()
    yield made
    made.close()


def answer(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(ROW), ROW)
WRONG = [
    pytest.param(answer(ROW, length=500), "its answer was interrupted: ask again", id="it ends before its length"),
    pytest.param(CHUNKED, "its answer was interrupted: ask again", id="chunks without an end"),
    pytest.param(
        b"HTTP/1.1 200 OK\r\n\r\n" + ROW, "does not say how long it is", id="an end that can't be told from a cut"
    ),
    pytest.param(
        answer(ROW + b"Code: 241. DB::Exception: Memory limit exceeded"), "ran out of memory", id="an error behind rows"
    ),
    pytest.param(
        answer(ROW + b'{"exception": "Code: 159. DB::Exception: Timeout exceeded"}\n'),
        "order the table by time, or ask for less with hours=",
        id="an error as a row",
    ),
    pytest.param(answer(b'{"at": null}\n'), "did not answer as ClickHouse does", id="a number that is missing"),
    pytest.param(answer(b'{"at": 1'), "did not answer as ClickHouse does", id="half a row"),
    pytest.param(answer(b"<html>welcome</html>"), "did not answer as ClickHouse does. Check host", id="a page"),
    pytest.param(answer(b"", "302 Found", "Location: /login"), "HTTP 302", id="a redirect"),
    pytest.param(answer(b"busy", "503 Service Unavailable"), "HTTP 503", id="a proxy"),
    pytest.param(
        answer(b"no", "403 Forbidden", "X-ClickHouse-Exception-Code: 516"),
        "check the user in the address",
        id="a password",
    ),
    pytest.param(
        answer(b"Code: 497. DB::Exception: Not enough privileges", "403 Forbidden"), "needs SELECT", id="a right"
    ),
    pytest.param(
        answer(b"Code: 60. DB::Exception: Unknown table", "404 Not Found"), "no such table: check table=", id="a table"
    ),
    pytest.param(
        answer(b"Code: 47. DB::Exception: Unknown identifier", "404 Not Found"), "schema=NAME chooses it", id="a column"
    ),
]


@pytest.mark.parametrize(("sent", "says"), WRONG)
def test_at_the_beginning_it_is_a_usage_error(host: Answering, sent: bytes, says: str) -> None:
    host.sent = sent
    with pytest.raises(UsageError, match=says):
        open_source(host.spec, runbook=RUNBOOK)


@pytest.mark.parametrize(("sent", "says"), [*WRONG, pytest.param(answer(b""), "what it was asked", id="nothing")])
def test_at_the_end_it_is_a_gap_and_nothing_is_covered(host: Answering, sent: bytes, says: str) -> None:
    host.sent = sent
    source = Warehouse(
        "drains", ClickHouse(urlsplit(host.spec)), Questions("drains", RUNBOOK.warehouse["vercel"], RUNBOOK)
    )
    news = list(source.read(1, lambda: True))
    assert [says in one.gap.why for one in news if one.gap] == [True]
    assert not any(one.covered or one.entries for one in news)


def test_a_host_that_never_answers(host: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clickhouse, "_TIMEOUT", httpx.Timeout(0.2))
    with pytest.raises(UsageError, match="did not answer within 60 s: order the table by time"):
        open_source(host.spec, runbook=RUNBOOK)


def test_no_host_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(UsageError, match="the host can't be reached"):
        open_source(f"clickhouse://reader@127.0.0.1:{port}/logs?table=drains&secure=no", runbook=RUNBOOK)


def test_an_answer_that_is_whole_is_one(host: Answering) -> None:
    host.sent = CHUNKED + b"0\r\n\r\n"
    assert ClickHouse(urlsplit(host.spec)).rows("SELECT 1") == [{"now": 1_790_000_000_000}]
    host.sent = answer(ROW)
    assert ClickHouse(urlsplit(host.spec)).rows("SELECT 1") == [{"now": 1_790_000_000_000}]


def test_a_message_that_quotes_an_error_is_a_message(host: Answering) -> None:
    """An app may log ClickHouse's own words."""
    row = b'{"text": "a", "said": "Code: 60. DB::Exception: Unknown table"}\n'
    host.sent = answer(row)
    (found,) = ClickHouse(urlsplit(host.spec)).rows("SELECT 1")
    assert found["text"] == "a"
