"""Clients for a server that stands in for Vercel: no pause takes any time."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from werkzeug import Request

from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.retry import RetryPolicy

RETRY = RetryPolicy(attempts=3, answer=2.0)
PROJECT_PATH = "/v9/projects/prj_1"
ROLLING_PATH = "/v1/projects/prj_1/rolling-release"
DOMAIN_PATH = "/v4/aliases/app.example.com"


class Pauses(list[float]):
    """Sleeps that take no time."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(server: HTTPServer, pauses: Pauses | None = None, retry: RetryPolicy = RETRY) -> Vercel:
    access = Access(Secret("the-token"), "prj_1", "team_1", server.url_for("").rstrip("/"))
    return Vercel(access, retry, sleep=pauses if pauses is not None else Pauses())


def writer(base: str, named: str = "VERCEL_TOKEN") -> Vercel:
    """A client whose requests time out soon: its writes may hang."""
    access = Access(Secret("the-token"), "prj_1", "team_1", base.rstrip("/"), named)
    return Vercel(access, RetryPolicy(attempts=4, first=0.0, answer=0.3), sleep=lambda _: None)


@dataclass
class Server:
    """Answers every request with the same, and remembers what it got."""

    url: str = ""
    got: list[Request] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.got]
