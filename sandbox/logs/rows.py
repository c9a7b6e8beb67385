"""What the platform knows of one row of its logs. Each way to read them shows a part of it (`live`, `exports`, …)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Literal

Level = Literal["", "info", "warning", "error", "fatal"]
Kind = Literal["function", "middleware", "static", "cache", "redirect"]
Stream = Literal["", "stdout", "stderr"]
ServedBy = Literal["function", "static", "cache", "redirect"]

REGION = "iad1"


@dataclass(frozen=True, slots=True)
class Origin:
    """Which deployment wrote, and what the platform notes of it on every row."""

    deployment_id: str
    host: str
    """The deployment's own, whatever host it was asked at."""
    environment: str = "production"
    branch: str = "main"


@dataclass(frozen=True, slots=True)
class Request:
    """What all rows of one request share."""

    id: str
    """As ``x-vercel-id`` says it: ``iad1::iad1::abcde-<ms>-<hex>``."""
    origin: Origin
    host: str
    path: str
    at: int
    """Milliseconds."""
    method: str = "GET"
    query: str = ""
    user_agent: str = ""
    function: str = ""
    """The route that answers, ``/api/inbox/conversations/[id]``; empty where none does."""

    @property
    def short_id(self) -> str:
        """The id without the regions, as exports and the older history show it."""
        return self.id.rpartition("::")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended."""

    status: int | None
    served_by: ServedBy = "function"
    middleware: bool = False
    """Whether the middleware ran before."""
    duration_ms: int = 12
    crashed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``status`` is None as long as the request has not been answered, and for ever if it never is."""

    at: int
    origin: Origin
    kind: Kind = "function"
    request: Request | None = None
    """None for what is written outside of any request, while starting."""
    level: Level = ""
    message: str = ""
    stream: Stream = ""
    status: int | None = None
    crashed: bool = False
    """Whether the platform answered because the function did not."""
    system: bool = False
    """Whether the platform wrote the message, not the app."""
    duration_ms: int | None = None
    cache: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(12))

    @property
    def is_request(self) -> bool:
        """Whether this is the row by which the request itself, not something it wrote, is noted."""
        return self.request is not None and not self.message and self.kind != "middleware"

    def settled(self, answer: Answer) -> Row:
        """The row as it reads once the request is answered: the status stands on each of its rows."""
        # Where the middleware redirects the function never runs: it was the middleware that wrote.
        kind: Kind = "middleware" if answer.served_by == "redirect" else self.kind
        return replace(self, status=answer.status, crashed=answer.crashed, kind=kind)
