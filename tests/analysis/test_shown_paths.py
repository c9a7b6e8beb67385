"""Of a path only steps are shown that apps, English or the app's own routes use; it is counted and distinguished as a whole."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.analysis.incidents import Incident
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from tests.analysis.misleading_logs import thrown
from tests.analysis.test_ordinary_words import PLANTED
from tests.logs.rows import Sent, rows, tallied

RUNBOOK = read_runbook()
SHAPES = [
    "/{}", "/meet/{}", "/card/{}", "/cv/{}/download", "/sign/{}/contract", "/schedule/{}/30min", "/feedback/{}", "/company/{}",
    "/search/{}", "/find/{}/all", "/team/{}/inbox", "/org/{}/members", "/{}/inbox", "/api/files/{}.pdf", "/og/{}.png", "/nps/{}/10",
    "/tags/{}", "/api/inbox/conversations/{}",
]  # fmt: skip
NAMES = [one for one in PLANTED["names"] if one.isascii()]


def _with(route: str) -> Runbook:
    return msgspec.structs.replace(RUNBOOK, logs=msgspec.structs.replace(RUNBOOK.logs, routes=(route,)))


def _incident(path: str, runbook: Runbook = RUNBOOK, message: str = thrown("Error: boom")) -> Incident:
    return tallied(rows([Sent(100, "GET", path, 500, message)]), runbook).incidents[0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("message", [thrown("Error: boom"), ""], ids=["with a message", "without"])
def test_a_step_that_may_name_a_person_is_not_shown(shape: str, message: str) -> None:
    for name in (*NAMES[:6], "-".join(NAMES[:2]), "_".join(NAMES[2:4]), f"{NAMES[4]}-meeting", f"{NAMES[5]}1"):
        found = _incident(shape.format(name), message=message)
        assert not any(one in f"{found.place} {found.shown}" for one in name.replace("1", "").split("-")), found.place


@pytest.mark.parametrize(
    "path",
    [
        "/", "/settings/billing", "/api/webhooks/stripe", "/api/inbox/conversations", "/campaigns/new", "/favicon.ico", "/robots.txt",
        "/api/cron/sync", "/api/v1/health", "/wp-login.php", "/xmlrpc.php", "/auth/callback", "/.well-known/security.txt",
    ],
)  # fmt: skip
def test_steps_of_apps_are_shown(path: str) -> None:
    assert _incident(path).place == f"GET {path}"


@pytest.mark.parametrize(
    ("route", "path", "shown"),
    [
        ("/leadz", "/leadz", "GET /leadz"),
        ("/leadz/[slug]", "/leadz/huber", "GET /leadz/:id"),
        ("/leadz/[slug]/notizen", "/leadz/huber/notizen", "GET /leadz/:id/notizen"),
        ("/leadz/[slug]", "/meet/huber/leadz", "GET /meet/‹text›/leadz"),
    ],
)
def test_what_the_apps_routes_name_is_shown(route: str, path: str, shown: str) -> None:
    assert _incident(path, _with(route)).place == shown


def test_an_error_is_distinguished_by_the_whole_path() -> None:
    one, other = _incident("/meet/huber"), _incident("/meet/okafor")
    assert one.place == other.place
    assert one.fingerprint != other.fingerprint
    assert one.route == "GET /meet/huber"
