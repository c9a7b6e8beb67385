"""Whole runs against a small server that is deployed anew while they measure it: HTTP only, so that each takes a second."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.measure import Measured, run_suite

pytestmark = pytest.mark.timeout(60)

RUNBOOK = """
schema = 1
[parts]
inbox = "off"
workspaces = "off"
session = "off"
environment = "off"
[checks]
login = ["test_a_stranger_is_sent_to_the_login_page"]
[deployments]
look = 0.2
confirm = 0.1
watch = 0.2
[budgets]
second_look = 0.1
[logs]
arrival = 2
"""
SOMEBODY = {"SMOKE_EMAIL": "ada@example.test", "SMOKE_PASSWORD": "correct horse"}
LONGEST_HOLD = 10.0


def page(build: str) -> Response:
    if build == "-":
        return Response("no answer", status=503)
    mark = f"dpl_{build.lower()}"
    html = f'<!DOCTYPE html><html data-dpl-id="{mark}"><script src="/_next/a.js?dpl={mark}"></script></html>'
    return Response(html, content_type="text/html", headers={"set-cookie": f"__vdpl={mark}; Path=/"})


class Site:
    """Serves its login page by a script: `ABBB` is deployment A for the look before the checks, then B."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("").rstrip("/")
        self.script = "A"
        self.inbox: Callable[[], Response] = lambda: Response(status=307, headers={"location": "/auth/login"})
        self.held_until = 0
        """The check waits for so many looks; 0: for the whole script."""
        self.pinned_by_cookie: list[str] = []
        self._looks = 0
        self._asked = 0
        self._lock = threading.Lock()
        server.expect_request("/auth/login").respond_with_handler(self._login)
        server.expect_request("/").respond_with_handler(self._inbox)
        server.expect_request("/api/inbox/conversations").respond_with_data("{}", status=401)

    def _login(self, request: Request) -> Response:
        self.pinned_by_cookie += [value for name, value in request.cookies.items() if name == "__vdpl"]
        with self._lock:
            build = self.script[min(self._looks, len(self.script) - 1)]
            self._looks += 1
        return page(build)

    def _inbox(self, _request: Request) -> Response:
        """The look before the checks is answered at once; the check waits until the script is over."""
        self._asked += 1
        until = time.monotonic() + LONGEST_HOLD
        while self._asked > 1 and self._looks < (self.held_until or len(self.script)) and time.monotonic() < until:
            time.sleep(0.02)
        return self.inbox() if self._asked > 1 else Response(status=307, headers={"location": "/auth/login"})


@pytest.fixture
def site() -> Iterator[Site]:
    with HTTPServer(threaded=True) as server:
        yield Site(server)


def measured(
    site: Site, folder: Path, *options: str, mark: str = "smoke", piped_in: int | None = None, look: float = 0.2
) -> Measured:
    runbook = folder / "runbook.toml"
    runbook.write_text(RUNBOOK.replace("look = 0.2", f"look = {look}"), encoding="utf-8")
    more = ("-k", "stranger") if mark == "smoke" else ()
    return run_suite(
        site.url, SOMEBODY, folder / "reports", f"--runbook={runbook}", *more, *options, mark=mark, piped_in=piped_in
    )


def said(run: Measured) -> tuple[str, str | None]:
    assert run.consistent, run.output
    return run.verdict["decision"], run.verdict["reason"]


@pytest.mark.parametrize(
    "script", [pytest.param("AAAAA", id="it serves all the time"), pytest.param("A--A--A", id="an outage in between")]
)
def test_what_serves_all_the_time_is_judged(site: Site, tmp_path: Path, script: str) -> None:
    site.script = script
    run = measured(site, tmp_path)
    assert said(run) == ("PASS", None), run.output


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_another_deployment_ends_the_run_and_is_named(site: Site, tmp_path: Path, processes: tuple[str, ...]) -> None:
    site.script = "AABB"
    run = measured(site, tmp_path, *processes)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert run.verdict["summary"].startswith("dpl_b took over during the run")


def test_two_that_answer_by_turns_prove_nothing(site: Site, tmp_path: Path) -> None:
    site.script = "ABABABA"
    run = measured(site, tmp_path)
    assert said(run) == ("INCONCLUSIVE", "unproven"), run.output
    assert "dpl_a and dpl_b answer by turns" in run.verdict["summary"]


def test_a_failure_that_was_seen_before_stays(site: Site, tmp_path: Path) -> None:
    site.inbox = lambda: Response("everybody may come in")
    site.script = "AAB"  # the look before the checks, the one beside the failure, and the last
    site.held_until = 1
    run = measured(site, tmp_path, look=60.0)
    assert said(run) == ("FAIL", "superseded"), run.output
    assert "of a superseded deployment; dpl_b serves now" in run.verdict["summary"]


def test_a_failure_that_another_deployment_may_have_served_is_none(site: Site, tmp_path: Path) -> None:
    site.script = "AB"
    site.inbox = lambda: Response("everybody may come in")
    run = measured(site, tmp_path)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert "by now another deployment answers" in run.output


def test_the_looks_are_those_of_a_newcomer(site: Site, tmp_path: Path) -> None:
    """A cookie that ties to a deployment would show that one for ever."""
    site.script = "AAAA"
    measured(site, tmp_path)
    assert site.pinned_by_cookie == []


def test_a_long_watch_ends_when_another_deployment_takes_over(site: Site, tmp_path: Path) -> None:
    """The log is piped in and goes on: nothing else would end it for ten minutes."""
    site.script = "AAABB"
    reading, writing = os.pipe()
    try:
        run = measured(site, tmp_path, "--logs=-", "--watch=10m", mark="watch", piped_in=reading)
    finally:
        os.close(writing)
        os.close(reading)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert "checks not reached: superseded by dpl_b" in run.output
    assert run.seconds < 20
