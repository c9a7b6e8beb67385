"""A page as the recorder reports it: answers of the server, and what the screen shows."""

from __future__ import annotations

import json
from typing import Any

from postdeploy.page.observation import Observation
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook

ORIGIN = "https://app.example.com"
RUNBOOK = read_runbook()
HEALTHY_APP = {
    "selector": "Acme",
    "cards": [{"person": "Ada", "text": "Ada 7 Acme 2h Hello email positive"}],
    "empty": False,
    "options": [],
}
HEALTHY: dict[str, object] = {
    "path": "/",
    "banner": None,
    "panel": None,
    "boundary": None,
    "crash": None,
    "toasts": [],
    "form": False,
    "interactive": False,
    "captcha": False,
    "mfa": False,
    "text_length": 500,
}


def row(name: str = "Ada", company: str = "Acme") -> dict[str, Any]:
    return {"id": name, "lead": {"id": name, "name": name, "company": company}}


class Page:
    """A page as the recorder would report it."""

    def __init__(self, runbook: Runbook = RUNBOOK, **screen: object) -> None:
        self.seen = Observation(runbook, ORIGIN)
        self.seen.take({"type": "document", "url": ORIGIN, "at": 1})
        self.look(**screen)

    def look(self, **screen: object) -> Page:
        app = HEALTHY_APP | {name: value for name, value in screen.items() if name in HEALTHY_APP}
        rest = {name: value for name, value in screen.items() if name not in HEALTHY_APP}
        self.seen.take({"type": "screen", "screen": HEALTHY | rest | {"app": app}, "at": 2})
        return self

    def answers(
        self, path: str, body: object, status: int = 200, action: str | None = None, kind: str | None = None
    ) -> Page:
        key = f"k{len(self.seen.exchanges)}"
        url = ORIGIN + path
        method = "POST" if action else "GET"
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"content-type": kind} if kind else {}
        self.seen.take({"type": "request", "id": key, "method": method, "url": url, "action": action, "at": 10})
        self.seen.take({"type": "answer", "id": key, "status": status, "headers": headers, "url": url, "at": 20})
        self.seen.take({"type": "body", "id": key, "body": text, "at": 30})
        return self

    def lists(self, *rows: dict[str, Any], workspace: str | None = "w1") -> Page:
        query = f"?clientId={workspace}&limit=50" if workspace else "?limit=50"
        return self.answers("/api/inbox/conversations" + query, {"success": True, "conversations": list(rows)})

    def knows(self, *names: str) -> Page:
        """The workspaces, as the app's action tells them."""
        workspaces = [{"id": f"w-{name}", "name": name} for name in names]
        return self.answers("/", "1:" + json.dumps({"success": True, "data": workspaces}) + "\n", 200, "a0")

    def polls(self, times: int) -> Page:
        """A read that is asked for again and again."""
        for _ in range(times):
            self.answers("/api/inbox/counts", {})
        return self

    def loses(self, path: str) -> Page:
        """A request that the network breaks off."""
        self.asks(path).seen.take({"type": "failure", "id": "open", "error": "TypeError: Failed to fetch", "at": 50})
        return self

    def asks(self, path: str) -> Page:
        self.seen.take(
            {"type": "request", "id": "open", "method": "GET", "url": ORIGIN + path, "action": None, "at": 40}
        )
        return self
