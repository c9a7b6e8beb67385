"""The live stream: its fields, what it lacks, and every way in which it can be disturbed."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.logs import Answer, Gap, Line, LogFaults, Logs, Plan
from tests.sandbox.rows import DIGEST, OLD, happened, request

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(20)

PATH = "/v1/projects/prj_1/deployments/dpl_new/runtime-logs"
FIELDS = {
    *("rowId", "timestampInMs", "level", "message", "messageTruncated", "source", "domain", "requestMethod"),
    *("requestPath", "responseStatusCode"),
}


@contextmanager
def following(api: httpx.Client) -> Iterator[Iterator[str]]:
    """The lines of a stream that is open."""
    with api.stream("GET", PATH, params={"format": "lines"}) as response:
        response.raise_for_status()
        yield response.iter_lines()


def read(lines: Iterator[str], count: int) -> list[dict[str, Any]]:
    return [json.loads(next(lines)) for _ in range(count)]


def test_rows_come_with_these_fields_and_no_others(api: httpx.Client, logs: Logs) -> None:
    with following(api) as lines:
        happened(logs, 1, DIGEST)
        request, message = read(lines, 2)
    assert set(message) == set(request) == FIELDS
    assert (message["message"], message["level"], message["source"]) == (DIGEST, "error", "serverless")
    assert (request["message"], request["source"]) == ("", "request")
    for row in (message, request):
        assert (row["requestMethod"], row["requestPath"], row["domain"]) == ("POST", "/", "localhost:3000")
        assert row["responseStatusCode"] == 500


def test_what_was_before_is_not_shown_and_other_deployments_neither(api: httpx.Client, logs: Logs) -> None:
    happened(logs, 1, "before")
    with following(api) as lines:
        happened(logs, 2, "elsewhere", origin=OLD)
        happened(logs, 3, "here")
        assert [row["message"] for row in read(lines, 2)] == ["", "here"]


def test_the_stream_ends_with_a_delimiter_by_the_platforms_clock(api: httpx.Client, logs: Logs) -> None:
    with following(api) as lines:
        logs.clock.advance(300)
        [row] = read(lines, 1)
        assert list(lines) == []
    assert (row["rowId"], row["level"], row["source"]) == ("", "error", "delimiter")
    assert set(row) == FIELDS


def test_long_messages_are_cut_and_marked(api: httpx.Client, logs: Logs) -> None:
    logs.plan = Plan(message=10)
    with following(api) as lines:
        happened(logs, 1, "0123456789abc")
        [_, message] = read(lines, 2)
    assert (message["message"], message["messageTruncated"]) == ("0123456789", True)


@pytest.mark.parametrize(
    ("faults", "status"),
    [
        pytest.param(LogFaults(rate_limited=2, retry_after=7), 429, id="rate limited"),
        pytest.param(LogFaults(failing=2, failing_with=502), 502, id="failing"),
    ],
)
def test_requests_are_refused_as_often_as_asked(api: httpx.Client, logs: Logs, faults: LogFaults, status: int) -> None:
    logs.faults = faults
    for _ in range(2):
        answer = api.get(PATH)
        assert answer.status_code == status
        assert answer.json()["error"]["code"]
        assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    with following(api):
        pass


def test_a_request_hangs(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(hanging=1)
    with pytest.raises(httpx.ReadTimeout):
        api.get(PATH, timeout=0.2)


def test_a_stream_is_cut_and_the_next_one_rejected(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(cuts=1, cut_after=1, cut="reset", rejected_reconnects=1)
    with following(api) as lines:
        happened(logs, 1, "one")
        assert read(lines, 1)[0]["source"] == "request"
        with pytest.raises(httpx.RemoteProtocolError):
            next(lines)
    assert api.get(PATH).status_code == 503
    with following(api):
        pass


@pytest.mark.parametrize(("cut", "rest"), [("clean", 0), ("mid-line", 1)])
def test_a_stream_ends_as_if_complete_or_in_the_middle_of_a_row(
    api: httpx.Client, logs: Logs, cut: str, rest: int
) -> None:
    logs.faults = replace(LogFaults(cuts=1, cut_after=1), cut=cut)  # type: ignore[arg-type]
    with following(api) as lines:
        happened(logs, 1, "one")
        read(lines, 1)
        left = list(lines)
    assert len(left) == rest
    for line in left:
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            json.loads(line)


def test_rows_come_twice(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(duplicated=1.0)
    with following(api) as lines:
        happened(logs, 1, "one", ago=5)
        ids = [row["rowId"] for row in read(lines, 4)]
    assert len(set(ids)) == 2


def test_rows_overtake_each_other(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(reordered=2.0)
    with following(api) as lines:
        for number in range(10):
            happened(logs, number, str(number), path="/api/x", ago=10 - number / 10)
        seen = [row["timestampInMs"] for row in read(lines, 20)]
    assert seen != sorted(seen)


def test_rows_come_late_by_the_platforms_clock(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(late=60.0)
    with following(api) as lines:
        happened(logs, 1, "one")
        threading.Timer(0.1, logs.clock.advance, [30]).start()
        threading.Timer(0.3, logs.clock.advance, [30]).start()
        [row, _] = read(lines, 2)
    assert logs.clock.milliseconds - row["timestampInMs"] >= 60_000


def test_lines_are_damaged(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(malformed=1.0)
    with following(api) as lines:
        happened(logs, 1, "one")
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            json.loads(next(lines))


def test_rows_of_a_gap_never_come(api: httpx.Client, logs: Logs) -> None:
    now = logs.clock.milliseconds
    logs.faults = LogFaults(gaps=(Gap(now - 3_000, now - 1_500),))
    with following(api) as lines:
        happened(logs, 1, "lost", ago=2)
        happened(logs, 2, "there", ago=1)
        assert [row["message"] for row in read(lines, 2)] == ["", "there"]
    assert "lost" in {row.message for row in logs.truth}


def test_a_row_waits_for_its_status_but_not_for_long(api: httpx.Client, logs: Logs) -> None:
    asked = request(logs, ago=0)
    with following(api) as lines:
        logs.ledger.begin(asked)
        logs.ledger.wrote(asked.id, asked.origin, asked.at, Line("early"))
        logs.ledger.finish(asked.id, Answer(500))
        assert [row["responseStatusCode"] for row in read(lines, 2)] == [500, 500]
        slow = request(logs, 2, ago=0)
        logs.ledger.begin(slow)
        logs.ledger.wrote(slow.id, slow.origin, slow.at, Line("slow"))
        logs.clock.advance(1)
        assert [row["responseStatusCode"] for row in read(lines, 1)] == [0]


def test_an_unknown_deployment_is_not_found(api: httpx.Client) -> None:
    assert api.get(PATH.replace("dpl_new", "dpl_gone")).status_code == 404


def test_another_teams_project_is_not_shown(api: httpx.Client) -> None:
    assert api.get(PATH, params={"teamId": "team_2"}).status_code == 403
