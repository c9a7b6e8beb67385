"""What the app says of a setting decides; what people write does not."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.diagnosis import conclude
from postdeploy.page.screen import Screen, Toast
from postdeploy.page.sight import Sight
from tests.page.test_diagnosis import RUNBOOK, action, api, cause

MISSING = "[prisma] DATABASE_URL is not set"


@pytest.mark.parametrize(
    ("journal", "screen"),
    [
        pytest.param([action(error=MISSING)], {}, id="an error row"),
        pytest.param([api(status=500, error=MISSING)], {}, id="a failed answer"),
        pytest.param([api(status=500)], {"panel": MISSING}, id="a panel"),
        pytest.param([api(status=500)], {"boundary": f"Application error: {MISSING}"}, id="an error boundary"),
        pytest.param([api(status=500)], {"toasts": (Toast("error", MISSING),)}, id="a toast"),
    ],
)
def test_a_setting_is_named_wherever_the_app_speaks(journal: list[Any], screen: dict[str, Any]) -> None:
    found = cause(*journal, screen=Screen(path="/", text_length=9, **screen))
    assert (found[0], "DATABASE_URL is not set" in found[1]) == (Cause.ENVIRONMENT, True)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("P1003: Database `inbox` does not exist", Cause.ENVIRONMENT),
        ("P1010: User `app` was denied access", Cause.ENVIRONMENT),
        ("P1000: Authentication failed", Cause.ENVIRONMENT),
        ("Environment variable not found: DIRECT_URL", Cause.ENVIRONMENT),
        ("Database error: P1003", Cause.ENVIRONMENT),
        ("Database error (ref: 1)", Cause.DATABASE),
        ("Can't reach database server, PrismaClientInitializationError", Cause.DATABASE),
        ("Can't reach database server at `localhost:5432`", Cause.ENVIRONMENT),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", Cause.ENVIRONMENT),
        ("Can't reach database server at `db.acme.com:5432`", Cause.DATABASE),
        ("the database: read ECONNRESET", Cause.DATABASE),
        ('no pg_hba.conf entry for host "10.0.0.1", user "app", no encryption', Cause.ENVIRONMENT),
        ("FATAL: Tenant or user not found", Cause.ENVIRONMENT),
        ("Circuit breaker open: Too many authentication errors", Cause.ENVIRONMENT),
        ("Invalid environment variables: DATABASE_URL Required", Cause.ENVIRONMENT),
        ("Timed out fetching a new connection from the connection pool. (P2024)", Cause.DATABASE),
        ("FATAL: sorry, too many clients already", Cause.DATABASE),
        ("MaxClientsInSessionMode: max clients reached", Cause.DATABASE),
        ("getaddrinfo ENOTFOUND db.abcdefgh.supabase.co", Cause.DATABASE),
        ("connect ECONNREFUSED 10.0.0.1:5432", Cause.DATABASE),
        ("connect ECONNREFUSED 10.0.0.1:443", Cause.LIST_ROUTE),
        ("getaddrinfo ENOTFOUND api.crm.example", Cause.LIST_ROUTE),
        ("The column `Lead.tier` does not exist in the current database. P2022", Cause.SCHEMA),
        ("function similarity(text, text) does not exist", Cause.SCHEMA),
        ('type "public.Channel" does not exist', Cause.SCHEMA),
        ('column "hubspot_id" does not exist', Cause.SCHEMA),
        ('Monday API: column "status7" does not exist on board 123', Cause.LIST_ROUTE),
        ("Error opening a TLS connection: self-signed certificate in certificate chain", Cause.ENVIRONMENT),
        ("terminating connection due to administrator command", Cause.DATABASE),
        ('relation "Lead" does not exist', Cause.SCHEMA),
        ("canceling statement due to statement timeout", Cause.LIST_ROUTE),
        ("CRON_SECRET is not set", Cause.LIST_ROUTE),
        ("The lead is not set", Cause.LIST_ROUTE),
    ],
)
def test_a_database_that_is_up_but_wrong_is_a_setting(says: str, expected: Cause) -> None:
    assert cause(api(status=500, error=says))[0] is expected


def test_the_origin_is_a_setting() -> None:
    found = cause(action(status=500, digest="1", framework_error="E80"), api())
    assert (found[0], "SERVER_ACTIONS_ALLOWED_ORIGINS" in found[1]) == (Cause.ENVIRONMENT, True)
    assert cause(action(status=500, digest="1", framework_error="E352"), api())[0] is Cause.SERVER_ACTIONS


QUIET = Diagnosis(Cause.WRONG_CARDS, "the page shows other cards")


@pytest.mark.parametrize(
    ("journal", "screen", "expected"),
    [
        pytest.param([api()], {}, Cause.WRONG_CARDS, id="nothing else"),
        pytest.param(
            [api()],
            {"toasts": (Toast("error", "Database error (ref: 1)"),)},
            Cause.DATABASE,
            id="a toast that is known",
        ),
        pytest.param([api()], {"toasts": (Toast("error", MISSING),)}, Cause.ENVIRONMENT, id="a toast about a setting"),
        pytest.param(
            [api()],
            {"toasts": (Toast("error", "No notifications"),)},
            Cause.WRONG_CARDS,
            id="a toast that says nothing",
        ),
        pytest.param(
            [api()], {"panel": "Unexpected end of JSON input"}, Cause.WRONG_CARDS, id="an error without a cause"
        ),
        pytest.param([api(status=500)], {}, Cause.LIST_ROUTE, id="a failure with one"),
    ],
)
def test_what_is_quietly_wrong_stands_unless_something_says_more(
    journal: list[Any], screen: dict[str, Any], expected: Cause
) -> None:
    seen = Sight(
        journal=tuple(journal), screen=Screen(path="/", text_length=9, **screen), runbook=RUNBOOK, now=60_000.0
    )
    assert conclude(seen, QUIET).cause is expected


@pytest.mark.parametrize(
    ("reloads", "expected"), [(0, Cause.WRONG_CARDS), (1, Cause.WRONG_CARDS), (2, Cause.REDIRECT_LOOP)]
)
def test_a_page_that_reloads_itself_again_and_again_loses_what_was_chosen(reloads: int, expected: Cause) -> None:
    seen = Sight(
        journal=(api(),), screen=Screen(path="/", text_length=9), runbook=RUNBOOK, now=60_000.0, reloads=reloads
    )
    assert conclude(seen, QUIET).cause is expected
