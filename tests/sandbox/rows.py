"""Requests and their rows, as a test puts them into the logs of a platform that has no app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.logs import Answer, Line, Logs, Origin, Request, Row, invocation

if TYPE_CHECKING:
    from sandbox.logs.rows import Level

NEW = Origin("dpl_new", "inbox-new.localhost:3000")
OLD = Origin("dpl_old", "inbox-old.localhost:3000")
DIGEST = "⨯ Error: The workspace directory is not available\n    at k (page.js:1:1) {\n  digest: '123'\n}"


def request(logs: Logs, number: int = 1, *, ago: float = 1.0, path: str = "/", origin: Origin = NEW) -> Request:
    """A Server Action's request, some seconds ago by the platform's clock."""
    at = logs.clock.milliseconds - int(ago * 1000)
    return Request(
        f"iad1::iad1::aaaaa-{at}-{number:012x}", origin, "localhost:3000", path, at, "POST", "a=1", "Mozilla/5.0", path
    )


def happened(
    logs: Logs,
    number: int = 1,
    message: str = "",
    *,
    status: int = 500,
    ago: float = 1.0,
    path: str = "/",
    origin: Origin = NEW,
    level: Level = "error",
) -> list[Row]:
    """Let a request have happened, with at most one line."""
    asked = request(logs, number, ago=ago, path=path, origin=origin)
    lines = [Line(message, level)] if message else []
    rows = invocation(asked, Answer(status, middleware=not path.startswith("/api/")), lines)
    logs.store.add(*rows)
    return rows
