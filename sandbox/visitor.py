"""A visitor without a browser: signs in as the smoke user and looks whether the inbox is served."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from sandbox.auth import Keys

CHUNK = re.compile(r"/_next/static/[^\"'\\?\s]+\.js")
COOKIE_LIMIT = 3180
"""Characters after which @supabase/ssr puts a session into several cookies."""


class UnhealthyError(Exception):
    """The sandbox does not serve the inbox although nothing is meant to be broken."""


class Visitor:
    """Sees the deployment as the smoke user's browser does, before any JavaScript runs."""

    def __init__(self, url: str, auth_url: str, keys: Keys, email: str, password: str) -> None:
        self._auth_url = auth_url
        self._anon_key = keys.anon_key
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
        dashboard = self._client.get("/", cookies=self._session()).raise_for_status().text
        login = self._client.get("/auth/login").raise_for_status().text
        return sorted(set(CHUNK.findall(dashboard)) - set(CHUNK.findall(login)))

    def _list(self) -> str | None:
        """What is wrong with the list of conversations; None if it is there."""
        try:
            answer = self._client.get("/api/inbox/conversations", params={"limit": "1"}, cookies=self._session())
        except httpx.HTTPError as error:
            return repr(error)
        if answer.status_code == 200 and answer.json().get("conversations"):
            return None
        return f"{answer.status_code} {answer.text[:200]}"

    def _session(self) -> dict[str, str]:
        """The cookies of a fresh session, as @supabase/ssr writes them."""
        answer = httpx.post(
            f"{self._auth_url}/auth/v1/token?grant_type=password",
            json=self._credentials,
            headers={"apikey": self._anon_key},
        ).raise_for_status()
        value = "base64-" + base64.urlsafe_b64encode(json.dumps(answer.json()).encode()).decode().rstrip("=")
        name = "sb-localhost-auth-token"
        if len(value) <= COOKIE_LIMIT:
            return {name: value}
        parts = [value[start : start + COOKIE_LIMIT] for start in range(0, len(value), COOKIE_LIMIT)]
        return {f"{name}.{number}": part for number, part in enumerate(parts)}
