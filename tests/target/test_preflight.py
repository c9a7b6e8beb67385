"""Before the checks: does the target answer, is it the app, and which build is it?"""

import re
import socket
import time

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from postdeploy.model import Blocked, Cause, Deployment, Misbehaved, UsageError
from postdeploy.redaction import Secret
from postdeploy.runbook.reading import read_runbook
from postdeploy.target.preflight import Target
from tests.servers import QuickServer

LOGIN = '<!DOCTYPE html><html data-dpl-id="dpl_1"><script src="/_next/static/chunks/a.js?dpl=dpl_1"></script></html>'


def target(server: HTTPServer) -> Target:
    runbook = read_runbook()
    budgets = msgspec.structs.replace(runbook.budgets, second_look=0.0)
    return Target(server.url_for("").rstrip("/"), msgspec.structs.replace(runbook, budgets=budgets))


def pin(server: HTTPServer) -> Deployment:
    return target(server).pin()


def serve_app(server: HTTPServer) -> None:
    server.expect_request("/").respond_with_response(Response(status=307, headers={"location": "/auth/login"}))
    server.expect_request("/auth/login").respond_with_data(LOGIN, content_type="text/html")


def test_an_unauthenticated_client_follows_the_redirect_of_a_streamed_page(httpserver: HTTPServer) -> None:
    streamed = '<meta id="__next-page-redirect" http-equiv="refresh" content="1;url=/auth/login"/>'
    httpserver.expect_request("/").respond_with_data(LOGIN + streamed, content_type="text/html")
    httpserver.expect_request("/auth/login").respond_with_data(LOGIN, content_type="text/html")
    assert target(httpserver).lands_on("/") == "/auth/login"


def test_a_page_that_lets_everybody_in_is_where_an_unauthenticated_client_stays(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(LOGIN, content_type="text/html")
    assert target(httpserver).lands_on("/") == "/"


def test_the_served_build_is_pinned(httpserver: HTTPServer) -> None:
    serve_app(httpserver)
    assert pin(httpserver).deployment_id == "dpl_1"


def test_an_unauthenticated_client_lands_on_the_login_page(httpserver: HTTPServer) -> None:
    serve_app(httpserver)
    assert target(httpserver).lands_on("/") == "/auth/login"


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_error_page_is_the_deployments_fault(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/").respond_with_data("x", status=status)
    with pytest.raises(Misbehaved, match=str(status)):
        pin(httpserver)


def test_an_error_that_does_not_repeat_does_not_count(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/").respond_with_data("x", status=502)
    httpserver.expect_ordered_request("/").respond_with_response(
        Response(status=307, headers={"location": "/auth/login"})
    )
    httpserver.expect_ordered_request("/auth/login").respond_with_data(LOGIN)
    assert pin(httpserver).deployment_id == "dpl_1"


@pytest.mark.parametrize("bypass", [None, Secret("bypass-secret")])
def test_a_time_out_is_not_retried(httpserver: HTTPServer, bypass: Secret | None) -> None:
    asked = []

    def answer(request: Request) -> Response:
        asked.append(request.path)
        time.sleep(1)
        return Response("late")

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    runbook = read_runbook()
    budgets = msgspec.structs.replace(runbook.budgets, second_look=0.0, preflight=0.3)
    target = Target(httpserver.url_for("").rstrip("/"), msgspec.structs.replace(runbook, budgets=budgets), bypass)
    with pytest.raises(Misbehaved, match=r"no answer within 0\.3 s"):
        target.pin()
    assert len(asked) == 1


def test_a_redirect_loop_is_the_deployments_fault(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_response(Response(status=307, headers={"location": "/auth/login"}))
    httpserver.expect_request("/auth/login").respond_with_response(Response(status=307, headers={"location": "/"}))
    with pytest.raises(Misbehaved, match="redirect loop"):
        pin(httpserver)


@pytest.mark.parametrize(
    ("welcome", "says"),
    [
        pytest.param(
            "<script src=/_next/x.js>", "leads people without a session from /auth/login to /welcome", id="it"
        ),
        pytest.param("Welcome to nginx", "serves another app", id="not a page of Next.js"),
    ],
)
def test_an_app_whose_login_page_is_elsewhere_says_what_to_fill_in(
    httpserver: HTTPServer, welcome: str, says: str
) -> None:
    for path in ("/", "/auth/login"):
        httpserver.expect_request(path).respond_with_response(Response(status=307, headers={"location": "/welcome"}))
    httpserver.expect_request("/welcome").respond_with_data(welcome, content_type="text/html")
    with pytest.raises(Blocked, match=says) as stopped:
        pin(httpserver)
    assert ('login_path = "/welcome"' in stopped.value.cure) == ("_next" in welcome)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        pytest.param(Response("Example Domain", 200), "another app", id="another app"),
        pytest.param(
            Response(status=302, headers={"location": "https://vercel.com/sso-api?url=x"}),
            "protection",
            id="deployment protection",
        ),
        pytest.param(
            Response('{"error":{"code":"401","message":"Protected deployment"}}', 401),
            "protection",
            id="deployment protection for programs",
        ),
        pytest.param(Response("x", 429, {"x-vercel-mitigated": "challenge"}), "challenged", id="a challenge"),
        pytest.param(
            Response("<title>Vercel Security Checkpoint</title>", 403), "challenged", id="a challenge by its page"
        ),
        pytest.param(Response("no", 401), "401", id="basic auth"),
    ],
)
def test_an_answer_that_is_not_the_apps_blocks_the_run(httpserver: HTTPServer, answer: Response, says: str) -> None:
    httpserver.expect_request("/").respond_with_response(answer)
    httpserver.expect_request("/auth/login").respond_with_data("not here", status=404)
    with pytest.raises(Blocked) as blocked:
        pin(httpserver)
    assert says in blocked.value.what
    assert blocked.value.cure


def test_the_bypass_secret_travels_once_and_becomes_a_cookie(httpserver: HTTPServer) -> None:
    seen: list[str | None] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers.get("x-vercel-protection-bypass"))
        return Response(LOGIN, headers={"set-cookie": "_vercel_jwt=token; Path=/"} if seen[-1] else {})

    httpserver.expect_request("/auth/login").respond_with_handler(answer)
    httpserver.expect_request("/").respond_with_response(Response(status=307, headers={"location": "/auth/login"}))
    behind = Target(httpserver.url_for("").rstrip("/"), read_runbook(), Secret("bypass-secret"))
    behind.pin()
    assert seen == ["bypass-secret", None]
    assert [name for name, _ in behind.cookies] == ["_vercel_jwt"]
    assert [one.path for one in behind.sent] == ["/auth/login", "/", "/auth/login"]  # each is found in the log


def with_cookies(server: HTTPServer, *cookies: str) -> list[str]:
    """Serve a login page that sets these cookies; the names of those that come back."""
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.extend(request.cookies)
        response = Response(LOGIN)
        for cookie in cookies:
            response.headers.add("set-cookie", f"{cookie}; Path=/")
        return response

    server.expect_request("/auth/login").respond_with_handler(answer)
    return seen


def test_the_answer_is_the_one_that_a_new_visitor_gets(httpserver: HTTPServer) -> None:
    """A cookie may pin to an old deployment, or to one side of a rolling release."""
    seen = with_cookies(httpserver, "__vdpl=dpl_0", "_vcrr_x=5.0", "_vercel_jwt=token")
    ours = target(httpserver)
    for _ in range(3):
        ours.identity()
    assert set(seen) == {"_vercel_jwt"}


def test_a_client_that_asks_for_the_canary_keeps_it(httpserver: HTTPServer) -> None:
    seen = with_cookies(httpserver, "_vcrr_x=canary", "__vdpl=dpl_0")
    ours = target(httpserver)
    ours.force_canary()
    ours.identity()
    assert dict(httpserver.log[0][0].args) == {"vcrrForceCanary": "true"}
    assert seen == ["_vcrr_x"]
    assert ours.cookies == [("_vcrr_x", "canary")]


def test_another_process_gets_the_same_answers_with_the_first_ones_cookies(httpserver: HTTPServer) -> None:
    seen = with_cookies(httpserver)
    ours = target(httpserver)
    ours.use_cookies([("_vcrr_x", "canary"), ("_vercel_jwt", "token")])
    ours.identity()
    assert set(seen) == {"_vcrr_x", "_vercel_jwt"}
    assert set(ours.cookies) == {("_vcrr_x", "canary"), ("_vercel_jwt", "token")}


def test_the_requests_made_are_listed_for_the_log(httpserver: HTTPServer) -> None:
    serve_app(httpserver)
    ours = target(httpserver)
    ours.pin()
    assert [(one.method, one.path, one.status) for one in ours.sent] == [("GET", "/", 307), ("GET", "/auth/login", 200)]


def _redirects(server: HTTPServer, location: str) -> None:
    server.expect_request("/").respond_with_response(Response(status=301, headers={"location": location}))


@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_redirect_to_another_app_that_answers_blocks_the_run(httpserver: HTTPServer, status: int) -> None:
    with QuickServer(port=0) as other:
        other.expect_request("/elsewhere").respond_with_data("another app", status=status)
        _redirects(httpserver, other.url_for("/elsewhere"))
        with pytest.raises(Blocked, match="redirects to another host"):
            pin(httpserver)


def _refusing() -> str:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}/"


@pytest.mark.parametrize("leads_to", ["a host that refuses", "a host that speaks no TLS", "a host that there is not"])
def test_a_redirect_to_a_host_that_does_not_answer_is_an_outage(httpserver: HTTPServer, leads_to: str) -> None:
    locations = {
        "a host that refuses": _refusing(),
        "a host that speaks no TLS": httpserver.url_for("/").replace("http:", "https:"),
        "a host that there is not": "https://nowhere.invalid/",
    }
    _redirects(httpserver, locations[leads_to].replace("localhost", "127.0.0.1"))
    base = httpserver.url_for("").replace("127.0.0.1", "localhost")
    runbook = read_runbook()
    budgets = msgspec.structs.replace(runbook.budgets, second_look=0.0)
    with pytest.raises(Misbehaved, match="which does not answer") as raised:
        Target(base.rstrip("/"), msgspec.structs.replace(runbook, budgets=budgets)).pin()
    assert raised.value.diagnosis is not None
    assert raised.value.diagnosis.cause is Cause.UNREACHABLE
    assert len(httpserver.log) >= 2, "it was looked at twice"


def test_a_host_in_no_proxy_that_cannot_be_read_is_named_with_the_cure(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network, as other tools accept it, is no host."""
    monkeypatch.setenv("NO_PROXY", "localhost,::1/128")
    with pytest.raises(UsageError, match=r"NO_PROXY, can't be read .* Correct it"):
        target(httpserver)
