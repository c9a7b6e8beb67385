"""The front door, in front of a small deployment that shows what it was sent."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiohttp import web

from sandbox.deployments import Deployment, Deployments
from sandbox.edge import Edge, InboxServed, WorkspaceSwitched
from sandbox.edge.protection import Protection
from sandbox.logs import Logs
from sandbox.serving import Loop, Site, free_port
from tests.sandbox.wire import NO_TLS

if TYPE_CHECKING:
    from collections.abc import Iterator

BYPASS = "x-vercel-protection-bypass"
EXCHANGE = {BYPASS: "s3cret", "x-vercel-set-bypass-cookie": "true"}
LIST = "/api/inbox/conversations"
GO_ON = web.AppKey("go_on", asyncio.Event)


def upstream(name: str) -> web.Application:
    """A deployment that tells its name."""

    async def echo(request: web.Request) -> web.Response:
        body = await request.text()
        seen = {name.lower(): value for name, value in request.headers.items()}
        return web.json_response({"deployment": name, "target": request.raw_path, "headers": seen, "body": body})

    async def cookies(_request: web.Request) -> web.Response:
        response = web.Response(status=307, headers={"Location": "http://localhost:1/auth/login?x=%2F"})
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/x-component"})
        await response.prepare(request)
        await response.write(b"0:first\n")
        await request.app[GO_ON].wait()
        await response.write(b"1:second\n")
        return response

    async def cut_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    async def empty(_request: web.Request) -> web.Response:
        return web.Response(status=500)

    async def not_modified(_request: web.Request) -> web.Response:
        return web.Response(status=304, headers={"ETag": '"e"'})

    application = web.Application()
    application[GO_ON] = asyncio.Event()
    application.router.add_route("GET", "/cookies", cookies)
    application.router.add_route("GET", "/stream", stream)
    application.router.add_route("GET", "/cut-off", cut_off)
    application.router.add_route("GET", "/empty", empty)
    application.router.add_route("GET", "/not-modified", not_modified)
    application.router.add_route("*", "/{path:.*}", echo)
    return application


@dataclass
class Door:
    """A running edge with two deployments, and a client in front of it."""

    loop: Loop
    edge: Edge
    client: httpx.Client
    first: Deployment
    second: Deployment
    go_on: asyncio.Event
    logs: Logs
    acted: list[str] = field(default_factory=list)

    async def act(self) -> None:
        self.acted.append("acted")

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def door(loop: Loop) -> Iterator[Door]:
    """An edge whose production domain leads to the first of two deployments."""
    port = free_port()
    deployments = Deployments(port)
    logs = Logs(deployments.clock)
    edge = Edge(deployments, logs)
    sites = []
    running = []
    for name in ("first", "second"):
        application = upstream(name)
        site = loop.run(Site.serve(application))
        running.append(application)
        sites.append((site, Deployment(f"dpl_{name}", f"http://127.0.0.1:{site.port}")))
    first, second = (deployment for _, deployment in sites)
    deployments.promote(first)
    deployments.add(second)
    front = loop.run(Site.serve(edge.application(), port))
    with httpx.Client(base_url=f"http://localhost:{port}", verify=NO_TLS) as client:
        yield Door(loop, edge, client, first, second, running[0][GO_ON], logs)
    loop.run(front.close())
    for site, _ in sites:
        loop.run(site.close())


def test_requests_pass_as_they_are(door: Door) -> None:
    answer = door.client.post("/a%2Fb?q=%C3%A9&q=2", content=b"[1]", headers={"next-action": "abc", "Cookie": "s=1"})
    seen = answer.json()
    assert seen["target"] == "/a%2Fb?q=%C3%A9&q=2"
    assert seen["body"] == "[1]"
    assert seen["headers"]["next-action"] == "abc"
    assert seen["headers"]["cookie"] == "s=1"
    assert seen["headers"]["host"] == seen["headers"]["x-forwarded-host"] == door.edge.deployments.domain
    assert seen["headers"]["x-vercel-id"] == answer.headers["x-vercel-id"]
    assert "accept-encoding" in seen["headers"]


def test_every_request_takes_as_much_longer_as_it_is_told_to(door: Door) -> None:
    door.edge.latency = 0.2
    begun = time.monotonic()
    assert door.get("/").json()["deployment"] == "first"
    assert time.monotonic() - begun >= 0.2


def test_headers_of_the_connection_end_at_the_edge(door: Door) -> None:
    seen = door.get("/", connection="keep-alive, x-private", x_private="1", te="trailers").json()["headers"]
    assert not {"x-private", "te"} & set(seen)


def test_a_chunked_body_arrives_whole(door: Door) -> None:
    answer = door.client.post("/upload", content=iter([b"a" * 70_000, b"b" * 70_000]))
    assert answer.json()["body"] == "a" * 70_000 + "b" * 70_000


def test_redirects_and_every_cookie_come_back_untouched(door: Door) -> None:
    answer = door.get("/cookies")
    assert answer.status_code == 307
    assert answer.headers["location"] == "http://localhost:1/auth/login?x=%2F"
    assert [cookie.partition(";")[0] for cookie in answer.headers.get_list("set-cookie")] == ["one=1", "two=2"]


def test_bodies_are_streamed(door: Door) -> None:
    async def go_on() -> None:
        door.go_on.set()

    with door.client.stream("GET", "/stream") as answer:
        chunks = answer.iter_raw()
        assert next(chunks) == b"0:first\n"
        door.loop.run(go_on())
        assert b"".join(chunks) == b"1:second\n"


def test_an_answer_that_breaks_off_is_broken_off(door: Door) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        door.get("/cut-off")
    assert door.get("/").status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/empty", 500), ("/not-modified", 304)])
def test_an_answer_without_a_body_gets_no_type(door: Door, path: str, status: int) -> None:
    answer = door.get(path)
    assert (answer.status_code, answer.content) == (status, b"")
    assert "octet-stream" not in answer.headers.get("content-type", "")


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        pytest.param("/", r"iad1::iad1::[a-z0-9]{5}-\d{13}-[0-9a-f]{12}", id="function"),
        pytest.param("/_next/static/chunks/a.js", r"iad1::[a-z0-9]{5}-\d{13}-[0-9a-f]{12}", id="static file"),
    ],
)
def test_every_answer_is_signed(door: Door, path: str, pattern: str) -> None:
    answer = door.get(path)
    assert answer.headers.get_list("server") == ["Vercel"]
    assert re.fullmatch(pattern, answer.headers["x-vercel-id"])
    assert answer.headers["x-vercel-id"] != door.get(path).headers["x-vercel-id"]
    assert answer.headers["x-vercel-cache"] == ("HIT" if "static" in path else "MISS")


def test_the_host_leads_to_the_deployment(door: Door) -> None:
    assert door.get("/").json()["deployment"] == "first"
    assert door.get("/", host=door.edge.deployments.host(door.second)).json()["deployment"] == "second"
    door.edge.deployments.promote(door.second)
    assert door.get("/").json()["deployment"] == "second"
    assert door.get("/", host=door.edge.deployments.host(door.first)).json()["deployment"] == "first"


def test_an_unknown_host_leads_nowhere(door: Door) -> None:
    answer = door.get("/", host="gone.localhost:1")
    assert (answer.status_code, answer.headers["x-vercel-error"]) == (404, "DEPLOYMENT_NOT_FOUND")
    assert answer.headers["x-vercel-id"] in answer.text


def test_a_deployment_that_does_not_answer_is_the_platforms_error(door: Door) -> None:
    door.edge.deployments.promote(Deployment("dpl_gone", f"http://127.0.0.1:{free_port()}"))
    answer = door.get("/", accept="text/html")
    assert (answer.status_code, answer.headers["x-vercel-error"]) == (502, "NO_RESPONSE_FROM_FUNCTION")
    assert "An error occurred with this application" in answer.text


def test_a_lost_file_is_not_found(door: Door) -> None:
    door.edge.missing = {door.first.id: frozenset({"/_next/static/chunks/a.js"})}
    assert door.get("/_next/static/chunks/a.js?dpl=dpl_first").status_code == 404
    assert door.get("/_next/static/chunks/b.js").status_code == 200


def test_a_challenged_visitor_sees_the_checkpoint(door: Door) -> None:
    door.edge.challenges = True
    answer = door.get("/")
    assert (answer.status_code, answer.headers["x-vercel-mitigated"]) == (429, "challenge")
    assert "<title>Vercel Security Checkpoint</title>" in answer.text


def test_a_denied_visitor_is_turned_away(door: Door) -> None:
    door.edge.denies = True
    answer = door.get("/")
    assert (answer.status_code, answer.headers["x-vercel-mitigated"]) == (403, "deny")


class TestProtection:
    @pytest.fixture(autouse=True)
    def wall(self, door: Door) -> None:
        door.edge.protection = Protection("s3cret")

    def test_browsers_are_sent_to_sign_in(self, door: Door) -> None:
        answer = door.get("/page?x=1", accept="text/html,*/*")
        assert answer.status_code == 302
        location = urlsplit(answer.headers["location"])
        assert (location.netloc, location.path) == ("vercel.com", "/sso-api")
        assert parse_qs(location.query)["url"] == [f"http://{door.edge.deployments.domain}/page?x=1"]

    def test_programs_are_told(self, door: Door) -> None:
        answer = door.get(LIST)
        assert answer.status_code == 401
        assert answer.json()["error"] == {"code": "401", "message": "Protected deployment"}

    def test_the_secret_opens_as_header_and_as_parameter(self, door: Door) -> None:
        assert door.get("/", **{BYPASS: "s3cret"}).status_code == 200
        assert door.get(f"/?{BYPASS}=s3cret").status_code == 200
        assert door.get("/", **{BYPASS: "wrong"}).status_code == 401

    @pytest.mark.parametrize(
        ("headers", "parameters"), [pytest.param(EXCHANGE, {}, id="header"), pytest.param({}, EXCHANGE, id="parameter")]
    )
    def test_the_secret_is_exchanged_for_a_cookie(
        self, door: Door, headers: dict[str, str], parameters: dict[str, str]
    ) -> None:
        answer = door.client.get("/page", headers=headers, params={"x": "1"} | parameters)
        assert (answer.status_code, answer.headers["location"]) == (307, "/page?x=1")
        assert "_vercel_jwt" in door.client.cookies
        assert door.get("/page?x=1", accept="text/html").status_code == 200

    def test_the_cookie_is_good_for_its_host_only(self, door: Door) -> None:
        door.get("/", **{BYPASS: "s3cret", "x_vercel_set_bypass_cookie": "true"})
        cookie = door.client.cookies["_vercel_jwt"]
        other = door.edge.deployments.host(door.second)
        assert door.get("/", host=other, cookie=f"_vercel_jwt={cookie}").status_code == 401


def test_a_watch_acts_before_the_first_switch_to_another_workspace(door: Door) -> None:
    async def switch() -> None:
        door.edge.deployments.promote(door.second)

    door.edge.watch = WorkspaceSwitched(switch)
    for path in (f"{LIST}?clientId=a", f"{LIST}?clientId=a&cursor=2", f"{LIST}/42?clientId=b", "/api/inbox/counts"):
        assert door.get(path).json()["deployment"] == "first"
    assert door.get(f"{LIST}?clientId=b").json()["deployment"] == "second"


def test_a_watch_acts_once_the_inbox_was_served(door: Door) -> None:
    door.edge.watch = InboxServed(door.act)
    door.get("/")
    assert door.acted == []
    door.get(LIST)
    door.get(LIST)
    assert door.acted == ["acted"]


def noted(door: Door) -> list[tuple[str, str, int | None, bool]]:
    door.logs.wait_until_quiet()
    return [(row.origin.deployment_id, row.kind, row.status, row.crashed) for row in door.logs.truth if row.request]


def test_what_a_deployment_answers_is_noted_in_the_logs(door: Door) -> None:
    answer = door.get("/api/x?a=1", user_agent="probe/1")
    door.get("/_next/static/a.js")
    assert noted(door) == [("dpl_first", "function", 200, False), ("dpl_first", "static", 200, False)]
    first = door.logs.truth[0].request
    assert first is not None
    assert (first.id, first.path, first.query, first.user_agent) == (
        *(answer.headers["x-vercel-id"], "/api/x", "a=1", "probe/1"),
    )


def test_a_function_that_does_not_answer_is_noted_as_crashed(door: Door) -> None:
    door.edge.deployments.promote(Deployment("dpl_dead", f"http://127.0.0.1:{free_port()}"))
    assert door.get("/").status_code == 502
    assert noted(door) == [("dpl_dead", "function", 502, True)]


def test_what_the_edge_answers_itself_is_not_the_deployments(door: Door) -> None:
    door.edge.challenges = True
    assert door.get("/").status_code == 429
    assert noted(door) == []


def test_request_ids_are_dated_by_the_platforms_clock_and_answers_by_the_real_one(door: Door) -> None:
    door.edge.clock.set(datetime(2026, 11, 20, 12, tzinfo=UTC))
    answer = door.get("/")
    dated = parsedate_to_datetime(answer.headers["date"])
    assert dated.timestamp() == pytest.approx(datetime.now(UTC).timestamp(), abs=60)
    at = int(answer.headers["x-vercel-id"].split("-")[1])
    assert at == pytest.approx(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000, abs=5000)


def served_by(answer: httpx.Response) -> str:
    return str(answer.json()["deployment"])


def test_a_rolling_release_splits_visitors_and_keeps_each_on_its_side(door: Door) -> None:
    door.edge.deployments.roll(door.second)
    door.edge.deployments.go_on()
    sides: list[str] = []
    for _ in range(60):
        with httpx.Client(base_url=door.client.base_url, verify=NO_TLS) as visitor:
            visits = {served_by(visitor.get("/")) for _ in range(3)}
            sides.extend(visits)
            assert set(visitor.cookies) == {"_vcrr_prj_1"}
    assert len(sides) == 60
    assert 15 < sides.count("second") < 45


@pytest.mark.parametrize(("force", "side"), [("vcrrForceCanary", "second"), ("vcrrForceStable", "first")])
def test_a_tester_chooses_the_side_of_a_rolling_release(door: Door, force: str, side: str) -> None:
    door.edge.deployments.roll(door.second)
    assert [served_by(door.client.get(path)) for path in (f"/?{force}=true", "/", "/a")] == [side] * 3


def test_there_are_no_sides_once_a_rolling_release_has_ended(door: Door) -> None:
    door.edge.deployments.roll(door.second)
    assert served_by(door.client.get("/?vcrrForceStable=true")) == "first"
    door.edge.deployments.complete()
    answer = door.client.get("/?vcrrForceStable=true")
    assert served_by(answer) == "second"
    assert "set-cookie" not in answer.headers


def test_a_rolling_release_leaves_a_deployments_own_host_alone(door: Door) -> None:
    door.edge.deployments.roll(door.second)
    host = door.edge.deployments.host(door.first)
    assert served_by(door.client.get("/?vcrrForceCanary=true", headers={"Host": host})) == "first"


def test_the_logs_name_the_deployment_that_served_a_visitor(door: Door) -> None:
    door.edge.deployments.roll(door.second)
    door.client.get("/?vcrrForceCanary=true")
    door.logs.wait_until_quiet()
    assert {row.origin.deployment_id for row in door.logs.truth} == {"dpl_second"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"deleted": "by retention"}, 410, "DEPLOYMENT_DELETED"),
        ({"deleted": "by hand"}, 404, "DEPLOYMENT_NOT_FOUND"),
        ({"state": "BUILDING"}, 404, "DEPLOYMENT_NOT_READY"),
    ],
)
def test_what_is_gone_or_not_there_yet_says_so(door: Door, changes: dict[str, Any], status: int, code: str) -> None:
    door.edge.deployments.add(replace(door.second, **changes))
    answer = door.client.get("/", headers={"Host": door.edge.deployments.host(door.second)})
    assert (answer.status_code, answer.headers["x-vercel-error"]) == (status, code)
