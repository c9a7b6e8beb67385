"""Asks the auth service itself, past the app: is it the credentials, the app, or the service?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from postdeploy.preflight import Target, is_dns, root
from postdeploy.runbook import User

_SCRIPT = re.compile(r'(?:src|href)="(/[^"]+?\.js[^"]*)"')
_KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_publishable_[\w-]+")
_URL = re.compile(r"https?://[\w.-]+(?::\d+)?(?=[\"'`])")
_MOST_SCRIPTS = 40


class Answer(StrEnum):
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
class Opinion:
    """The answer, and a sentence for people."""

    answer: Answer
    sentence: str


def ask(target: Target, user: User, login_path: str, timeout: float) -> Opinion:
    """Try the password grant at the service that the served bundle names. Creates one session when accepted."""
    found = find_service(target, login_path)
    if found is None:
        return Opinion(Answer.UNKNOWN, "the served bundle does not name the auth service")
    url, key = found
    try:
        answer = httpx.post(
            f"{url}/auth/v1/token",
            params={"grant_type": "password"},
            json={"email": user.email.reveal(), "password": user.password.reveal()},
            headers={"apikey": key},
            timeout=timeout,
        )
    except httpx.TimeoutException:
        return Opinion(Answer.UNAVAILABLE, f"asked directly, the auth service does not answer within {timeout:g} s")
    except httpx.TransportError as error:
        if is_dns(root(error)):
            host = urlsplit(url).hostname
            return Opinion(
                Answer.NO_SUCH_HOST, f"the auth service that the served bundle names has no address ({host})"
            )
        return Opinion(
            Answer.UNAVAILABLE, f"asked directly, the auth service can't be reached ({type(error).__name__})"
        )
    return _opinion(answer)


def ask_about(target: Target, access_token: str, login_path: str, timeout: float) -> Opinion:
    """Whether the service still knows the session that this access token belongs to. Changes nothing."""
    found = find_service(target, login_path)
    if found is None:
        return Opinion(Answer.UNKNOWN, "the served bundle does not name the auth service")
    url, key = found
    headers = {"apikey": key, "authorization": f"Bearer {access_token}"}
    try:
        answer = httpx.get(f"{url}/auth/v1/user", headers=headers, timeout=timeout)
    except httpx.TransportError as error:
        return Opinion(Answer.UNAVAILABLE, f"the auth service can't be asked ({type(error).__name__})")
    if answer.status_code == 200:
        return Opinion(Answer.ACCEPTED, "asked directly, the auth service knows the session")
    return Opinion(Answer.REFUSED, f"asked directly, the auth service does not know the session ({answer.status_code})")


def _opinion(answer: httpx.Response) -> Opinion:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    code = str(body.get("error_code") or body.get("code") or body.get("error") or answer.status_code)
    if answer.status_code == 200 and body.get("access_token"):
        return Opinion(Answer.ACCEPTED, "asked directly, the auth service accepts the same credentials")
    if answer.status_code >= 500:
        return Opinion(Answer.UNAVAILABLE, f"asked directly, the auth service answers {answer.status_code}")
    if answer.status_code == 429:
        return Opinion(Answer.RATE_LIMITED, "the auth service limits the rate of sign-ins (429)")
    if code == "captcha_failed":
        return Opinion(Answer.CAPTCHA, "the auth service demands a CAPTCHA")
    if answer.status_code in (401, 403) and "api key" in answer.text.casefold():
        return Opinion(
            Answer.KEY_REFUSED, "asked directly, the auth service refuses the key that the served bundle carries"
        )
    if answer.status_code in (400, 401, 403, 422):
        return Opinion(Answer.REFUSED, f"asked directly, the auth service refuses the credentials too ({code})")
    return Opinion(Answer.UNKNOWN, f"asked directly, the auth service answers {answer.status_code}")


def find_service(target: Target, login_path: str) -> tuple[str, str] | None:
    """URL and public key of the auth service out of the login page's scripts."""
    try:
        page = target.get(login_path).text
        for script in list(dict.fromkeys(_SCRIPT.findall(page)))[:_MOST_SCRIPTS]:
            found = read_bundle(target.get(script).text)
            if found:
                return found
    except httpx.HTTPError:
        return None
    return None


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
