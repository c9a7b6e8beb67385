"""People who are signed in go on; whether others can sign in is seen where they do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from postdeploy.analysis.rules import ordered
from postdeploy.analysis.undecidable import undecidable
from tests.analysis.diluted_logs import ACTIONS, PAGES, READS, spread
from tests.analysis.rules.judging import UNREACHABLE, before, evidence, failures, findings
from tests.logs.rows import DEPLOYED, Sent

PEOPLE = [*PAGES, *READS, *ACTIONS]
LOGIN = spread(10, 200, path="/auth/login")
BROKEN = "[auth] sign-in failed: AuthApiError: Database error granting user"
WRONG = "[auth] sign-in failed: AuthApiError: Invalid login credentials"


def sign_ins(count: int, status: int, message: str = "", path: str = "/auth/login") -> list[Sent]:
    return spread(count, status, "POST", path, message)


def doubts(*sent: Sent) -> list[str]:
    log = evidence([*PEOPLE, *sent])
    found = ordered.findings(log)
    assert not failures(found)
    return undecidable(log, found)


UNPROVEN = {
    "an error of the auth server": sign_ins(6, 200, BROKEN),
    "an error of the code": sign_ins(3, 200, "[auth] TypeError: e.cookies is not a function"),
    "a slow auth service": sign_ins(9, 200, "AuthRetryableFetchError: fetch failed"),
    "half of them": [*sign_ins(6, 200, BROKEN), *sign_ins(6, 303)],
    "all but the wrong passwords": [*sign_ins(20, 200, WRONG), *sign_ins(3, 200, BROKEN)],
    "by a link in a mail": sign_ins(5, 200, "Error sending magic link email", "/auth/magic-link"),
    "with a 5xx": sign_ins(4, 500, BROKEN),
    "with a 503 that says nothing": sign_ins(3, 503),
    "some with a 5xx, some with a line": [*sign_ins(2, 500), *sign_ins(2, 200, BROKEN)],
    "refused, for another reason than the password": sign_ins(6, 400, BROKEN, "/api/auth/sign-in/social"),
    "in a route of the API": sign_ins(12, 500, BROKEN, "/api/auth/login"),
    "of a library with another path": sign_ins(6, 200, BROKEN, "/users/sign_in"),
    "by a link that leads on": spread(6, 307, path="/auth/callback", message="exchangeCodeForSession failed"),
    "the app's own account of its mail": sign_ins(
        6, 200, "Error sending magic link email: 535 5.7.8 Invalid credentials"
    ),
    "the app's own account of its directory": sign_ins(
        6, 200, "LDAP bind of the service account failed: invalid credentials"
    ),
    "an error of the code near such words": sign_ins(6, 200, "TypeError: e.cookies is not a function (unknown user)"),
    "by the library's route": sign_ins(5, 200, "[auth][error] AdapterError: x", "/api/auth/callback/credentials"),
}


@pytest.mark.parametrize("sent", UNPROVEN.values(), ids=UNPROVEN)
def test_sign_ins_that_write_errors_prove_nothing(sent: list[Sent]) -> None:
    [doubt] = doubts(*LOGIN, *sent)
    assert " sign-ins (" in doubt
    assert "failed or wrote an error" in doubt


def late(count: int, status: int, message: str = "", *, since: int = 400, until: int = 590) -> list[Sent]:
    return spread(count, status, "POST", "/auth/login", message, since=since, until=until)


LATE = {
    "a 5xx": late(3, 500),
    "an error": late(4, 200, BROKEN),
    "a 5xx, between wrong passwords": [*late(4, 503), *late(9, 200, WRONG)],
}
NOT_LATE = {
    "few": late(2, 500),
    "one person, who tries again": late(3, 500, since=500, until=520),
    "wrong passwords": late(9, 200, WRONG),
    "an hour ago": [*late(3, 500), *late(1, 303, since=592)],
}


@pytest.mark.parametrize("sent", LATE.values(), ids=LATE)
def test_when_none_succeeds_any_more_those_before_outweigh_nothing(sent: list[Sent]) -> None:
    [doubt] = doubts(*LOGIN, *late(40, 303, since=0, until=390), *sent)
    assert doubt.startswith("the last ")


@pytest.mark.parametrize("sent", NOT_LATE.values(), ids=NOT_LATE)
def test_what_is_over_or_one_person_s_leaves_no_doubt(sent: list[Sent]) -> None:
    assert doubts(*LOGIN, *late(40, 303, since=0, until=390), *sent) == []


@pytest.mark.parametrize(
    "message",
    [
        WRONG,
        "[auth] sign-in failed: AuthApiError: Email not confirmed",
        "AuthApiError: User not found",
        "AuthApiError: Token has expired or is invalid",
        "[auth][error] CredentialsSignin: Read more at https://errors.authjs.dev#credentialssignin",
        "Error: wrong password",
        "login failed: no user found",
        '{"level":"error","code":"invalid_credentials","msg":"sign-in failed"}',
        "AuthApiError: Email link is invalid or has expired",
        "AuthApiError: For security purposes, you can only request this after 45 seconds.",
        "AuthApiError: email rate limit exceeded",
        "AuthApiError: Signups not allowed for otp",
        "AuthApiError: User already registered",
        "Error: The email or password is incorrect",
        "Error: invalid code",
        "Error: Invalid verification code",
        "user does not exist",
        "FirebaseError: auth/wrong-password",
        "[auth][error] AccessDenied",
        "too many login attempts",
    ],
)
def test_a_wrong_password_is_no_error(message: str) -> None:
    assert doubts(*LOGIN, *sign_ins(8, 200, message)) == []
    assert doubts(*LOGIN, *sign_ins(8, 200, message), *sign_ins(3, 303)) == []


WELL = {
    "signed in": sign_ins(9, 303),
    "two": sign_ins(2, 200, BROKEN),
    "few of many": [*sign_ins(4, 200, BROKEN), *sign_ins(9, 303)],
    "bots at a page that the app does not have": sign_ins(50, 404, path="/login"),
    "refused by the library's route": sign_ins(50, 401, path="/api/auth/callback/credentials"),
    "a warning alone": sign_ins(5, 200, "[auth][warn][debug-enabled] Read more: https://warnings.authjs.dev"),
    "what bots post to a page without a form": sign_ins(30, 405),
    "tabs from before the deploy": sign_ins(
        6, 404, 'Error: Failed to find Server Action "x". It may be of an older deployment.'
    ),
    "an outage of the database, which has its own rule": spread(3, 500, "POST", "/auth/login", UNREACHABLE, until=30),
    "links that expired": spread(
        6, 307, path="/auth/confirm", message="AuthApiError: Email link is invalid or has expired"
    ),
    "elsewhere": sign_ins(5, 200, BROKEN, "/settings/login-history"),
}


@pytest.mark.parametrize("sent", WELL.values(), ids=WELL)
def test_others_leave_no_doubt(sent: list[Sent]) -> None:
    assert not [one for one in doubts(*LOGIN, *sent) if "sign-in" in one]


@pytest.mark.parametrize("status", [403, 404])
def test_a_form_that_is_not_served_proves_nothing_where_its_page_is(status: int) -> None:
    assert "none of 12 sign-ins succeeded (POST /auth/login)" in doubts(*LOGIN, *sign_ins(12, status))
    assert not [one for one in doubts(*LOGIN, *sign_ins(12, status), *sign_ins(1, 303)) if "sign-ins" in one]
    assert not [one for one in doubts(*LOGIN, *sign_ins(9, status)) if "sign-ins" in one]


def test_our_own_browser_proves_the_sign_in() -> None:
    ours = Sent(595, "POST", "/auth/login", 303, own=True)
    assert doubts(*LOGIN, *sign_ins(6, 200, BROKEN), ours) == []
    log = replace(evidence([*PEOPLE, *sign_ins(6, 200, BROKEN)]), browser_reads=np.array([DEPLOYED]))
    assert undecidable(log, ordered.findings(log)) == []


def test_what_was_there_before_leaves_no_doubt() -> None:
    sent = [*PEOPLE, *LOGIN, *sign_ins(6, 200, BROKEN)]
    known = before(sent)
    assert undecidable(evidence(sent, baseline=known), findings(sent, baseline=known)) == []
