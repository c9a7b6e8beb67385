"""The auth service asked directly: do the credentials, the app or the service fail?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.redaction import Secret
from postdeploy.runbook.environment import User
from postdeploy.runbook.reading import read_runbook
from postdeploy.target.auth_service import AuthAnswer, AuthService
from postdeploy.target.preflight import Target

KEY = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl"
USER = User(Secret("smoke@example.test"), Secret("pass word"))


@pytest.fixture
def target(httpserver: HTTPServer) -> Iterator[Target]:
    """A login page whose script names the service: the same server."""
    httpserver.expect_request("/auth/login").respond_with_data('<script src="/_next/a.js"></script>')
    httpserver.expect_request("/_next/a.js").respond_with_data(_bundle(httpserver.url_for("").rstrip("/")))
    target = Target(httpserver.url_for("").rstrip("/"), read_runbook())
    yield target
    target.close()


def _bundle(service: str) -> str:
    return f'let a="https://nextjs.org";createClient("{service}","{KEY}")'


def ask(target: Target) -> AuthAnswer:
    return AuthService(target, "/auth/login", timeout=0.5).sign_in(USER).answer


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        pytest.param(200, {"access_token": "t"}, AuthAnswer.ACCEPTED, id="accepted"),
        pytest.param(400, {"error_code": "invalid_credentials"}, AuthAnswer.REFUSED, id="wrong password"),
        pytest.param(
            400, {"error": "invalid_grant"}, AuthAnswer.REFUSED, id="wrong password, as older services say it"
        ),
        pytest.param(400, {"error_code": "captcha_failed"}, AuthAnswer.CAPTCHA, id="CAPTCHA"),
        pytest.param(401, {"message": "Invalid API key"}, AuthAnswer.KEY_REFUSED, id="the build's key"),
        pytest.param(429, {"error_code": "over_request_rate_limit"}, AuthAnswer.RATE_LIMITED, id="rate limit"),
        pytest.param(503, {}, AuthAnswer.UNAVAILABLE, id="out of order"),
        pytest.param(404, {}, AuthAnswer.UNKNOWN, id="not an auth service"),
    ],
)
def test_the_answer_says_what_is_at_fault(
    httpserver: HTTPServer, target: Target, status: int, body: dict[str, str], answer: AuthAnswer
) -> None:
    httpserver.expect_request("/auth/v1/token", method="POST").respond_with_json(body, status=status)
    assert ask(target) is answer


SESSION = {"access_token": "t1", "refresh_token": "r1"}
NEWER = {"access_token": "t2", "refresh_token": "r2"}
EXPIRED = (403, {"error_code": "bad_jwt"})
NO_TOKEN = (400, {"error_code": "refresh_token_not_found"})


@pytest.mark.parametrize(
    ("answers", "answer", "says"),
    [
        pytest.param(((200, {"id": "u"}), (200, NEWER)), AuthAnswer.ACCEPTED, "accepts them", id="all is well"),
        pytest.param((EXPIRED, (200, NEWER)), AuthAnswer.UNUSABLE, "just issued (bad_jwt)", id="expired tokens"),
        pytest.param(
            ((401, {}), (200, NEWER)), AuthAnswer.UNUSABLE, "just issued (401)", id="tokens that are not known"
        ),
        pytest.param(
            ((200, {"id": "u"}), NO_TOKEN),
            AuthAnswer.UNUSABLE,
            "does not renew it (refresh_token_not_found)",
            id="no refresh",
        ),
        pytest.param((EXPIRED, NO_TOKEN), AuthAnswer.UNUSABLE, "just issued", id="neither"),
        pytest.param(((500, {}), (200, NEWER)), AuthAnswer.UNAVAILABLE, "answers 500", id="the user can't be read"),
        pytest.param(
            ((200, {"id": "u"}), (503, {})), AuthAnswer.UNAVAILABLE, "answers 503", id="renewing is out of order"
        ),
        pytest.param(((200, {"id": "u"}), (429, {})), AuthAnswer.ACCEPTED, "accepts them", id="renewing is limited"),
    ],
)
def test_a_session_is_used_renewed_and_ended_on_this_device_alone(
    httpserver: HTTPServer,
    target: Target,
    answers: tuple[tuple[int, dict[str, str]], tuple[int, dict[str, str]]],
    answer: AuthAnswer,
    says: str,
) -> None:
    used, renewed = answers
    expect = httpserver.expect_request
    expect("/auth/v1/token", "POST", query_string="grant_type=password").respond_with_json(SESSION)
    expect("/auth/v1/user", "GET").respond_with_json(used[1], status=used[0])
    expect("/auth/v1/token", "POST", query_string="grant_type=refresh_token").respond_with_json(
        renewed[1], status=renewed[0]
    )
    expect("/auth/v1/logout", "POST").respond_with_data("", status=204)
    reply = AuthService(target, "/auth/login", timeout=0.5).try_session(USER)
    assert (reply.answer, says in reply.sentence) == (answer, True), reply.sentence
    ended = [one for one, _ in httpserver.log if one.path == "/auth/v1/logout"]
    assert [one.query_string for one in ended] == [b"scope=local"]
    assert ended[0].headers["authorization"] == ("Bearer t2" if renewed[0] == 200 else "Bearer t1")


@pytest.mark.parametrize("status", [400, 429, 503])
def test_where_signing_in_fails_nothing_more_is_asked(httpserver: HTTPServer, target: Target, status: int) -> None:
    httpserver.expect_request("/auth/v1/token", "POST").respond_with_json({}, status=status)
    AuthService(target, "/auth/login", timeout=0.5).try_session(USER)
    assert [one.path for one, _ in httpserver.log if one.path.startswith("/auth/v1")] == ["/auth/v1/token"]


def test_a_service_that_cannot_be_reached_is_unavailable(httpserver: HTTPServer, target: Target) -> None:
    httpserver.clear()
    httpserver.expect_request("/auth/login").respond_with_data('<script src="/_next/a.js"></script>')
    httpserver.expect_request("/_next/a.js").respond_with_data(_bundle("http://127.0.0.1:1"))
    assert ask(target) is AuthAnswer.UNAVAILABLE


def test_a_host_that_does_not_exist_is_the_builds_fault(httpserver: HTTPServer, target: Target) -> None:
    httpserver.clear()
    httpserver.expect_request("/auth/login").respond_with_data('<script src="/_next/a.js"></script>')
    httpserver.expect_request("/_next/a.js").respond_with_data(_bundle("https://gone.invalid"))
    assert ask(target) is AuthAnswer.NO_SUCH_HOST


def test_a_page_that_does_not_name_the_service_proves_nothing(httpserver: HTTPServer, target: Target) -> None:
    httpserver.clear()
    httpserver.expect_request("/auth/login").respond_with_data("<p>Log in</p>")
    assert ask(target) is AuthAnswer.UNKNOWN
