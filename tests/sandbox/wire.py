"""The requests of the smoke user's browser, one at a time and without a browser."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING

import httpx

from sandbox.visitor import cookie_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox import Sandbox

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak plain HTTP: without it, each reads all of the machine's authorities, for 40 ms of CPU time."""
BUDGET = 10.0
"""Seconds after which a request of the journey counts as unanswered."""
DOCUMENT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What a browser that goes to a page wants."""
LIST = "/api/inbox/conversations"

_WORKSPACE = re.compile(r'"id":"([^"]+)","name":"([^"]+)"')


class Wire:
    """A signed-in client. It knows the Server Actions and workspaces of the time when it was made."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._client = httpx.Client(base_url=sandbox.url, timeout=BUDGET)
        self.sign_in()
        self.actions = self.known_actions()
        self.workspaces = self.known_workspaces()

    def close(self) -> None:
        self._client.close()

    def sign_in(self, **changes: int) -> None:
        """Take a new session; ``changes`` make it look different from what the auth service gave."""
        self._client.headers["Cookie"] = cookie_header(self._sandbox.visitor.sign_in() | changes)

    def goes_to_a_page(self) -> None:
        """From now on its requests are for documents, as a browser's address bar makes them."""
        self._client.headers["Sec-Fetch-Dest"] = "document"

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self._client.get(path, params=parameters)

    def page(self, path: str) -> httpx.Response:
        """A document, asked for as a browser's address bar does it."""
        return self._client.get(path, headers=DOCUMENT)

    def list(self, workspace: str) -> httpx.Response:
        """A workspace's conversations."""
        return self.get(LIST, clientId=self.workspaces[workspace], limit="50")

    def act(
        self, name: str, arguments: str = "[]", *, actions: dict[str, str] | None = None, at: str = "/"
    ) -> httpx.Response:
        """Call a Server Action by its name, from the page at this address."""
        headers = {
            "next-action": (actions or self.actions)[name],
            "accept": "text/x-component",
            "content-type": "text/plain;charset=UTF-8",
        }
        return self._client.post(at, content=arguments, headers=headers)

    def deployment(self) -> str:
        """The deployment for which the page says it was built."""
        found = re.search(r'data-dpl-id="(\w+)"', self.get("/").text)
        assert found is not None
        return found[1]

    def known_actions(self) -> dict[str, str]:
        """The ids of the dashboard's Server Actions, by name, in the build that is served now."""
        return self._sandbox.visitor.actions()

    def known_workspaces(self) -> dict[str, str]:
        """The ids of the workspaces the smoke user sees now, by name."""
        return {name: id_ for id_, name in _WORKSPACE.findall(self.act("getClients").text)}


def succeeded(answer: httpx.Response) -> bool:
    """Whether a Server Action answered and says that it worked."""
    return answer.status_code == 200 and '1:{"success":true' in answer.text


def threw(answer: httpx.Response) -> bool:
    """Whether a Server Action answered with an uncaught error."""
    is_component = answer.headers["content-type"] == "text/x-component"
    return answer.status_code == 500 and is_component and re.search(r'1:E{"digest":"\d+', answer.text) is not None


def companies(answer: httpx.Response) -> set[str]:
    """The workspaces whose conversations a list holds."""
    assert answer.status_code == 200
    return {conversation["lead"]["company"] for conversation in answer.json()["conversations"]}


def unanswered(request: Callable[[], httpx.Response]) -> bool:
    """Whether a request is not answered within the budget."""
    try:
        request()
    except httpx.ReadTimeout:
        return True
    return False
