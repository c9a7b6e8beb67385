"""The platform's API: what is asked, how often, and what its answers mean."""

from __future__ import annotations

import time
from email.utils import formatdate

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from postdeploy.model import Blocked
from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.deployments import PlatformDeployment, Switch, find, previous, production, switched
from postdeploy.vercel.errors import PlatformError, refusal
from postdeploy.vercel.retry import RetryPolicy

PATIENCE = RetryPolicy(attempts=3, answer=2.0)
DEPLOYMENT = {
    "id": "dpl_2",
    "url": "inbox-2.vercel.app",
    "createdAt": 1_000,
    "readyState": "READY",
    "readySubstate": "PROMOTED",
    "target": "production",
    "aliasAssigned": True,
    "alias": ["app.example.com"],
    "team": {"id": "team_1"},
}


class Pauses(list[float]):
    """Sleeps that take no time."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(server: HTTPServer, pauses: Pauses | None = None, patience: RetryPolicy = PATIENCE) -> Vercel:
    access = Access(Secret("the-token"), "prj_1", "team_1", server.url_for("").rstrip("/"))
    return Vercel(access, patience, sleep=pauses if pauses is not None else Pauses())


# How it asks ---------------------------------------------------------------------------------------------------------------


def test_every_question_says_who_asks_and_for_which_team(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response('{"id": "dpl_2"}')

    httpserver.expect_request("/v13/deployments/app.example.com").respond_with_handler(answer)
    with client(httpserver) as vercel:
        find(vercel, "app.example.com")
    [request] = seen
    assert request.headers["authorization"] == "Bearer the-token"
    assert request.headers["user-agent"].startswith("postdeploy/")
    assert request.args["teamId"] == "team_1"


def test_the_token_is_shown_nowhere(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v13/deployments/x").respond_with_data("nothing", status=404)
    with client(httpserver) as vercel:
        with pytest.raises(PlatformError) as refused:
            find(vercel, "x")
        assert "the-token" not in repr(vercel.access) + str(refused.value)


def test_a_stand_in_also_stands_in_for_the_dashboard() -> None:
    assert Access(Secret("t"), "p").dashboard == "https://vercel.com"
    assert Access(Secret("t"), "p", base="http://127.0.0.1:1").dashboard == "http://127.0.0.1:1"


@pytest.mark.parametrize("trouble", ["500", "503", "malformed", "another shape", "429"])
def test_what_passes_is_asked_again(httpserver: HTTPServer, trouble: str) -> None:
    bad = {
        "500": Response("no", 500),
        "503": Response("no", 503),
        "malformed": Response("<html>", 200),
        "another shape": Response('{"id": {}}', 200),
        "429": Response("{}", 429, {"retry-after": "2"}),
    }[trouble]
    pauses = Pauses()
    httpserver.expect_ordered_request("/v13/deployments/x").respond_with_response(bad)
    httpserver.expect_ordered_request("/v13/deployments/x").respond_with_json(DEPLOYMENT)
    with client(httpserver, pauses) as vercel:
        assert find(vercel, "x").id == "dpl_2"
    assert len(pauses) == 1
    assert pauses == [2.0] or trouble != "429"


def test_patience_ends(httpserver: HTTPServer) -> None:
    pauses = Pauses()
    httpserver.expect_request("/v13/deployments/x").respond_with_data("no", status=502)
    with client(httpserver, pauses) as vercel, pytest.raises(PlatformError, match="502"):
        find(vercel, "x")
    assert len(pauses) == 2
    assert pauses[0] < pauses[1]


def test_an_hour_is_not_waited_for(httpserver: HTTPServer) -> None:
    pauses = Pauses()
    httpserver.expect_request("/v13/deployments/x").respond_with_data("{}", status=429, headers={"retry-after": "3600"})
    with client(httpserver, pauses) as vercel, pytest.raises(PlatformError, match="429"):
        find(vercel, "x")
    assert pauses == []


def test_nobody_there_is_said_as_such() -> None:
    access = Access(Secret("t"), "p", base="http://127.0.0.1:9")
    with Vercel(access, PATIENCE, sleep=Pauses()) as vercel, pytest.raises(PlatformError, match="can't be reached"):
        find(vercel, "x")


@pytest.mark.parametrize(
    ("status", "cure"),
    [(401, "VERCEL_TOKEN"), (403, "VERCEL_TEAM_ID"), (404, "VERCEL_PROJECT_ID"), (402, "plan"), (400, "Report")],
)
def test_a_refusal_is_final_and_brings_its_cure(httpserver: HTTPServer, status: int, cure: str) -> None:
    pauses = Pauses()
    body = {"error": {"code": "forbidden", "message": "Not authorized"}}
    httpserver.expect_request("/v13/deployments/x").respond_with_json(body, status=status)
    with client(httpserver, pauses) as vercel, pytest.raises(Blocked) as refused:
        find(vercel, "x")
    assert isinstance(refused.value, PlatformError)
    assert (refused.value.status, refused.value.code) == (status, "forbidden")
    assert "Not authorized" in refused.value.what
    assert cure in refused.value.cure
    assert pauses == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"retry-after": "7"}, 7, id="seconds"),
        pytest.param(
            {"retry-after": formatdate(1_030, usegmt=True), "date": formatdate(1_000, usegmt=True)}, 30, id="a date"
        ),
        pytest.param(
            {"x-ratelimit-reset": "1030", "date": formatdate(1_000, usegmt=True)}, 30, id="the end of the limit"
        ),
        pytest.param({}, None, id="nothing"),
        pytest.param({"retry-after": "soon"}, None, id="nonsense"),
    ],
)
def test_how_long_to_wait_is_read_in_every_way_it_is_written(headers: dict[str, str], seconds: float | None) -> None:
    assert refusal(httpx.Response(429, headers=headers, text="[]"), "GET /").retry_after == seconds


# Deployments ---------------------------------------------------------------------------------------------------------------


def test_a_deployment_is_read_from_every_shape(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v13/deployments/app.example.com").respond_with_json(DEPLOYMENT)
    page = {"deployments": [{"uid": "dpl_1", "created": 5, "state": "READY", "aliasAssigned": 7, "target": None}]}
    httpserver.expect_request("/v7/deployments").respond_with_json(page)
    with client(httpserver) as vercel:
        assert find(vercel, "app.example.com") == PlatformDeployment(
            "dpl_2",
            "inbox-2.vercel.app",
            1_000,
            "READY",
            "PROMOTED",
            "production",
            None,
            ("app.example.com",),
            "team_1",
        )
        assert list(production(vercel)) == [PlatformDeployment("dpl_1", "", 5, "READY", alias_assigned=7)]


def test_the_list_is_paged(httpserver: HTTPServer) -> None:
    first = {"deployments": [{"uid": "a"}], "pagination": {"next": 17}}
    query = {"projectId": "prj_1", "target": "production", "limit": "20", "teamId": "team_1"}
    httpserver.expect_request("/v7/deployments", query_string=query).respond_with_json(first)
    httpserver.expect_request("/v7/deployments", query_string=query | {"until": "17"}).respond_with_json(
        {"deployments": [{"uid": "b"}], "pagination": {"next": None}}
    )
    with client(httpserver) as vercel:
        assert [one.id for one in production(vercel)] == ["a", "b"]


@pytest.mark.parametrize(
    ("alias", "asked", "deployment", "switch"),
    [
        pytest.param({"deploymentId": "dpl_2", "updatedAt": 90}, None, {}, Switch(90, "alias"), id="the alias says it"),
        pytest.param(
            {"deploymentId": "dpl_2", "updatedAt": "1970-01-01T00:00:00.090Z"},
            None,
            {},
            Switch(90, "alias"),
            id="in ISO",
        ),
        pytest.param(
            None,
            {"toDeploymentId": "dpl_2", "jobStatus": "succeeded", "requestedAt": 80},
            {},
            Switch(80, "promotion"),
            id="the last promotion says it",
        ),
        pytest.param(
            {"deploymentId": "dpl_1", "updatedAt": 90},
            {"toDeploymentId": "dpl_1", "jobStatus": "succeeded", "requestedAt": 80},
            {"alias_assigned": 70},
            Switch(70, "assignment"),
            id="both are about another one",
        ),
        pytest.param(None, None, {"created_at": 60}, Switch(60, "creation"), id="only its creation is known"),
    ],
)
def test_production_traffic_was_switched_when_the_alias_moved(
    httpserver: HTTPServer,
    alias: dict[str, object] | None,
    asked: dict[str, object] | None,
    deployment: dict[str, int],
    switch: Switch,
) -> None:
    if alias:
        httpserver.expect_request("/v4/aliases/app.example.com").respond_with_json(alias)
    else:
        httpserver.expect_request("/v4/aliases/app.example.com").respond_with_data("{}", status=404)
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({"lastAliasRequest": asked})
    with client(httpserver) as vercel:
        assert switched(vercel, "app.example.com", PlatformDeployment("dpl_2", **deployment)) == switch  # type: ignore[arg-type]


def test_before_this_one_was_what_the_last_switch_left(httpserver: HTTPServer) -> None:
    """After a rollback the newest creation is the one that was rolled back from; here the current one is older."""
    asked = {"toDeploymentId": "dpl_1", "fromDeploymentId": "dpl_2", "jobStatus": "succeeded"}
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({"lastAliasRequest": asked})
    httpserver.expect_request("/v13/deployments/dpl_2").respond_with_json(DEPLOYMENT)
    with client(httpserver) as vercel:
        found = previous(vercel, PlatformDeployment("dpl_1"))
    assert found is not None
    assert found.id == "dpl_2"


def test_without_a_known_switch_it_is_the_newest_that_was_live(httpserver: HTTPServer) -> None:
    def one(name: str, created: int, substate: str = "PROMOTED", **more: object) -> dict[str, object]:
        return {"uid": name, "created": created, "state": "READY", "readySubstate": substate, **more}

    page = [one("now", 9), one("staged", 8, "STAGED"), one("gone", 7, deleted=1), one("older", 5), one("before", 6)]
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({"lastAliasRequest": None})
    httpserver.expect_request("/v7/deployments").respond_with_json({"deployments": page})
    with client(httpserver) as vercel:
        found = previous(vercel, PlatformDeployment("now"))
    assert found is not None
    assert found.id == "before"


def test_the_first_deployment_has_none_before_it(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({})
    httpserver.expect_request("/v7/deployments").respond_with_json({"deployments": []})
    with client(httpserver) as vercel:
        assert previous(vercel, PlatformDeployment("now")) is None


# The clock -----------------------------------------------------------------------------------------------------------------


class Time:
    """Both of our clocks, and a platform's that is ahead."""

    def __init__(self, ahead: float) -> None:
        self.real = 1_790_000_000.4
        self.ahead = ahead

    def wall(self) -> float:
        return self.real

    def monotonic(self) -> float:
        return self.real - 1_789_000_000

    def answer(self, clock: Clock, took: float = 0.1) -> None:
        asked = self.monotonic()
        self.real += took
        date = formatdate(self.real - took / 2 + self.ahead, usegmt=True)
        clock.learn(httpx.Response(200, headers={"date": date}), asked)


@pytest.mark.parametrize("ahead", [0.0, 172_800.0, -7.3])
def test_the_platforms_time_lies_between_the_bounds(ahead: float) -> None:
    world = Time(ahead)
    clock = Clock(world.monotonic, world.wall)
    for _ in range(20):
        world.answer(clock)
        world.real += 0.37
        assert clock.earliest() <= (world.real + ahead) * 1000 <= clock.latest()
    assert clock.latest() - clock.earliest() < 500
    assert abs(clock.offset() - ahead) < 0.5


def test_our_own_clock_stands_in_until_the_first_answer() -> None:
    world = Time(100)
    clock = Clock(world.monotonic, world.wall)
    assert not clock.known
    assert abs(clock.now() - world.real * 1000) <= 1
    assert clock.offset() == pytest.approx(0, abs=0.01)


def test_a_clock_that_was_set_is_believed_anew() -> None:
    world = Time(0)
    clock = Clock(world.monotonic, world.wall)
    world.answer(clock)
    world.ahead = 3_600
    world.answer(clock)
    assert abs(clock.offset() - 3_600) < 1


def test_an_answer_out_of_a_cache_tells_no_time() -> None:
    clock = Clock()
    clock.learn(httpx.Response(200, headers={"date": formatdate(0, usegmt=True), "age": "9"}), time.monotonic())
    clock.learn(httpx.Response(200, headers={"date": "today"}), time.monotonic())
    clock.learn(httpx.Response(200), time.monotonic())
    assert not clock.known
