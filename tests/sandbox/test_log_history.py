"""Both histories of the logs: what each shows and lacks, paging, retention, and how they are disturbed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.logs import Gap, LogFaults, Logs, Plan
from sandbox.platform.events import FIELDS
from tests.sandbox.rows import DIGEST, OLD, happened

if TYPE_CHECKING:
    import httpx

    from sandbox.logs.faults import Boundary

pytestmark = pytest.mark.timeout(20)

EVENTS = "/v1/observability/events"
REQUESTS = "/api/logs/request-logs"
OLDER = {"projectId": "prj_1", "ownerId": "team_1"}
SCOPE = {"ownerId": "team_1", "projectIds": ["prj_1"]}


def question(logs: Logs, event: str = "vercel.log", *, minutes: float = 30, **more: Any) -> dict[str, Any]:
    now = logs.clock.milliseconds
    span = {"start": logs.clock.iso(int(now - minutes * 60_000)), "end": logs.clock.iso(now + 1)}
    return {"event": event, "scope": SCOPE, "timeRange": span, "select": list(FIELDS[event])} | more


def ask(api: httpx.Client, logs: Logs, event: str = "vercel.log", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = api.post(EVENTS, json=question(logs, event, **more)).raise_for_status().json()
    return answer


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def test_events_are_what_was_written_without_a_status(api: httpx.Client, logs: Logs) -> None:
    happened(logs, 1, DIGEST)
    [event] = ask(api, logs)["events"]
    assert set(event) == {"timestamp", *FIELDS["vercel.log"]}
    assert (event["message"], event["level"], event["source"], event["requestMethod"]) == (
        *(DIGEST, "error", "function", "POST"),
    )


def test_events_hold_only_what_was_selected(api: httpx.Client, logs: Logs) -> None:
    happened(logs, 1, "one")
    [event] = ask(api, logs, select=["message"])["events"]
    assert set(event) == {"timestamp", "message"}


def test_requests_need_observability_plus_and_have_no_messages(api: httpx.Client, logs: Logs) -> None:
    happened(logs, 1, DIGEST)
    assert api.post(EVENTS, json=question(logs, "vercel.proxy_response")).status_code == 402
    logs.plan = Plan(observability_plus=True)
    [event] = ask(api, logs, "vercel.proxy_response")["events"]
    assert set(event) == {"timestamp", *FIELDS["vercel.proxy_response"]}
    assert (event["httpStatus"], event["clientUserAgent"]) == (500, "Mozilla/5.0")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('deploymentId:"dpl_new"', ["new"], id="deployment"),
        pytest.param('(deploymentId:"dpl_old") AND (level:(error OR fatal))', ["old"], id="as the command writes it"),
        pytest.param("NOT deploymentId:dpl_new", ["old"], id="not"),
        pytest.param("level != error", [], id="unequal"),
        pytest.param("message:*ew", ["new"], id="wildcard"),
        pytest.param("requestId:* AND message:old", ["old"], id="present"),
        pytest.param("deploymentId:dpl_old OR deploymentId:dpl_new", ["new", "old"], id="or"),
    ],
)
def test_events_are_filtered(api: httpx.Client, logs: Logs, text: str, found: list[str]) -> None:
    happened(logs, 1, "old", origin=OLD, ago=2)
    happened(logs, 2, "new")
    assert messages(ask(api, logs, filter=text)) == found


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"event": "vercel.nothing"}, id="event"),
        pytest.param({"filter": "nothing:1"}, id="unknown field"),
        pytest.param({"filter": "level:(error"}, id="open parenthesis"),
        pytest.param({"select": ["httpStatus"]}, id="a field of the other event"),
        pytest.param({"limit": 1001}, id="limit"),
        pytest.param({"order": "up"}, id="order"),
        pytest.param({"cursor": "x"}, id="cursor"),
        pytest.param({"timeRange": {"start": "now", "end": "later"}}, id="time"),
    ],
)
def test_a_question_that_cannot_be_understood_is_refused(api: httpx.Client, logs: Logs, wrong: dict[str, Any]) -> None:
    answer = api.post(EVENTS, json=question(logs) | wrong)
    assert answer.status_code == 400
    assert answer.json()["error"]["issues"]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_events_are_paged_while_more_happen(api: httpx.Client, logs: Logs, order: str) -> None:
    for number in range(7):
        happened(logs, number, str(number), ago=10 - number)
    seen, cursor = [], None
    while True:
        body = question(logs, limit=2, order=order) | ({"cursor": cursor} if cursor else {})
        page = api.post(EVENTS, json=body).json()
        seen += messages(page)
        happened(logs, 100 + len(seen), "meanwhile", ago=-60 if order == "desc" else 600)
        if not page["pagination"]["hasMore"]:
            break
        cursor = page["pagination"]["nextCursor"]
    assert [one for one in seen if one != "meanwhile"] == sorted("0123456", reverse=order == "desc")


@pytest.mark.parametrize(("boundary", "seen"), [("exact", 3), ("skipped", 2), ("repeated", 4)])
def test_rows_of_one_millisecond_may_be_lost_or_repeated_between_pages(
    api: httpx.Client, logs: Logs, boundary: Boundary, seen: int
) -> None:
    logs.faults = LogFaults(boundary=boundary)
    rows = happened(logs, 1, "0", ago=3)
    logs.store.add(*(replace(rows[0], id=f"same-{number}", message=str(number)) for number in (1, 2)))
    first = ask(api, logs, limit=2)
    second = ask(api, logs, limit=4, cursor=first["pagination"]["nextCursor"])
    assert len(first["events"] + second["events"]) == seen


def test_a_page_may_be_too_large(api: httpx.Client, logs: Logs) -> None:
    logs.plan = Plan(largest_page=2)
    for number in range(3):
        happened(logs, number, str(number))
    answer = api.post(EVENTS, json=question(logs))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "result_too_large")
    assert len(ask(api, logs, limit=2)["events"]) == 2


def test_what_is_older_than_the_retention_is_refused_or_gone(api: httpx.Client, logs: Logs) -> None:
    logs.plan = Plan(retention=3600)
    happened(logs, 1, "old", ago=4000)
    answer = api.post(EVENTS, json=question(logs, minutes=90))
    assert answer.status_code == 400
    assert "retention" in answer.json()["error"]["message"]
    assert api.get(REQUESTS, params=OLDER).json()["rows"] == []


def test_excluded_intervals_are_told_unless_they_are_not(api: httpx.Client, logs: Logs) -> None:
    happened(logs, 1, "lost", ago=5)
    happened(logs, 2, "there")
    now = logs.clock.milliseconds
    logs.faults = LogFaults(gaps=(Gap(now - 10_000, now - 3_000), Gap(now - 60_000, now - 50_000, reported=False)))
    answer = ask(api, logs)
    assert messages(answer) == ["there"]
    assert answer["meta"]["excludedIntervals"] == [
        {"start": logs.clock.iso(now - 10_000), "end": logs.clock.iso(now - 3_000)}
    ]


def test_the_older_history_has_requests_with_what_they_wrote(api: httpx.Client, logs: Logs) -> None:
    happened(logs, 1, DIGEST, ago=2)
    happened(logs, 2, status=200, path="/api/inbox/counts")
    answer = api.get(REQUESTS, params=OLDER).json()
    assert [(row["requestPath"], row["statusCode"], len(row["logs"])) for row in answer["rows"]] == [
        ("/api/inbox/counts", 200, 0),
        ("/", 500, 1),
    ]
    assert set(answer["rows"][1]) == {
        *("requestId", "timestamp", "deploymentId", "requestMethod", "requestPath", "statusCode", "environment"),
        *("branch", "cache", "cacheReason", "pprState", "traceId", "domain", "logs", "events"),
    }
    assert answer["rows"][1]["logs"] == [{"level": "error", "message": DIGEST, "messageTruncated": False}]
    assert answer["hasMoreRows"] is False


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"deploymentId": "dpl_new"}, ["/b", "/a"], id="deployment"),
        pytest.param({"statusCode": "5xx"}, ["/a"], id="class of status"),
        pytest.param({"statusCode": "200"}, ["/c", "/b"], id="status"),
        pytest.param({"level": "error,fatal"}, ["/a"], id="level"),
        pytest.param({"search": "boom"}, ["/a"], id="search"),
    ],
)
def test_the_older_history_is_filtered(api: httpx.Client, logs: Logs, query: dict[str, str], found: list[str]) -> None:
    happened(logs, 1, "boom", ago=3, path="/a")
    happened(logs, 2, ago=2, path="/b", status=200)
    happened(logs, 3, ago=1, path="/c", status=200, origin=OLD)
    assert [row["requestPath"] for row in api.get(REQUESTS, params=OLDER | query).json()["rows"]] == found


def test_the_older_history_is_paged(api: httpx.Client, logs: Logs) -> None:
    for number in range(120):
        happened(logs, number, ago=200 - number)
    pages = [api.get(REQUESTS, params=OLDER | {"page": str(number)}).json() for number in range(3)]
    assert [len(page["rows"]) for page in pages] == [50, 50, 20]
    assert [page["hasMoreRows"] for page in pages] == [True, True, False]


@pytest.mark.parametrize(
    ("plan", "newer", "older"),
    [
        pytest.param(Plan(), 200, 200, id="both"),
        pytest.param(Plan(histories=frozenset({"64"})), 200, 404, id="64 only"),
        pytest.param(Plan(histories=frozenset({"63"})), 404, 200, id="63 only"),
        pytest.param(Plan(histories=frozenset()), 404, 404, id="none"),
    ],
)
def test_clients_must_find_out_which_histories_there_are(
    api: httpx.Client, logs: Logs, plan: Plan, newer: int, older: int
) -> None:
    logs.plan = plan
    assert api.post(EVENTS, json=question(logs)).status_code == newer
    assert api.get(REQUESTS, params=OLDER).status_code == older


def test_no_history_is_a_fault_too(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(no_history=True)
    assert api.post(EVENTS, json=question(logs)).status_code == 404


def test_late_rows_are_late_in_the_histories_too(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(late=60.0)
    happened(logs, 1, "one")
    assert messages(ask(api, logs)) == []
    logs.clock.advance(60)
    assert messages(ask(api, logs)) == ["one"]


def test_rows_come_twice_and_out_of_order(api: httpx.Client, logs: Logs) -> None:
    logs.faults = LogFaults(duplicated=1.0, reordered=1.0)
    for number in range(10):
        happened(logs, number, str(number), ago=60 - number / 10)
    seen = messages(ask(api, logs))
    assert sorted(seen) == sorted("01234567890123456789")
    assert seen != sorted(seen, reverse=True)


def test_another_scope_sees_nothing(api: httpx.Client, logs: Logs) -> None:
    assert api.post(EVENTS, json=question(logs, scope={"ownerId": "team_2"})).status_code == 404
    assert api.post(EVENTS, json=question(logs), params={"teamId": "team_2"}).status_code == 403
    assert api.get(REQUESTS, params=OLDER | {"ownerId": "team_2"}).status_code == 403
    del api.headers["Authorization"]
    assert api.post(EVENTS, json=question(logs)).status_code == 403
    assert api.get(REQUESTS, params=OLDER).status_code == 403
