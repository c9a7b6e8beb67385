"""What the real app writes reaches the platform's logs, attached to the request that made it write."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox import Sandbox
from sandbox.traffic import Call, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.logs import Row

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]

SENTINEL = "/api/inbox/conversations/2d0c3f7a-0000-4000-8000-00000000abcd"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A running sandbox for this file."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def traffic(sandbox: Sandbox) -> Iterator[Traffic]:
    """People's requests to a healthy sandbox whose logs begin here."""
    traffic = sandbox.traffic()
    sandbox.logs.store.clear()
    yield traffic
    sandbox.heal()


def rows(sandbox: Sandbox, wanted: Callable[[Row], bool] = lambda _row: True) -> list[Row]:
    """The rows so far."""
    sandbox.logs.wait_until_quiet()
    return [row for row in sandbox.logs.truth if wanted(row)]


def test_a_failed_action_leaves_three_rows(sandbox: Sandbox, traffic: Traffic) -> None:
    sandbox.break_("action-throws-variously")
    traffic.fail([5])
    found = rows(sandbox)
    assert [(row.kind, row.status, row.level) for row in found] == [
        ("function", 500, "error"),
        ("middleware", 500, ""),
        ("function", 500, ""),
    ]
    message = found[0].message
    assert "Error: The sync queue is full\n    at " in message
    assert "digest: '" in message
    assert len({row.request for row in found}) == 1


def test_requests_at_the_same_time_keep_their_lines_apart(sandbox: Sandbox, traffic: Traffic) -> None:
    paths = [f"{SENTINEL[:-4]}{number:04d}" for number in range(200)]
    assert traffic.send([Call("GET", path) for path in paths]) == [401] * 200
    written = rows(sandbox, lambda row: bool(row.message))
    assert sorted(row.request.path for row in written if row.request) == paths
    assert {(row.status, row.level) for row in written} == {(401, "warning")}


def test_an_answers_id_is_the_rows_id(sandbox: Sandbox, traffic: Traffic) -> None:
    answer = httpx.get(sandbox.url + SENTINEL, params={"a": "1"}, headers={"User-Agent": "probe/1"})
    [message, own] = rows(sandbox)
    assert message.request == own.request
    assert own.request is not None
    assert (own.request.id, own.request.query, own.request.user_agent) == (
        *(answer.headers["x-vercel-id"], "a=1", "probe/1"),
    )
    assert own.request.function == "/api/inbox/conversations/[id]"


def test_a_redirect_is_the_middlewares_and_a_script_is_static(sandbox: Sandbox, traffic: Traffic) -> None:
    httpx.get(sandbox.url + "/")
    httpx.get(sandbox.url + sandbox.visitor.dashboard_chunks()[0])
    kinds = [(row.kind, row.status) for row in rows(sandbox)]
    assert kinds[:2] == [("middleware", 307), ("redirect", 307)]
    assert kinds[-1] == ("static", 200)


def test_what_is_written_while_starting_has_no_request(sandbox: Sandbox, traffic: Traffic) -> None:
    sandbox.break_("read-api-off")
    said = (rows(sandbox, lambda row: row.request is None and "Ready in" in row.message) for _ in range(50))
    assert any(said)  # the server says it on its own output first


def test_lines_reach_the_live_stream_before_anything_else_happens(sandbox: Sandbox, traffic: Traffic) -> None:
    known = sandbox.platform_environment()
    deployment = sandbox.current_deployment
    url = f"{known['VERCEL_API_URL']}/v1/projects/{known['VERCEL_PROJECT_ID']}/deployments/{deployment}/runtime-logs"
    with httpx.stream(
        "GET",
        url,
        params={"format": "lines", "teamId": known["VERCEL_TEAM_ID"]},
        headers={"Authorization": f"Bearer {known['VERCEL_TOKEN']}"},
        timeout=60,
    ) as stream:
        lines = stream.iter_lines()
        for _ in range(10):
            traffic.unsigned(1, SENTINEL)
            seen = [json.loads(next(lines)) for _ in range(2)]
            assert {row["requestPath"] for row in seen} == {SENTINEL}


def test_the_platforms_clock_dates_everything(sandbox: Sandbox, traffic: Traffic) -> None:
    sandbox.clock.advance(-90)
    try:
        answer = httpx.get(sandbox.url + SENTINEL)
        now = time.time() * 1000
        found = rows(sandbox)
        assert len(found) == 2
        for at in (*(row.at for row in found), int(answer.headers["x-vercel-id"].split("-")[1])):
            assert now - at == pytest.approx(90_000, abs=5_000)
    finally:
        sandbox.clock.advance(90)


def test_a_build_is_staged_and_promoted_two_days_later(sandbox: Sandbox, traffic: Traffic) -> None:
    sandbox.stage("redeploy")
    before = sandbox.current_deployment
    sandbox.clock.advance(2 * 86_400)
    sandbox.promote("redeploy")
    assert sandbox.current_deployment != before
    known = sandbox.platform_environment()
    shown = httpx.get(
        f"{known['VERCEL_API_URL']}/v13/deployments/{sandbox.current_deployment}",
        params={"teamId": known["VERCEL_TEAM_ID"]},
        headers={"Authorization": f"Bearer {known['VERCEL_TOKEN']}"},
    ).json()
    assert shown["aliasAssignedAt"] - shown["createdAt"] == pytest.approx(2 * 86_400_000, abs=60_000)


def test_each_of_five_thousand_cron_calls_has_its_row(sandbox: Sandbox, traffic: Traffic) -> None:
    sandbox.break_("cron-fails")
    assert traffic.cron(5000) == [500] * 5000
    errors = rows(sandbox, lambda row: row.level == "error")
    assert len(errors) == 5000
    assert {row.status for row in errors} == {500}
