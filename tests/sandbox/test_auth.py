"""The auth service, judged by the official Python client and, where a client hides it, on the wire."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from supabase_auth import SyncGoTrueClient
from supabase_auth.errors import AuthApiError

from sandbox.auth import Condition, Keys
from tests.sandbox.conftest import RunningAuth
from tests.sandbox.test_processes import eventually
from tests.sandbox.wire import NO_TLS


@pytest.fixture
def client(auth: RunningAuth) -> Iterator[SyncGoTrueClient]:
    """The official client, as an app would make it."""
    client = SyncGoTrueClient(
        url=f"{auth.url}/auth/v1",
        headers={"apikey": auth.anon_key, "Authorization": f"Bearer {auth.anon_key}"},
        auto_refresh_token=False,
    )
    yield client
    client.close()


@pytest.fixture
def wire(auth: RunningAuth) -> Iterator[httpx.Client]:
    """Plain HTTP with the project's key."""
    with httpx.Client(base_url=f"{auth.url}/auth/v1", headers={"apikey": auth.anon_key}, verify=NO_TLS) as wire:
        yield wire


def sign_in(client: SyncGoTrueClient, auth: RunningAuth) -> str:
    """Sign in; returns the refresh token."""
    answer = client.sign_in_with_password({"email": auth.email, "password": auth.password})
    assert answer.session is not None
    return answer.session.refresh_token


def test_a_user_signs_in_and_is_known(client: SyncGoTrueClient, auth: RunningAuth) -> None:
    sign_in(client, auth)
    answer = client.get_user()
    assert answer is not None
    assert answer.user.email == auth.email
    assert answer.user.role == "authenticated"


def test_claims_verify_against_the_published_keys(client: SyncGoTrueClient, auth: RunningAuth) -> None:
    sign_in(client, auth)
    answer = client.get_claims()
    assert answer is not None
    assert answer["headers"]["alg"] == "ES256"
    assert answer["claims"]["sub"] == auth.service.user(auth.email).id


def test_a_wrong_password_is_refused(client: SyncGoTrueClient, auth: RunningAuth) -> None:
    with pytest.raises(AuthApiError) as refused:
        client.sign_in_with_password({"email": auth.email, "password": "wrong"})
    assert (refused.value.status, refused.value.code) == (400, "invalid_credentials")
    assert refused.value.message == "Invalid login credentials"


def test_a_session_is_refreshed(client: SyncGoTrueClient, auth: RunningAuth) -> None:
    before = sign_in(client, auth)
    answer = client.refresh_session()
    assert answer.session is not None
    assert answer.session.refresh_token != before
    assert client.get_user() is not None


def test_an_unknown_refresh_token_is_refused(client: SyncGoTrueClient) -> None:
    with pytest.raises(AuthApiError) as refused:
        client.refresh_session("never-issued")
    assert (refused.value.status, refused.value.code) == (400, "refresh_token_not_found")
    assert refused.value.message == "Invalid Refresh Token: Refresh Token Not Found"


def test_signing_out_ends_every_session(client: SyncGoTrueClient, auth: RunningAuth, wire: httpx.Client) -> None:
    answer = client.sign_in_with_password({"email": auth.email, "password": auth.password})
    assert answer.session is not None
    client.sign_out()
    after = wire.get("/user", headers={"Authorization": f"Bearer {answer.session.access_token}"})
    assert (after.status_code, after.json()["error_code"]) == (403, "session_not_found")


def test_refusals_have_the_shape_of_the_version_asked_for(wire: httpx.Client) -> None:
    body = {"email": "nobody@example.test", "password": "wrong"}
    first = wire.post("/token?grant_type=password", json=body)
    assert first.json() == {"code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials"}
    assert "X-Supabase-Api-Version" not in first.headers
    named = wire.post("/token?grant_type=password", json=body, headers={"X-Supabase-Api-Version": "2024-01-01"})
    assert named.json() == {"code": "invalid_credentials", "message": "Invalid login credentials"}
    assert named.headers["X-Supabase-Api-Version"] == "2024-01-01"


@pytest.mark.parametrize(
    ("authorization", "status", "code"),
    [
        pytest.param({}, 401, "no_authorization", id="no token"),
        pytest.param({"Authorization": "Bearer nonsense"}, 403, "bad_jwt", id="not a token"),
    ],
)
def test_the_user_is_shown_only_to_the_user(
    wire: httpx.Client, authorization: dict[str, str], status: int, code: str
) -> None:
    answer = wire.get("/user", headers=authorization)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_the_anon_key_is_no_access_token(wire: httpx.Client, keys: Keys) -> None:
    answer = wire.get("/user", headers={"Authorization": f"Bearer {keys.anon_key}"})
    assert (answer.status_code, answer.json()["error_code"]) == (403, "bad_jwt")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        pytest.param({}, "No API key found in request", id="none"),
        pytest.param({"apikey": "another"}, "Invalid API key", id="wrong"),
    ],
)
def test_nothing_is_answered_without_the_projects_key(auth: RunningAuth, headers: dict[str, str], message: str) -> None:
    answer = httpx.get(f"{auth.url}/auth/v1/settings", headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (401, message)


def test_browsers_of_any_origin_may_call(auth: RunningAuth) -> None:
    asked = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "apikey,authorization,x-client-info",
    }
    preflight = httpx.options(f"{auth.url}/auth/v1/token?grant_type=password", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Headers"] == asked["Access-Control-Request-Headers"]


def test_it_is_healthy(wire: httpx.Client) -> None:
    assert wire.get("/health").json()["name"] == "GoTrue"


def test_failing_answers_500(auth: RunningAuth, client: SyncGoTrueClient, wire: httpx.Client) -> None:
    auth.switch(Condition.FAILING)
    assert wire.get("/health").json()["error_code"] == "unexpected_failure"
    with pytest.raises(AuthApiError) as refused:
        sign_in(client, auth)
    assert refused.value.status == 500


def test_rejecting_refreshes_leaves_access_tokens_good(auth: RunningAuth, client: SyncGoTrueClient) -> None:
    token = sign_in(client, auth)
    auth.switch(Condition.REFRESH_REJECTED)
    assert client.get_user() is not None
    with pytest.raises(AuthApiError, match="Refresh Token Not Found"):
        client.refresh_session(token)
    auth.switch(Condition.HEALTHY)
    assert client.refresh_session(token).session is not None


@pytest.mark.parametrize(
    ("condition", "status", "code"),
    [
        pytest.param(Condition.CAPTCHA_REQUIRED, 400, "captcha_failed", id="captcha"),
        pytest.param(Condition.RATE_LIMITED, 429, "over_request_rate_limit", id="rate limit"),
    ],
)
def test_a_sign_in_can_be_refused_for_other_reasons_than_the_password(
    auth: RunningAuth, client: SyncGoTrueClient, condition: Condition, status: int, code: str
) -> None:
    auth.switch(condition)
    with pytest.raises(AuthApiError) as refused:
        sign_in(client, auth)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_hanging_never_answers_and_drops_the_request_when_it_ends(auth: RunningAuth, wire: httpx.Client) -> None:
    auth.switch(Condition.HANGING)
    with pytest.raises(httpx.ReadTimeout):
        wire.get("/health", timeout=0.3)

    dropped: list[BaseException] = []

    def ask() -> None:
        try:
            httpx.get(f"{auth.url}/auth/v1/health", headers=wire.headers, timeout=60, verify=NO_TLS)
        except httpx.RemoteProtocolError as error:
            dropped.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    assert eventually(lambda: auth.service.left_hanging == 2, 60)
    assert asking.is_alive()
    auth.switch(Condition.HEALTHY)
    asking.join(60)
    assert len(dropped) == 1
    assert wire.get("/health").status_code == 200


def test_a_changed_password_refuses_the_old_one(auth: RunningAuth, client: SyncGoTrueClient) -> None:
    auth.service.user(auth.email).change_password("another")
    with pytest.raises(AuthApiError, match="Invalid login credentials"):
        sign_in(client, auth)
