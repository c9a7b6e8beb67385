"""HTTP probes: known, few at a time, counted, and ended by the first challenge."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from postdeploy.model import Blocked
from postdeploy.readiness.prober import Probe, Prober


@pytest.fixture
def prober(httpserver: HTTPServer) -> Iterator[Prober]:
    prober = Prober(httpserver.url_for(""), "abc123", 5.0, {"_vercel_jwt": "let me in"}, most=8)
    yield prober
    prober.close()


def test_a_probe_says_who_it_is(httpserver: HTTPServer, prober: Prober) -> None:
    httpserver.expect_request("/a").respond_with_json(
        {"error": "Unauthorized"}, status=401, headers={"x-vercel-id": "iad1::x"}
    )
    reply = prober.ask(Probe("/a?clientId=7", tries="without the secret"))
    [(request, _)] = httpserver.log
    assert request.args.to_dict() == {"clientId": "7", "postdeploy": "abc123"}
    assert request.headers["user-agent"].startswith("postdeploy/")
    assert request.headers["cookie"] == "_vercel_jwt=let me in"
    assert (reply.exchange.status, reply.exchange.error, reply.exchange.request_id) == (401, "Unauthorized", "iad1::x")
    assert "without the secret: GET /a, 401" in reply.line


def test_the_way_around_the_wall_stays_on_its_host(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("ok")
    Prober("https://app.example", "abc", 5.0, {"_vercel_jwt": "let me in"}).ask(Probe(httpserver.url_for("/a")))
    [(request, _)] = httpserver.log
    assert "cookie" not in request.headers


def test_the_first_challenge_ends_them_all(httpserver: HTTPServer, prober: Prober) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=429, headers={"x-vercel-mitigated": "challenge"})
    with pytest.raises(Blocked, match="challenged a probe"):
        prober.ask(Probe("/a"))
    with pytest.raises(Blocked, match="challenged a probe"):
        prober.ask(Probe("/b"))
    assert len(httpserver.log) == 1


def test_there_is_an_end_to_them(httpserver: HTTPServer, prober: Prober) -> None:
    httpserver.expect_request("/a").respond_with_data("ok")
    for _ in range(8):
        prober.ask(Probe("/a"))
    with pytest.raises(Blocked, match="more than 60"):
        prober.ask(Probe("/a"))
    assert len(httpserver.log) == 8


def test_at_most_four_at_once(httpserver: HTTPServer, prober: Prober) -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def slow(_: Request) -> Response:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        return Response("ok")

    httpserver.expect_request("/a").respond_with_handler(slow)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: prober.ask(Probe("/a")), range(8)))
    assert most <= 4


def test_nothing_is_repeated_and_no_answer_is_an_answer() -> None:
    reply = Prober("http://127.0.0.1:9", "abc", 1.0, {}).ask(Probe("/a"))
    assert (reply.exchange.status, reply.exchange.failure) == (None, "ConnectError")


def test_a_wall_is_recognised(httpserver: HTTPServer, prober: Prober) -> None:
    body = {"error": {"code": "401", "message": "Protected deployment"}}
    httpserver.expect_request("/a").respond_with_json(body, status=401)
    assert prober.ask(Probe("/a")).exchange.walled


def _gateway_once(httpserver: HTTPServer, method: str = "GET") -> None:
    httpserver.expect_ordered_request("/a", method=method).respond_with_data(
        "nginx", status=502, content_type="text/html"
    )
    httpserver.expect_ordered_request("/a", method=method).respond_with_json({"error": "Unauthorized"}, status=401)


def test_a_gateways_single_answer_to_a_read_is_repeated(httpserver: HTTPServer, prober: Prober) -> None:
    _gateway_once(httpserver)
    prober.forgive = lambda line: line.startswith("GET /a, 502")
    assert prober.ask(Probe("/a", repeatable=True)).exchange.status == 401


@pytest.mark.parametrize(
    ("probe", "forgiving"),
    [(Probe("/a", "POST"), True), (Probe("/a"), True), (Probe("/a", repeatable=True), False)],
    ids=["a webhook", "a cron route, which may run", "the second one in a run"],
)
def test_nothing_else_is(httpserver: HTTPServer, prober: Prober, probe: Probe, forgiving: bool) -> None:
    _gateway_once(httpserver, probe.method)
    prober.forgive = lambda _: forgiving
    assert prober.ask(probe).exchange.status == 502
    assert len(httpserver.log) == 1


def test_an_answer_of_the_app_is_not_a_gateways(httpserver: HTTPServer, prober: Prober) -> None:
    httpserver.expect_request("/a").respond_with_data("oh", status=502, headers={"x-powered-by": "Next.js"})
    prober.forgive = lambda _: True
    assert prober.ask(Probe("/a", repeatable=True)).exchange.status == 502
    assert len(httpserver.log) == 1
