"""Logs in object storage and behind addresses: what is read, what is reported as not read, and that no secret is shown."""

from __future__ import annotations

import datetime as dt
import gzip
import importlib.util
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import msgspec
import pytest
import requests
from moto.server import ThreadedMotoServer

from postdeploy.analysis import saved_logs
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import RowMeaning
from postdeploy.logs import remote
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import open_source
from postdeploy.logs.protocol import News, Shows
from postdeploy.model import UsageError
from postdeploy.record import baselines
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import (
    drain_batches,
    drain_lines,
    export_csv,
    export_json,
    export_json_pretty,
    export_lines,
    healthy,
    rows,
    stream,
    throws,
    utf_16_lines,
)
from tests.servers import LOOK

ROWS = [
    LogEntry(at=1000 + at, message=f"row {at}", status=200, source="lambda", request_id=f"r{at}") for at in range(9)
]
SECRET = "hunter2secret"


def read(spec: str, done: Callable[[], bool] = lambda: True) -> list[News]:
    return list(open_source(spec).read(0, done))


def messages(news: list[News]) -> list[str]:
    return [entry.message for one in news for entry in one.entries]


def gaps(news: list[News]) -> list[str]:
    return [one.gap.why for one in news if one.gap]


# An object storage ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    """Moto's server: the S3 protocol over HTTP, on loopback."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def put(storage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Callable[[str, bytes], None]:
    """Puts an object into the bucket `logs`, which is empty at first."""
    requests.post(f"{storage}/moto-api/reset", timeout=10)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ENDPOINT_URL": storage,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="logs")
    return lambda key, body: client.put_object(Bucket="logs", Key=key, Body=body)


@pytest.fixture
def refusing(storage: str) -> Iterator[Callable[[], None]]:
    """From the call on the storage asks who is there."""

    def after(calls: bytes) -> None:
        requests.post(f"{storage}/moto-api/reset-auth", data=calls, timeout=10)

    yield lambda: after(b"0")
    after(b"inf")


def test_all_objects_that_match_are_read_in_order(put: Callable[[str, bytes], None]) -> None:
    put("drain/2.ndjson.gz", gzip.compress(drain_lines(ROWS[4:])))
    put("drain/1.ndjson.gz", gzip.compress(drain_lines(ROWS[:4])))
    put("drain/old/0.ndjson.gz", b"not asked for")
    put("drain/", b"")
    source = open_source("s3://logs/drain/*.ndjson.gz")
    assert Shows.STATUS | Shows.REQUEST_ID in source.shows
    assert messages(list(source.read(0, lambda: True))) == [one.message for one in ROWS]


def test_more_objects_than_one_page_lists(put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    for number in range(8):
        put(f"many/{number:04}", drain_lines([LogEntry(at=1000, message=str(number), source="lambda")]))
    assert messages(read("s3://logs/many/*")) == [str(number) for number in range(8)]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("a/*.x", ["1"]), ("a/**/*.x", ["1", "2"]), ("a/**", ["1", "2", "3"]), ("a/[!q].?", ["1"]), ("a/p.x", ["1"])],
)
def test_patterns_are_those_of_files(put: Callable[[str, bytes], None], pattern: str, found: list[str]) -> None:
    for key, message in {"a/p.x": "1", "a/b/c/q.x": "2", "a/b/r.y": "3", "ab/s.x": "4"}.items():
        put(key, drain_lines([LogEntry(at=1000, message=message, source="lambda")]))
    assert sorted(messages(read(f"s3://logs/{pattern}"))) == found


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("s3://logs/none/*", "no object matches"),
        ("s3://logs/none", "there is no object none. Name one, or a pattern in quotes"),
        ("s3://nowhere/a/*", "there is no bucket nowhere. Check its name, AWS_REGION and AWS_ENDPOINT_URL"),
        ("s3://logs/a/", "it names no object. Name those in it: --logs='s3://logs/a/*'"),
        ("s3://logs", "it names no object"),
        (f"s3://key:{SECRET}@logs/a", "Credentials come from the environment"),
        ("gopher://logs/a", "known are s3://BUCKET/KEY, https://HOST/PATH, files"),
        ("s3://logs/page", "it is a web page, perhaps a login page"),
        ("s3://logs/empty", "it is empty. Was it saved completely?"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error_with_the_cure(
    put: Callable[[str, bytes], None], spec: str, says: str
) -> None:
    put("page", b"<!doctype html>")
    put("empty", b"")
    with pytest.raises(UsageError, match=says.replace("*", r"\*").replace("?", r"\?")) as raised:
        open_source(spec)
    assert SECRET not in str(raised.value)


def test_without_credentials_it_says_which_are_looked_for(
    put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(UsageError, match=r"no AWS credentials were found\. Set AWS_ACCESS_KEY_ID and"):
        open_source("s3://logs/a/*")


def test_credentials_that_are_refused_and_rights_that_are_missing(
    put: Callable[[str, bytes], None], refusing: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a/1", drain_lines(ROWS))
    iam = boto3.client("iam")
    iam.create_user(UserName="runner")
    key = iam.create_access_key(UserName="runner")["AccessKey"]
    refusing()
    with pytest.raises(UsageError, match="the credentials were refused \\(InvalidAccessKeyId\\)"):
        open_source("s3://logs/a/*")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    with pytest.raises(UsageError, match=r"need s3:ListBucket on arn:aws:s3:::logs and s3:GetObject on .*logs/a/\*"):
        open_source("s3://logs/a/*")


def test_without_boto3_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'postdeploy\[s3\]'"):
        open_source("s3://logs/a")


def test_objects_that_are_added_while_it_is_watched_are_read(
    put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_LIST_EVERY", 0.0)
    put("a/1", drain_lines(ROWS[:2]))
    source = open_source("s3://logs/a/*")
    additions = [("a/1", ROWS[:1]), ("a/2", ROWS[2:5])]

    def done() -> bool:
        if not additions:
            return True
        key, rows = additions.pop()
        put(key, drain_lines(rows))
        return False

    found = list(source.read(0, done))
    assert sorted(messages(found)) == [one.message for one in ROWS[:5]]
    assert gaps(found) == ["a/1: it was replaced while it was read"]


def test_an_object_that_cannot_be_read_is_a_gap_and_the_others_are_read(put: Callable[[str, bytes], None]) -> None:
    put("a/1", drain_lines(ROWS[:2]))
    put("a/2.gz", gzip.compress(drain_lines(ROWS[2:5]))[:-9])
    put("a/3", b"PK\x03\x04" + bytes(99))
    put("a/4", drain_lines(ROWS[5:]))
    found = read("s3://logs/a/*")
    assert set(messages(found)) >= {one.message for one in [*ROWS[:2], *ROWS[5:]]}
    assert [why.partition(":")[0] for why in gaps(found)] == ["a/2.gz", "a/3"]


KINDS: dict[str, Callable[[Any], bytes]] = {
    "lines": export_lines,
    "an array": export_json,
    "a pretty array": export_json_pretty,
    "a table": export_csv,
    "a drain": drain_lines,
    "a drain's arrays": drain_batches,
    "UTF-16": utf_16_lines,
    "the live stream": stream,
}
MANY = rows([*healthy(400), *(throws(word, 60) for word in "ABCD")])


def ledger_of(spec: str) -> Tally:
    reading = Ingestion(read_runbook(), dt.date(2026, 11, 25), 0)
    for _ in reading.read(open_source(spec)):
        pass
    return reading.ledger.tally()


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("write", KINDS.values(), ids=KINDS)
def test_what_is_kept_elsewhere_is_counted_like_a_file(
    write: Callable[[Any], bytes], put: Callable[[str, bytes], None], tmp_path: Path, *, compressed: bool
) -> None:
    content = gzip.compress(write(MANY)) if compressed else write(MANY)
    put("a/1", content)
    (tmp_path / "1").write_bytes(content)
    there, here = ledger_of("s3://logs/a/*"), ledger_of(str(tmp_path / "1"))
    assert there == here
    assert there.unique == 4


def test_objects_of_several_kinds_are_counted_together(put: Callable[[str, bytes], None]) -> None:
    for number, write in enumerate(KINDS.values()):
        if write is not stream:
            put(
                f"a/{number}",
                write([msgspec.structs.replace(one, request_id=f"{number}-{one.request_id}") for one in MANY]),
            )
    assert ledger_of("s3://logs/a/*").actions == ledger_of("s3://logs/a/0").actions * (len(KINDS) - 1)


@pytest.mark.parametrize("write", [export_lines, export_json, drain_lines], ids=["lines", "an array", "a drain"])
def test_most_kinds_are_read_by_the_block(
    write: Callable[[Any], bytes], put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a/1", gzip.compress(write(MANY)))
    alone: list[str] = []
    read_one = SignalReader.read

    def counted(self: SignalReader, entry: LogEntry) -> RowMeaning:
        alone.append(entry.message)
        return read_one(self, entry)

    monkeypatch.setattr(SignalReader, "read", counted)
    assert ledger_of("s3://logs/a/*").unique == 4
    assert len(alone) <= len("ABCD"), "only lines of errors"


# An address -----------------------------------------------------------------------------------------------------------

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def answering() -> Iterator[Callable[[Answer], str]]:
    """A web server that answers every GET in one way; its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            do_GET = answer  # noqa: N815 - as its base class calls it

            def log_message(self, *_: object) -> None:
                pass

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        Thread(target=servers[-1].serve_forever, args=(LOOK,), daemon=True).start()
        return f"127.0.0.1:{servers[-1].server_port}"

    yield serve
    for one in servers:
        one.shutdown()
        one.server_close()


def body(content: bytes, status: int = 200, length: int | None = None) -> Answer:
    """An answer that says it is `length` bytes long."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(content) if length is None else length))
        request.end_headers()
        request.wfile.write(content)
        request.close_connection = True

    return answer


def without_length(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    request.wfile.write(drain_lines(ROWS))
    request.close_connection = True


def test_a_log_behind_an_address_is_read(answering: Callable[[Answer], str]) -> None:
    host = answering(body(gzip.compress(export_lines(ROWS))))
    source = open_source(f"http://user:{SECRET}@{host}/logs/export.gz?X-Amz-Signature={SECRET}#{SECRET}")
    assert source.name == f"http://{host}/logs/export.gz"
    assert messages(list(source.read(0, lambda: True))) == [one.message for one in ROWS]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (body(b"<Error>no</Error>", 403), "HTTP 403: access denied. A signed address may have expired: get a new one"),
        (body(b"", 404), "HTTP 404: nothing is kept there"),
        (body(b"", 500), "HTTP 500, not 200"),
        (body(b"<html>sign in</html>"), "it is a web page, perhaps a login page"),
        (without_length, "does not say how long it is"),
        (body(drain_lines(ROWS)[:40], length=4000), "the connection ended before all of it was received"),
    ],
    ids=["403", "404", "500", "page", "without a length", "cut off"],
)
def test_an_address_that_cannot_be_used_is_a_usage_error_without_its_secret(
    answering: Callable[[Answer], str], answer: Answer, says: str
) -> None:
    spec = f"http://user:{SECRET}@{answering(answer)}/x?sig={SECRET}"
    for open_it in (open_source, lambda one: baselines.from_file(one, read_runbook())):
        with pytest.raises(UsageError, match=says) as raised:
            open_it(spec)
        assert SECRET not in str(raised.value)


def test_an_address_that_does_not_answer(answering: Callable[[Answer], str]) -> None:
    with pytest.raises(UsageError, match=r"http://127\.0\.0\.1:1/x can't be used: the host can't be reached"):
        open_source(f"http://127.0.0.1:1/x?sig={SECRET}")


@pytest.mark.parametrize("scheme", ["http", "s3"])
def test_what_is_cut_off_is_never_taken_for_the_whole(
    scheme: str, answering: Callable[[Answer], str], put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = drain_lines(ROWS * 500)
    host = answering(body(content, length=len(content) + 100))
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
    spec = "s3://logs/a" if scheme == "s3" else f"http://{host}/logs/a?sig={SECRET}"
    said = saved_logs.examine([spec], saved_logs.LogQuery(), read_runbook(), dt.date(2026, 11, 25))
    assert not said.proof.proven
    assert any("the connection ended before all of it was received" in why for why in said.proof.missing)
    assert SECRET not in repr(said)
    baseline = baselines.from_file(spec, read_runbook())
    assert "not all of it" in baseline.name
    assert SECRET not in baseline.name


@pytest.mark.parametrize("scheme", ["http", "s3"])
def test_memory_is_bounded_however_long_an_object_is(
    scheme: str, answering: Callable[[Answer], str], put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = drain_lines([LogEntry(at=1000, message="x" * 1000, source="lambda", request_id="a")]) * 100

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(80 * len(piece)))
        request.end_headers()
        try:
            for _ in range(80):
                request.wfile.write(piece)
        except ConnectionError:  # its beginning was enough
            request.close_connection = True

    host = answering(endless)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
    source = open_source("s3://logs/a" if scheme == "s3" else f"http://{host}/logs/a")
    tracemalloc.start()
    count = sum(len(news.entries) for news in source.read(0, lambda: True))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1, "all are the same"
    assert peak < 6 << 20, f"{peak >> 20} MB of {80 * len(piece) >> 20} MB"
