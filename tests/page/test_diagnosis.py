"""From what a browser saw to the likely cause."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.model import Cause
from postdeploy.page.app.screen import AppScreen, Card
from postdeploy.page.diagnosis import diagnose
from postdeploy.page.journal import Exchange, Kind
from postdeploy.page.screen import Screen
from postdeploy.page.sight import Sight, challenge
from postdeploy.runbook.reading import read_runbook

RUNBOOK = read_runbook()
LIST = RUNBOOK.app.list_path
LOGIN = RUNBOOK.app.login_path
INBOX = Screen(path="/", app=AppScreen("Acme", (Card("Ada", "Ada Acme"),)), text_length=100)
NOTHING = Screen(path="/", app=AppScreen("Acme"), text_length=100)


def page(path: str = "/", **more: Any) -> Exchange:
    return _exchange(Kind.PAGE, path, **more)


def action(**more: Any) -> Exchange:
    return _exchange(Kind.ACTION, "/", **{"action": "a1", "method": "POST", "content_type": "text/x-component"} | more)


def api(path: str = LIST, **more: Any) -> Exchange:
    return _exchange(Kind.API, path, **{"content_type": "application/json"} | more)


def _exchange(kind: Kind, path: str, **more: Any) -> Exchange:
    given: dict[str, Any] = {"method": "GET", "started": 0.0, "ms": 50.0, "status": 200} | more
    return Exchange(kind=kind, path=path, **given)


def cause(*journal: Exchange, screen: Screen = NOTHING, **more: Any) -> tuple[Cause, str]:
    given: dict[str, Any] = {"journal": journal, "screen": screen, "runbook": RUNBOOK, "now": 60_000.0} | more
    found = diagnose(Sight(**given))
    return found.cause, found.sentence


@pytest.mark.parametrize(
    ("found", "expected", "told"),
    [
        pytest.param(cause(page(status=503)), Cause.PAGE, "answered 503", id="the page is an error"),
        pytest.param(
            cause(screen=Screen(failed="net::ERR_TOO_MANY_REDIRECTS")),
            Cause.REDIRECT_LOOP,
            "loop",
            id="the browser gave up",
        ),
        pytest.param(
            cause(*[page(p, status=307, location="x") for p in ("/", LOGIN) * 2]),
            Cause.REDIRECT_LOOP,
            "/ ⇄ /auth/login",
            id="back and forth",
        ),
        pytest.param(
            cause(*[api()] * 41, api(ms=None, status=None, started=1_000.0)),
            Cause.NEVER_RENDERED,
            "has requested GET /api/inbox/conversations 42 times",
            id="the page asks for the same again and again",
        ),
        pytest.param(
            cause(*[api(f"{LIST}&at={n}") for n in range(60)], api(ms=None, status=None, started=1_000.0)),
            Cause.NO_ANSWER,
            "was not answered",
            id="the page asks for much, and one request hangs",
        ),
        pytest.param(cause(reloads=3), Cause.REDIRECT_LOOP, "reloading itself", id="the page reloads itself"),
        pytest.param(
            cause(_exchange(Kind.ASSET, "/_next/a.js", status=404)),
            Cause.ASSET,
            "1 of the page",
            id="a script is lost",
        ),
        pytest.param(
            cause(_exchange(Kind.ASSET, "/_next/a.js", status=None, failure="net::ERR_CONNECTION_RESET")),
            Cause.ASSET,
            "1 of the page",
            id="a script breaks off",
        ),
        pytest.param(
            cause(page(status=307, location=LOGIN, ms=8_050.0), session_kept=True),
            Cause.AUTH_SERVICE,
            "after 8 s",
            id="sent away late",
        ),
        pytest.param(
            cause(page(status=307, location=LOGIN), session_kept=False),
            Cause.SESSION_REJECTED,
            "rejected",
            id="sent away, cookie gone",
        ),
        pytest.param(
            cause(page(status=307, location=LOGIN), session_kept=True),
            Cause.AUTH_REGRESSION,
            "valid session",
            id="sent away, cookie kept",
        ),
        pytest.param(
            cause(api(status=401), session_kept=True), Cause.AUTH_REGRESSION, "immediately", id="reads refused"
        ),
        pytest.param(
            cause(api(status=401, ms=8_100.0), session_kept=True),
            Cause.AUTH_SERVICE,
            "after 8 s",
            id="reads refused late",
        ),
        pytest.param(
            cause(action(status=404, superseded_action=True)),
            Cause.SERVER_ACTIONS,
            "different builds",
            id="another build's actions",
        ),
        pytest.param(
            cause(action(status=500, digest="1", framework_error="E80"), api()),
            Cause.ENVIRONMENT,
            "ALLOWED_ORIGINS",
            id="the origin",
        ),
        pytest.param(
            cause(action(status=500, digest="1"), action(action="a2"), api()),
            Cause.SERVER_ACTIONS,
            "1 of 2",
            id="one of two actions",
        ),
        pytest.param(
            cause(action(status=500, digest="1"), api(status=500)), Cause.SERVER, "DATABASE_URL", id="actions and reads"
        ),
        pytest.param(
            cause(action(content_type="text/html", location=LOGIN)),
            Cause.SERVER_ACTIONS,
            "redirected to /auth/login",
            id="an action that is a page",
        ),
        pytest.param(
            cause(action(status=None, failure="TypeError: Failed to fetch")),
            Cause.SERVER_ACTIONS,
            "got no answer",
            id="an action is lost",
        ),
        pytest.param(
            cause(api(f"{LIST}/7", status=500, error="Oh"), screen=INBOX), Cause.MESSAGES, "“Oh”", id="a conversation"
        ),
        pytest.param(cause(silent=5_000.0), Cause.CLIENT_CRASH, "blocks the page", id="a blocked page"),
        pytest.param(cause(api(ms=None, status=None)), Cause.NO_ANSWER, "within 10 s", id="no answer"),
        pytest.param(
            cause(api(status=504, platform_error="FUNCTION_INVOCATION_TIMEOUT")),
            Cause.LIST_ROUTE,
            "FUNCTION_INVOCATION_TIMEOUT",
            id="the platform's word",
        ),
        pytest.param(
            cause(api(status=None, failure="net::ERR_FAILED")),
            Cause.LIST_ROUTE,
            "got no answer",
            id="the list is lost",
        ),
        pytest.param(cause(api("/api/inbox/counts", status=500)), Cause.SERVER, "counts answered 500", id="the counts"),
        pytest.param(
            cause(api(content_type="text/html")),
            Cause.LIST_ROUTE,
            "text/html instead of JSON",
            id="a list that is a page",
        ),
        pytest.param(cause(action(error="Something else")), Cause.SERVER, "Something else", id="a handled failure"),
        pytest.param(
            cause(page_errors=("Minified React error #441; visit …",)),
            Cause.SERVER,
            "failed to render",
            id="rendering fails on the server",
        ),
        pytest.param(
            cause(page_errors=("TypeError: x is undefined",)), Cause.CLIENT_CRASH, "TypeError", id="a script fails"
        ),
        pytest.param(
            cause(_exchange(Kind.OTHER, "/api/slack", status=500)),
            Cause.SERVER,
            "/api/slack answered 500",
            id="another route",
        ),
        pytest.param(cause(screen=Screen(path="/", text_length=0)), Cause.BLANK_PAGE, "blank", id="a blank page"),
        pytest.param(
            cause(screen=Screen(path="/", text_length=9)),
            Cause.NEVER_RENDERED,
            "does not show the inbox",
            id="a maintenance page",
        ),
        pytest.param(
            cause(api("/api/desk/threads"), screen=Screen(text_length=50)),
            Cause.NEVER_RENDERED,
            "nothing matches [inbox] workspace_selector or card, and the page does not request [app] list_path",
            id="an app that runbook.toml does not describe",
        ),
        pytest.param(cause(api()), Cause.NEVER_RENDERED, "never appear", id="an endless spinner"),
        pytest.param(
            cause(screen=Screen(failed="the browser's renderer crashed")),
            Cause.PAGE,
            "renderer crashed",
            id="the renderer is gone",
        ),
        pytest.param(
            cause(api(), screen=Screen(path="/", banner="New", text_length=9)),
            Cause.UNKNOWN,
            "banner “New”",
            id="an unknown banner",
        ),
    ],
)
def test_the_likely_cause(found: tuple[Cause, str], expected: Cause, told: str) -> None:
    assert (found[0], told in found[1]) == (expected, True), found


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        pytest.param(page(status=429, mitigated=True), "challenged", id="a challenge"),
        pytest.param(api(status=401, walled=True), "protection", id="the wall"),
    ],
)
def test_where_the_platform_answers_nothing_more_can_be_learnt(exchange: Exchange, told: str) -> None:
    blocked = challenge((exchange,))
    assert blocked is not None
    assert told in blocked.what


def test_the_app_itself_is_no_challenge() -> None:
    assert challenge((page(), api(status=500))) is None


def test_a_request_is_told_once_with_how_often_it_was_made() -> None:
    tries = tuple(api(status=500, request_id=f"r{number}") for number in range(4))
    found = diagnose(Sight(journal=tries, screen=NOTHING, runbook=RUNBOOK))
    assert found.evidence == (f"GET {LIST}, 500, 0.1 s, request id r3",)
    assert "(4 attempts)" in found.sentence


HANGS: dict[str, Any] = {"ms": None, "status": None}


@pytest.mark.parametrize(
    ("journal", "blind"),
    [
        pytest.param([action(status=500, digest="1"), api(status=500)], True, id="an action and a read fail"),
        pytest.param([api(status=500), api(LIST + "/1", status=500)], True, id="two reads fail"),
        pytest.param([action(**HANGS)], True, id="the first action hangs"),
        pytest.param([action(**HANGS), api(status=500)], True, id="one hangs, one fails"),
        pytest.param([action(), api(status=500)], False, id="an action succeeds"),
        pytest.param([action(**HANGS), api()], False, id="a read succeeds while an action hangs"),
        pytest.param([action(digest="1"), action(action="a2", digest="2")], False, id="only actions, which throw"),
        pytest.param([api(status=500), api(status=500)], False, id="one read, twice"),
        pytest.param([page(status=500)], False, id="the page itself"),
        pytest.param([], False, id="nothing was asked"),
    ],
)
def test_whether_any_read_succeeds_is_said(journal: list[Exchange], blind: bool) -> None:
    found = diagnose(Sight(journal=tuple(journal), screen=NOTHING, runbook=RUNBOOK, now=60_000.0))
    assert found.no_read_succeeds is blind


def test_what_runbook_toml_names_and_a_page_has_is_not_doubted() -> None:
    assert "runbook.toml" not in cause(api("/api/desk/threads"), screen=NOTHING)[1]
    assert "list_path" not in cause(api(), screen=Screen(text_length=50))[1]
    assert "runbook.toml" in cause(api(), screen=Screen(text_length=50))[1]
