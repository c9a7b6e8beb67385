"""Traffic without a browser: ordinary people's requests, as many as wanted and as fast as they are answered.

What people do in a browser is the checks' business. This is for what only shows in numbers: rates, thresholds, logs.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from sandbox.visitor import Visitor, cookie_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PEOPLE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
SCHEDULER = "vercel-cron/1.0"
AT_ONCE = 16
"""Requests under way at the same time."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to send."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Traffic:
    """A signed-in person and the scheduler. Knows the Server Actions of the build that was served when it was made.

    Each method returns the statuses in the order of the calls, when all are answered; 0 where there was no answer.
    """

    def __init__(self, url: str, visitor: Visitor, cron_secret: str, user_agent: str = PEOPLE) -> None:
        self._url = url
        self._cron_secret = cron_secret
        self._actions = visitor.actions()
        self._person = {"Cookie": cookie_header(visitor.sign_in()), "User-Agent": user_agent}

    def act(self, count: int = 1, name: str = "getCurrentUser", *arguments: object) -> list[int]:
        """Call a Server Action; the one of the default is healthy and cheap."""
        return self.send([self.action(name, arguments)] * count)

    def fail(self, variants: Iterable[int]) -> list[int]:
        """Call a Server Action that throws, under the fault ``action-throws-variously``: 1 to 9 are different errors."""
        return self.send([self.action("requestSync", [f"variant-{variant}"]) for variant in variants])

    def lists(self, count: int = 1) -> list[int]:
        """Read the list of conversations."""
        return self.send([Call("GET", "/api/inbox/conversations?limit=1", self._person)] * count)

    def unsigned(self, count: int = 1, path: str = "/api/inbox/conversations?limit=1") -> list[int]:
        """Read without being signed in."""
        return self.send([Call("GET", path, {"User-Agent": self._person["User-Agent"]})] * count)

    def cron(self, count: int = 1, name: str = "response-timing") -> list[int]:
        """Call a cron route as the scheduler does."""
        headers = {"Authorization": f"Bearer {self._cron_secret}", "User-Agent": SCHEDULER}
        return self.send([Call("GET", f"/api/cron/{name}", headers)] * count)

    def send(self, calls: Sequence[Call], at_once: int = AT_ONCE, patience: float | None = None) -> list[int]:
        """Send any requests; a visitor without an answer after ``patience`` seconds leaves."""
        return asyncio.run(self._send(calls, at_once, patience))

    def action(self, name: str, arguments: Sequence[object] = ()) -> Call:
        """The call of a Server Action."""
        headers = self._person | {
            "next-action": self._actions[name],
            "Accept": "text/x-component",
            "Content-Type": "text/plain;charset=UTF-8",
        }
        return Call("POST", "/", headers, json.dumps(list(arguments)).encode())

    async def _send(self, calls: Sequence[Call], at_once: int, patience: float | None) -> list[int]:
        statuses = [0] * len(calls)
        waiting = iter(enumerate(calls))
        connector = aiohttp.TCPConnector(limit=at_once)
        async with aiohttp.ClientSession(
            self._url,
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(patience),
        ) as session:

            async def work() -> None:
                for place, call in waiting:
                    statuses[place] = await _status(session, call)

            await asyncio.gather(*(work() for _ in range(at_once)))
        return statuses


async def _status(session: aiohttp.ClientSession, call: Call) -> int:
    try:
        async with session.request(
            call.method, call.path, headers=call.headers, data=call.body, allow_redirects=False
        ) as answer:
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0
