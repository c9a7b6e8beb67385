"""A visitor without a browser: signs in as the smoke user and looks whether the inbox is served."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import TYPE_CHECKING, Any

import httpx

from sandbox.shapes import PLACES

if TYPE_CHECKING:
    from sandbox.auth import Keys

CHUNK = re.compile(r"/_next/static/[^\"'\\?\s]+\.js")
ACTION = re.compile(r'createServerReference\)\("([0-9a-f]{40,})",[^)]*?,"(\w+)"\)')
COOKIE = "sb-localhost-auth-token"
COOKIE_LIMIT = 3180
"""Characters after which @supabase/ssr puts a session into several cookies."""


class UnhealthyError(Exception):
    """The sandbox does not serve the inbox although nothing is meant to be broken."""


class Visitor:
    """Sees the deployment as the smoke user's browser does, before any JavaScript runs."""

    def __init__(self, url: str, auth_url: str, keys: Keys, email: str, password: str) -> None:
        self._auth_url = auth_url
        self._anon_key = keys.anon_key
        self.places = PLACES["inbox"]
        """Where things are in the app as it is served now."""
        self._credentials = {"email": email, "password": password}
        self._client = httpx.Client(base_url=url, timeout=20)

    def close(self) -> None:
        """Drop the connections."""
        self._client.close()

    def wait_for_inbox(self, seconds: float) -> None:
        """Ask for conversations until there are some: connections that a fault has broken are replaced only by use."""
        deadline = time.monotonic() + seconds
        while (answer := self._list()) is not None:
            if time.monotonic() > deadline:
                raise UnhealthyError(f"sandbox: the inbox is not served: {answer}")
            time.sleep(0.05)

    def dashboard_chunks(self) -> list[str]:
        """The scripts of the dashboard that the login page does not load."""
        dashboard = self.get(self.places.inbox).raise_for_status().text
        login = self._client.get(self.places.login).raise_for_status().text
        return sorted(set(CHUNK.findall(dashboard)) - set(CHUNK.findall(login)))

    def actions(self) -> dict[str, str]:
        """The ids of the dashboard's Server Actions, by name, in the build that is served now."""
        scripts = [self._client.get(chunk).raise_for_status().text for chunk in self.dashboard_chunks()]
        return {name: id_ for script in scripts for id_, name in ACTION.findall(script)}

    def scripts(self) -> list[str]:
        """The scripts of the login page, which everybody gets."""
        return sorted(set(CHUNK.findall(self._client.get(self.places.login).raise_for_status().text)))

    def get(self, path: str, **parameters: str) -> httpx.Response:
        """What the smoke user is answered."""
        return self._client.get(path, params=parameters, headers={"Cookie": cookie_header(self.sign_in())})

    def sign_in(self) -> dict[str, Any]:
        """A new session, by asking the auth service itself."""
        answer = httpx.post(
            f"{self._auth_url}/auth/v1/token?grant_type=password",
            json=self._credentials,
            headers={"apikey": self._anon_key},
        )
        session: dict[str, Any] = answer.raise_for_status().json()
        return session

    def storage_state(self) -> dict[str, Any]:
        """A new session as Playwright stores a signed-in browser: a session from before a deploy, say."""
        common = {"domain": "localhost", "path": "/", "expires": -1, "httpOnly": False, "secure": False}
        named = cookies(self.sign_in()).items()
        return {"cookies": [{"name": name, "value": value, "sameSite": "Lax"} | common for name, value in named]}

    def _list(self) -> str | None:
        """What is wrong with the list of conversations; None if it is there."""
        try:
            answer = self.get(self.places.conversations, limit="1")
        except httpx.HTTPError as error:
            return repr(error)
        if answer.status_code == 200 and answer.json().get("conversations"):
            return None
        return f"{answer.status_code} {answer.text[:200]}"


def cookies(session: dict[str, Any]) -> dict[str, str]:
    """The cookies in which @supabase/ssr keeps a session."""
    value = "base64-" + base64.urlsafe_b64encode(json.dumps(session).encode()).decode().rstrip("=")
    if len(value) <= COOKIE_LIMIT:
        return {COOKIE: value}
    parts = [value[start : start + COOKIE_LIMIT] for start in range(0, len(value), COOKIE_LIMIT)]
    return {f"{COOKIE}.{number}": part for number, part in enumerate(parts)}


def cookie_header(session: dict[str, Any]) -> str:
    """The same as a request carries them."""
    return "; ".join(f"{name}={value}" for name, value in cookies(session).items())
