"""A small server that is deployed anew while a run measures it. HTTP only: a whole run takes a second."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.measure import Measured, run_suite
from tests.servers import QuickServer

RUNBOOK = """
schema = 1
[parts]
inbox.off = "no browser"
workspaces.off = "no browser"
session.off = "no browser"
environment = "off"
[checks]
login = ["test_an_unauthenticated_client_is_redirected_to_the_login_page"]
[deployments]
look = {look}
confirm = 0.1
watch = 0.2
[budgets]
second_look = 0.1
[logs]
arrival = 2
"""
SOMEBODY = {"SMOKE_EMAIL": "ada@example.test", "SMOKE_PASSWORD": "correct horse"}
LOGIN = "/auth/login"
LONGEST_HOLD = 10.0


class Site:
    """Serves its login page by a script: `ABBB` is deployment A for the look before the checks, then B.

    `-` is no answer, `!` a challenge.
    """

    def __init__(self, server: HTTPServer, names: Mapping[str, str] | None = None) -> None:
        self.url = server.url_for("").rstrip("/")
        self.names = names or {letter: f"dpl_{letter.lower()}" for letter in "ABC"}
        """Letter of the script → what the page calls its deployment."""
        self.script = "A"
        self.happens: dict[int, Callable[[], object]] = {}
        """Number of a look, counted from 0 → what happens just before it is answered."""
        self.inbox: Callable[[], Response] = to_the_login_page
        """What the check of the redirect to the login page gets."""
        self.held_until = 0
        """That check waits for so many looks; 0: for the whole script."""
        self.canary: str | None = None
        """The letter of the deployment that whoever asks for the canary gets, and whoever has its cookie."""
        self.pinned_by_cookie: list[str] = []
        self.looks = 0
        self._asked = 0
        self._host: str | None = None
        """That of the run. A deployment's own address, where a rollback target is asked, is none of the script's looks."""
        self._lock = threading.Lock()
        server.expect_request(LOGIN).respond_with_handler(self._login)
        server.expect_request("/").respond_with_handler(self._inbox)
        server.expect_request("/api/inbox/conversations").respond_with_data("{}", status=401)

    def _is_elsewhere(self, request: Request) -> bool:
        self._host = self._host or request.host
        return request.host != self._host

    def _login(self, request: Request) -> Response:
        if self._is_elsewhere(request):
            return self._page(self.script[0])
        self.pinned_by_cookie += [value for name, value in request.cookies.items() if name == "__vdpl"]
        forced = request.args.get("vcrrForceCanary") == "true"
        with self._lock:
            if forced:
                answer = self._page(self.canary or self.script[0])
                answer.headers.add("set-cookie", "_vcrr_site=canary|0; Path=/")
                return answer
            self.happens.get(self.looks, lambda: None)()
            build = self.script[min(self.looks, len(self.script) - 1)]
            self.looks += 1
            return self._page(self.canary if self.canary and request.cookies.get("_vcrr_site") else build)

    def _page(self, letter: str) -> Response:
        if letter == "-":
            return Response("no answer", status=503)
        if letter == "!":
            return Response("Vercel Security Checkpoint", status=403, headers={"x-vercel-mitigated": "challenge"})
        name = self.names[letter]
        html = f'<!DOCTYPE html><html data-dpl-id="{name}"><script src="/_next/a.js?dpl={name}"></script></html>'
        return Response(html, content_type="text/html", headers={"set-cookie": f"__vdpl={name}; Path=/"})

    def _inbox(self, request: Request) -> Response:
        """The look before the checks is answered at once; the check waits."""
        if self._is_elsewhere(request):
            return to_the_login_page()
        self._asked += 1
        until = time.monotonic() + LONGEST_HOLD
        while self._asked > 1 and self.looks < (self.held_until or len(self.script)) and time.monotonic() < until:
            time.sleep(0.02)
        return self.inbox() if self._asked > 1 else to_the_login_page()


def to_the_login_page() -> Response:
    return Response(status=307, headers={"location": LOGIN})


def let_in() -> Response:
    return Response("everybody may come in")


@contextlib.contextmanager
def site(port: int = 0, names: Mapping[str, str] | None = None) -> Iterator[Site]:
    with QuickServer(port=port, threaded=True) as server:
        yield Site(server, names)


def measured(  # what may be different about a run
    url: str,
    folder: Path,
    *options: str,
    mark: str = "smoke",
    piped_in: int | None = None,
    look: float = 0.2,
    platform: Mapping[str, str] | None = None,
) -> Measured:
    """A run of what needs no browser."""
    runbook = folder / "runbook.toml"
    runbook.write_text(RUNBOOK.format(look=look), encoding="utf-8")
    more = ("-k", "unauthenticated or deployments") if mark == "smoke" else ()
    environment = {**SOMEBODY, **(platform or {})}
    options = (f"--runbook={runbook}", *more, *options)
    return run_suite(url, environment, folder / "reports", *options, mark=mark, piped_in=piped_in)


def said(run: Measured) -> tuple[str, str | None]:
    """Decision and reason, which the exit code repeats."""
    assert run.consistent, run.output
    return run.verdict["decision"], run.verdict["reason"]
