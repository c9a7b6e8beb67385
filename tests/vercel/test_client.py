"""Requests to Vercel: what is asked, how often, and what the answers mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import alias, find
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state
from postdeploy.vercel.rolling import rolling_release
from tests.vercel.asking import DOMAIN_PATH, PROJECT_PATH, RETRY, ROLLING_PATH, Pauses, client


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
    httpserver.expect_ordered_request("/v13/deployments/x").respond_with_json({"id": "dpl_2"})
    with client(httpserver, pauses) as vercel:
        assert find(vercel, "x").id == "dpl_2"
    assert len(pauses) == 1
    assert pauses == [2.0] or trouble != "429"


def test_retries_end(httpserver: HTTPServer) -> None:
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


def test_a_server_that_is_down_is_named() -> None:
    access = Access(Secret("t"), "p", base="http://127.0.0.1:9")
    with Vercel(access, RETRY, sleep=Pauses()) as vercel, pytest.raises(PlatformError, match="can't be reached"):
        find(vercel, "x")


READS: dict[str, tuple[str, Callable[[Vercel], object]]] = {
    "project": (PROJECT_PATH, project_state),
    "rolling release": (ROLLING_PATH, rolling_release),
    "alias": (DOMAIN_PATH, lambda vercel: alias(vercel, "app.example.com")),
}


@pytest.mark.parametrize("what", READS)
def test_every_read_names_the_team(httpserver: HTTPServer, what: str) -> None:
    path, ask = READS[what]
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("{}")

    httpserver.expect_request(path).respond_with_handler(answer)
    with client(httpserver) as vercel:
        ask(vercel)
    assert [(request.method, request.args["teamId"]) for request in seen] == [("GET", "team_1")]


@pytest.mark.parametrize("what", READS)
@pytest.mark.parametrize("trouble", [429, 500, 503, "malformed", "another shape", "cut"])
def test_what_passes_is_asked_again_and_then_said(httpserver: HTTPServer, what: str, trouble: int | str) -> None:
    path, ask = READS[what]
    bad = {"malformed": "<html>", "another shape": "[]", "cut": '{"id": '}
    httpserver.expect_request(path).respond_with_data(
        bad.get(str(trouble), "{}"),
        status=trouble if isinstance(trouble, int) else 200,
        headers={"retry-after": "2"} if trouble == 429 else {},
    )
    pauses = Pauses()
    with client(httpserver, pauses) as vercel, pytest.raises(PlatformError):
        ask(vercel)
    assert len(pauses) == 2
    assert pauses == [2.0, 2.0] or trouble != 429


@pytest.mark.parametrize("what", READS)
def test_a_refusal_is_no_answer(httpserver: HTTPServer, what: str) -> None:
    path, ask = READS[what]
    httpserver.expect_request(path).respond_with_json({"error": {"code": "forbidden"}}, status=403)
    with client(httpserver) as vercel, pytest.raises(PlatformError, match="403") as refused:
        ask(vercel)
    assert "VERCEL_TOKEN" in refused.value.cure
