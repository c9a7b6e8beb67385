"""Each fault does on the wire what was observed of the real app in that state, and nothing of it is left afterwards."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox import FAULTS, Sandbox
from sandbox.builds import STATE
from sandbox.database import WORKSPACES
from sandbox.visitor import COOKIE, cookie_header

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sandbox

BUDGET = 10.0
"""Seconds after which a request of the journey counts as unanswered."""
LIST = "/api/inbox/conversations"
ACTION = re.compile(r'createServerReference\)\("([0-9a-f]{40,})"[^)]*?,"(\w+)"\)')


class Browser:
    """The requests a browser would make as the smoke user, one at a time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._client = httpx.Client(base_url=sandbox.url, timeout=BUDGET)
        self.sign_in()
        self.actions = self._actions()
        self.workspaces = self._workspaces()

    def sign_in(self, **changes: int) -> None:
        """Take a new session; ``changes`` make it look different from what the auth service gave."""
        self._client.headers["Cookie"] = cookie_header(self._sandbox.visitor.sign_in() | changes)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self._client.get(path, params=parameters)

    def list(self, workspace: str) -> httpx.Response:
        return self.get(LIST, clientId=self.workspaces[workspace], limit="50")

    def act(self, name: str, arguments: str = "[]") -> httpx.Response:
        """Call a Server Action."""
        headers = {"next-action": self.actions[name], "accept": "text/x-component", "content-type": "text/plain"}
        return self._client.post("/", content=arguments, headers=headers)

    def deployment(self) -> str:
        """What the page says it was built for."""
        found = re.search(r'data-dpl-id="(\w+)"', self.get("/").text)
        assert found
        return found[1]

    def _actions(self) -> dict[str, str]:
        scripts = [self.get(chunk).text for chunk in self._sandbox.visitor.dashboard_chunks()]
        return {name: id_ for script in scripts for id_, name in ACTION.findall(script)}

    def _workspaces(self) -> dict[str, str]:
        return {name: id_ for id_, name in re.findall(r'"id":"([^"]+)","name":"([^"]+)"', self.act("getClients").text)}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A running sandbox for this file."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def browser_requests(sandbox: Sandbox) -> Iterator[Browser]:
    browser = Browser(sandbox)
    yield browser
    browser.close()


@pytest.fixture
def browser_(sandbox: Sandbox, browser_requests: Browser) -> Iterator[Browser]:
    """A signed-in browser in front of a sandbox that is healthy before and after."""
    browser_requests.sign_in()
    yield browser_requests
    sandbox.heal()
    browser_requests.sign_in()
    assert healthy(browser_requests)


def healthy(browser: Browser) -> bool:
    answers = [
        browser.get("/"),
        browser.act("getClients"),
        browser.list(WORKSPACES[0]),
        browser.get("/api/inbox/counts"),
    ]
    return [answer.status_code for answer in answers] == [200] * 4 and '"success":false' not in answers[1].text
