"""Asks the auth service itself, past the app: is it the credentials, the app, or the service?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from postdeploy.runbook.environment import User
from postdeploy.target.preflight import Target, is_dns, root

_SCRIPT = re.compile(r'(?:src|href)="(/[^"]+?\.js[^"]*)"')
_KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_publishable_[\w-]+")
_ANY_KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_(?:publishable|secret)_[\w-]+")
_URL = re.compile(r"https?://[\w.-]+(?::\d+)?(?=[\"'`])")
_MOST_SCRIPTS = 40


class AuthAnswer(StrEnum):
    """What the auth service says of the credentials."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    KEY_REFUSED = "key refused"
    NO_SUCH_HOST = "no such host"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate limited"
    CAPTCHA = "captcha required"
    UNKNOWN = "could not be asked"


@dataclass(frozen=True, slots=True)
class AuthReply:
    """The answer, and a sentence for people."""

    answer: AuthAnswer
    sentence: str


def ask(target: Target, user: User, login_path: str, timeout: float) -> AuthReply:
    """Try the password grant at the service that the served bundle names. Creates one session when accepted."""
    credentials = {"email": user.email.reveal(), "password": user.password.reveal()}
    return _ask(target, login_path, "POST", "token?grant_type=password", timeout, body=credentials)


def renew(target: Target, refresh_token: str, login_path: str, timeout: float) -> AuthReply:
    """Try to renew a session past the app. Uses the refresh token up when accepted."""
    body = {"refresh_token": refresh_token}
    return _ask(target, login_path, "POST", "token?grant_type=refresh_token", timeout, body=body)


def knows(target: Target, access_token: str, login_path: str, timeout: float) -> AuthReply:
    """Whether the service still knows the session that this access token belongs to. Changes nothing."""
    return _ask(target, login_path, "GET", "user", timeout, authorization=f"Bearer {access_token}")


def _ask(  # noqa: PLR0913 - what a request consists of
    target: Target,
    login_path: str,
    method: str,
    what: str,
    timeout: float,
    *,
    body: Mapping[str, str] | None = None,
    authorization: str | None = None,
) -> AuthReply:
    found = find_service(target, login_path)
    if found is None:
        return AuthReply(AuthAnswer.UNKNOWN, "the served bundle does not name the auth service")
    url, key = found
    headers = {"apikey": key} | ({"authorization": authorization} if authorization else {})
    try:
        answer = httpx.request(method, f"{url}/auth/v1/{what}", json=body, headers=headers, timeout=timeout)
    except httpx.TimeoutException:
        return AuthReply(
            AuthAnswer.UNAVAILABLE, f"asked directly, the auth service does not answer within {timeout:g} s"
        )
    except httpx.TransportError as error:
        if is_dns(root(error)):
            host = urlsplit(url).hostname
            return AuthReply(
                AuthAnswer.NO_SUCH_HOST, f"the auth service that the served bundle names has no address ({host})"
            )
        return AuthReply(
            AuthAnswer.UNAVAILABLE, f"asked directly, the auth service can't be reached ({type(error).__name__})"
        )
    return _opinion(answer)


def _opinion(answer: httpx.Response) -> AuthReply:
    try:
        body = answer.json()
    except ValueError:
        body = None
    body = body if isinstance(body, dict) else {}
    code = str(body.get("error_code") or body.get("code") or body.get("error") or answer.status_code)
    if answer.status_code == 200 and (body.get("access_token") or body.get("id")):
        return AuthReply(AuthAnswer.ACCEPTED, "asked directly, the auth service accepts the same")
    if answer.status_code >= 500:
        return AuthReply(AuthAnswer.UNAVAILABLE, f"asked directly, the auth service answers {answer.status_code}")
    if answer.status_code == 429:
        return AuthReply(AuthAnswer.RATE_LIMITED, "the auth service limits the rate of sign-ins (429)")
    if code == "captcha_failed":
        return AuthReply(AuthAnswer.CAPTCHA, "the auth service demands a CAPTCHA")
    if answer.status_code in (401, 403) and "api key" in answer.text.casefold():
        return AuthReply(
            AuthAnswer.KEY_REFUSED, "asked directly, the auth service refuses the key that the served bundle carries"
        )
    if answer.status_code in (400, 401, 403, 422):
        return AuthReply(AuthAnswer.REFUSED, f"asked directly, the auth service refuses the same ({code})")
    return AuthReply(AuthAnswer.UNKNOWN, f"asked directly, the auth service answers {answer.status_code}")


def find_service(target: Target, login_path: str) -> tuple[str, str] | None:
    """URL and public key of the auth service out of the login page's scripts."""
    try:
        return next((found for script in scripts(target, login_path) if (found := read_bundle(script))), None)
    except httpx.HTTPError:
        return None


def scripts(target: Target, login_path: str) -> Iterator[str]:
    """The text of each script of the login page, as it is needed."""
    page = target.get(login_path).text
    for script in list(dict.fromkeys(_SCRIPT.findall(page)))[:_MOST_SCRIPTS]:
        yield target.get(script).text


def keys_in(script: str) -> list[str]:
    """Everything in a script that looks like a key of the auth service, also what must not be there."""
    return [found[0] for found in _ANY_KEY.finditer(script)]


def read_bundle(script: str) -> tuple[str, str] | None:
    """The address that stands nearest to a public key in a script, with the key."""
    for key in _KEY.finditer(script):
        near = [url for url in _URL.finditer(script) if abs(url.start() - key.start()) < 2000]
        own = [url for url in near if _may_be_service(url[0])]
        if own:
            nearest = min(own, key=lambda url: abs(url.start() - key.start()))
            return nearest[0], key[0]
    return None


def _may_be_service(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host.endswith((".supabase.co", ".supabase.in")) or not host.endswith((".org", ".io", ".dev"))
