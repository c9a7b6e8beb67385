"""What realistic lines mean."""

from __future__ import annotations

import re

import msgspec
import pytest

from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import DIED, UNKNOWN_STATUS, Part, Signal
from postdeploy.logs.entry import LogEntry, function_of
from postdeploy.model import UsageError
from postdeploy.runbook.log_tables import DERIVED, OwnSignal
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import TODAY

PRISMA = "Error [PrismaClientKnownRequestError]: \nInvalid `prisma.lead.findMany()` invocation:\n\n\n"


def read(
    message: str, *, path: str = "/", method: str = "POST", level: str = "error", status: int | None = 200
) -> set[str]:
    meaning = SignalReader(read_runbook(), TODAY).read(LogEntry(0, message, level, method, path, status, "r-1-1"))
    return set(meaning.message.signals) if meaning.message else set()


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        (f"{PRISMA}Can't reach database server at db.example.com:5432\n  code: 'P1001'", Signal.DATABASE_UNREACHABLE),
        (f"{PRISMA}Server has closed the connection.\n  code: 'P1017'", Signal.DATABASE_UNREACHABLE),
        (f"{PRISMA}Operations timed out\n  code: 'P1008'", Signal.DATABASE_UNREACHABLE),
        ("Timed out fetching a new connection from the connection pool. code: 'P2024'", Signal.DATABASE_UNREACHABLE),
        ("Transaction API error: Unable to start a transaction in the given time.", Signal.DATABASE_UNREACHABLE),
        ("error: canceling statement due to statement timeout\n  code: '57014'", Signal.DATABASE_SLOW),
        ("error: canceling statement due to lock timeout\n  code: '55P03'", Signal.DATABASE_SLOW),
        (f"{PRISMA}A query cannot be executed on an expired transaction. code: 'P2028'", Signal.DATABASE_SLOW),
        ("Transaction API error: Transaction already closed: it took 5012 ms. code: 'P2028'", Signal.DATABASE_SLOW),
        ("DriverAdapterError: DatabaseNotReachable", Signal.DATABASE_UNREACHABLE),
        ("error: client_login_timeout", Signal.DATABASE_UNREACHABLE),
        ("error: query_wait_timeout", Signal.DATABASE_UNREACHABLE),
        ("Error: Connection terminated unexpectedly", Signal.DATABASE_UNREACHABLE),
        ("Error: timeout exceeded when trying to connect", Signal.DATABASE_UNREACHABLE),
        ("Error: connect ECONNREFUSED 10.0.0.1:5432", Signal.DATABASE_UNREACHABLE),
        ("Error: read ECONNRESET\n    at TCP.onStreamRead", Signal.OTHER_ERROR),
        ("FATAL: sorry, too many connections", Signal.DATABASE_UNREACHABLE),
        ("FATAL: MaxClientsInSessionMode: max clients reached", Signal.DATABASE_UNREACHABLE),
        (f"{PRISMA}Authentication failed against database server. code: 'P1000'", Signal.DATABASE_MISCONFIGURED),
        ("⨯ Error: [prisma] DATABASE_URL is not set", Signal.DATABASE_MISCONFIGURED),
        ("PrismaClientInitializationError: error: Environment variable not found: DATABASE_URL.", Signal.DATABASE_MISCONFIGURED),
        ("error: password authentication failed for user \"postgres\"", Signal.DATABASE_MISCONFIGURED),
        (f"{PRISMA}The table `public.Lead` does not exist in the current database. code: 'P2021'", Signal.SCHEMA_DRIFT),
        (f"{PRISMA}The column `Lead.score` does not exist. code: 'P2022'", Signal.SCHEMA_DRIFT),
        ('error: relation "Lead" does not exist\n  code: \'42P01\'', Signal.SCHEMA_DRIFT),
        ('error: column "score" does not exist\n  code: \'42703\'', Signal.SCHEMA_DRIFT),
        ("AuthApiError: Invalid Refresh Token: Refresh Token Not Found\n  code: 'refresh_token_not_found'", Signal.SESSION_REJECTED),
        ("[le [AuthApiError]: Invalid Refresh Token", Signal.SESSION_REJECTED),
        ("AuthSessionMissingError: Auth session missing!", Signal.SESSION_REJECTED),
        ("AbortError: This operation was aborted", Signal.UNNAMED_ABORT),
        ("AuthRetryableFetchError: fetch failed", Signal.AUTH_SLOW),
        ("Failed to fetch clients: { errorClass: 'auth_timeout' }", Signal.AUTH_SLOW),
        ("Failed to fetch clients: Error: Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Vercel Runtime Timeout Error: Task timed out after 300 seconds", Signal.FUNCTION_DIED),
        ("FUNCTION_INVOCATION_FAILED", Signal.FUNCTION_DIED),
        ("FATAL ERROR: Reached heap limit - JavaScript heap out of memory", Signal.FUNCTION_DIED),
        ("Error: out of memory allocating 4 MB", Signal.FUNCTION_DIED),
        ("worker ran out of memory and was killed", Signal.FUNCTION_DIED),
        ("2026-12-01 8f3a Task timed out after 3.00 seconds (function)", Signal.FUNCTION_DIED),
        ('Error: Failed to find Server Action "7f". This request might be from an older or newer deployment.', Signal.VERSION_SKEW),
        ("`x-forwarded-host` header with value `a.example` does not match `origin` header with value `b.example`", Signal.ORIGIN_REJECTED),
        ("[Read API] disabled { route: 'counts' }", Signal.READ_API_DISABLED),
        ("Failed to fetch clients: { errorClass: 'db_error' }", Signal.MISSING_DEBUG_ID),
        ("Error: can't mail ada@example.com", Signal.PERSONAL_DATA),
        ("Error: no SMS to +43 660 1234567", Signal.PERSONAL_DATA),
        ("Error: something new", Signal.OTHER_ERROR),
        ("Failed to fetch clients: AbortError … Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Failed to fetch clients: AbortError … Not authenticated", Signal.UNNAMED_ABORT),
    ],
)  # fmt: skip
def test_a_line_has_its_meaning(line: str, signal: Signal) -> None:
    assert signal in read(line)


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 1.2.3.4:443", Signal.DATABASE_UNREACHABLE),
        ("Error: aborted\n    at abortIncoming\n  code: 'ECONNRESET'", Signal.DATABASE_UNREACHABLE),
        ("error: canceling statement due to statement timeout\n  code: '57014'", Signal.DATABASE_UNREACHABLE),
        (f"{PRISMA}A query cannot be executed on an expired transaction. code: 'P2028'", Signal.DATABASE_UNREACHABLE),
        ("Transaction API error: Unable to start a transaction in the given time.", Signal.DATABASE_SLOW),
        ("PrismaClientInitializationError: Can't reach database server at db:5432", Signal.DATABASE_MISCONFIGURED),
        ("AbortError: Lock was stolen by another request (steal)", Signal.AUTH_SLOW),
        ("Failed to fetch clients: { debugId: 'b3e1' }", Signal.MISSING_DEBUG_ID),
        ("Error: request id +1-2 at 2026-11-25T12:00:00Z took 1234567890 ns", Signal.PERSONAL_DATA),
    ],
)  # fmt: skip
def test_a_line_that_only_looks_like_it_does_not(line: str, signal: Signal) -> None:
    assert signal not in read(line)


QUOTED = [
    "inbound reply: 'password authentication failed, can you help?'",
    "webhook: subject=table 12 does not exist at the venue",
    "inbound reply: we have too many connections on LinkedIn",
    "lead says: not sure, P1001 is my postcode",
    "note: Not authenticated by the bank yet",
    "note: the printer ran out of memory",
    "note: Invalid Refresh Token was the name of their band",
]
"""What people write, as an app logs it."""


@pytest.mark.parametrize("line", QUOTED)
@pytest.mark.parametrize("level", ["info", "warning", ""])
def test_what_people_write_decides_nothing(line: str, level: str) -> None:
    assert read(line, level=level, path="/api/webhooks/clay") == set()


@pytest.mark.parametrize(
    "line", [line for line in QUOTED if not re.search("table 12|postcode|LinkedIn|reply: '", line)]
)
def test_in_a_failing_request_every_line_speaks(line: str) -> None:
    assert read(line, level="info", status=500)


@pytest.mark.parametrize("level", ["info", "warning", "", "error"])
@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("Failed to fetch clients: { errorClass: 'auth_timeout' }", Signal.AUTH_SLOW),
        ("getUser: AbortError: This operation was aborted", Signal.AUTH_SLOW),
        ('Failed to find Server Action "7f"', Signal.VERSION_SKEW),
        ("[Read API] disabled { route: 'counts' }", Signal.READ_API_DISABLED),
    ],
)
def test_excuses_are_read_at_every_level(line: str, signal: Signal, level: str) -> None:
    assert signal in read(line, level=level)


@pytest.mark.parametrize(
    ("line", "is_error"),
    [
        ("⨯ Error: P1001", True),
        ("Error: connect ECONNREFUSED 10.0.0.1:5432", True),
        ("PrismaClientKnownRequestError: P1001", True),
        ("FATAL: sorry, too many clients already", True),
        ("prisma:error P1001", True),
        ("Failed to fetch clients: P1001", True),
        ("retried once after P1001", False),
        ("no error, P1001 is gone", False),
        ("user typed: Error: P1001", False),
    ],
)
def test_a_line_without_a_level_is_an_error_line_if_it_begins_like_one(line: str, is_error: bool) -> None:
    assert (Signal.DATABASE_UNREACHABLE in read(line, level="")) is is_error


@pytest.mark.parametrize(
    "line",
    [
        "Failed to sync the CRM: Error: connect ECONNREFUSED 10.0.0.7:8080",
        "HubSpot: Error: read ECONNRESET",
        "StripeConnectionError: An error occurred with our connection to Stripe. read ECONNRESET",
        "Error: connect ECONNREFUSED 127.0.0.1:6379\n    at Redis.connect",
        "Error: connect ECONNREFUSED 10.1.2.3:587\n    at SMTPConnection._onError (nodemailer/lib/smtp-connection)",
        "TypeError: fetch failed\n  [cause]: Error: read ECONNRESET",
        "OpenAI: APIConnectionError: ECONNRESET",
        "Slack webhook: Error: read ECONNRESET",
    ],
)
def test_another_service_that_can_not_be_reached_is_not_the_database(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE not in read(line)


@pytest.mark.parametrize(
    "line",
    [
        "Failed to sync the CRM: PrismaClientKnownRequestError: read ECONNRESET",
        "webhook: Error: connect ECONNREFUSED 10.0.0.1:5432",
        "Error: read ECONNRESET\n    at Socket (node_modules/pg/lib/client.js:1:2)",
        "TypeError: fetch failed, then Can't reach database server at db:5432",
        "Error: connect ECONNREFUSED 10.0.0.1:6543\n    at HubSpotSync.run",
    ],
)
def test_the_database_is_named_by_its_port_its_client_or_its_code(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in read(line)


@pytest.mark.parametrize(
    "line",
    [
        "HubSpot contact 12: AbortError: This operation was aborted",
        "Failed to send with Resend: AbortError: The user aborted a request",
        "OpenAI: AbortError: This operation was aborted",
        "AbortError: This operation was aborted\n    at CalendlyClient.request",
        "Stripe: This operation was aborted",
    ],
)
def test_another_service_that_is_slow_is_not_the_auth_service(line: str) -> None:
    assert Signal.AUTH_SLOW not in read(line)


@pytest.mark.parametrize(
    "line",
    [
        "CRM page: getUser: AbortError: This operation was aborted",
        "AbortError: This operation was aborted\n    at SupabaseAuthClient (node_modules/@supabase/auth-js/x.js:1:2)",
        "Failed to send with Resend: AuthRetryableFetchError: fetch failed",
    ],
)
def test_the_auth_service_is_named_by_its_client(line: str) -> None:
    assert Signal.AUTH_SLOW in read(line)


@pytest.mark.parametrize(
    "line",
    [
        "Error: read ECONNRESET",
        "Error: connect ECONNREFUSED 10.0.0.7:9999",
        "AbortError: This operation was aborted",
        "DOMException [AbortError]: This operation was aborted\n    at node:internal/deps/undici/undici:1:2",
    ],
)
def test_a_call_of_an_unnamed_service_counts_for_none(line: str) -> None:
    assert not read(line) & {Signal.DATABASE_UNREACHABLE, Signal.AUTH_SLOW}
    assert Signal.OTHER_ERROR in read(line)
    assert Signal.OTHER_ERROR not in read(line, level="info")


def test_a_chat_line_is_quiet() -> None:
    assert read("counts loaded in 12 ms", level="info") == set()
    assert read("P1001", level="debug") == set()


@pytest.mark.parametrize(
    ("method", "path", "part"),
    [
        ("POST", "/", Part.ACTION),
        ("POST", "/auth/login", Part.ACTION),
        ("GET", "/", Part.PAGE),
        ("GET", "/api/inbox/conversations", Part.INBOX),
        ("GET", "/api/inbox/conversations/0b8f7c5e-1111-4222-8333-123456789abc", Part.INBOX),
        ("POST", "/api/webhooks/clay", Part.ROUTE),
        ("GET", "/api/cron/followups", Part.ROUTE),
        ("GET", "/_next/static/chunks/1.js", Part.ASSET),
        ("GET", "/favicon.ico", Part.ASSET),
        ("GET", "/_next/image", Part.ASSET),
        ("POST", "/robots.txt", Part.ASSET),
        ("POST", "/wp-login.php", Part.ASSET),
        ("POST", "/monitoring", Part.ROUTE),
        ("POST", "/monitoring/x", Part.ROUTE),
        ("POST", "/monitoring-center", Part.ACTION),
        ("POST", "/monitoring_rules", Part.ACTION),
        ("GET", "/Report.PDF", Part.ASSET),
        ("POST", "/w/acme.io", Part.ACTION),
        ("GET", "/w/acme.com", Part.PAGE),
        ("POST", "/clients/v2.5", Part.ACTION),
        ("POST", "/people/anna.berger", Part.ACTION),
        ("", "", Part.ROUTE),
    ],
)
def test_method_and_path_say_what_a_request_was_for(method: str, path: str, part: Part) -> None:
    assert SignalReader(read_runbook(), TODAY).route(method, path).part is part


@pytest.mark.parametrize(
    ("method", "path", "function", "part"),
    [
        pytest.param("POST", "/w/report.pdf", "/w/[slug]", Part.ACTION, id="a page that is named like a file"),
        pytest.param("GET", "/w/report.pdf", "/w/[slug]", Part.PAGE, id="it is shown"),
        pytest.param("POST", "/hooks/clay", "/api/webhooks/[name]", Part.ROUTE, id="a rewrite to an API"),
        pytest.param("GET", "/api/inbox/counts", "/api/inbox/[...rest]", Part.INBOX, id="a read of the inbox"),
        pytest.param("POST", "/wp-login.php", "", Part.ASSET, id="no function answered"),
    ],
)
def test_the_function_that_answered_says_more_than_the_path(method: str, path: str, function: str, part: Part) -> None:
    assert SignalReader(read_runbook(), TODAY).route(method, path, function).part is part


@pytest.mark.parametrize(
    ("function", "template"),
    [
        ("/w/[slug]", "POST /w/:id"),
        ("/w/[slug]/[[...rest]]", "POST /w/:id/:id"),
        ("/[...all]", "POST /:id"),
        ("/settings", "POST /w/:id"),
    ],
)
def test_the_functions_route_names_the_parameters_of_a_path(function: str, template: str) -> None:
    assert SignalReader(read_runbook(), TODAY).route("POST", "/w/acme-corp", function).template == template


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/_next/static/chunks/4bd1b696-2a45562b6309.js", "GET /_next/static/chunks/:id.js"),
        ("/_next/static/chunks/27n55--haw1md.js", "GET /_next/static/chunks/:id.js"),
        ("/_next/static/chunks/app/inbox/page-57605c67d27e44a1.js", "GET /_next/static/chunks/app/inbox/:id.js"),
        ("/_next/static/media/icon.0u9uk7vs4vzdg.svg", "GET /_next/static/media/:id.svg"),
        ("/_next/static/ThLCJciFmOLDjOFM9NBy5/_buildManifest.js", "GET /_next/static/:id/:id.js"),
        ("/_next/data/s6vbizr6vAsgH3RYgNKHY/inbox.json", "GET /_next/data/:id/inbox.json"),
        ("/_next/static/chunks/", "GET /_next/static/chunks/"),
        ("/_next/image", "GET /_next/image"),
        ("/avatars/anna-meyer.png", "GET /avatars/:id"),
        ("/images/logo-dark.png", "GET /images/logo-dark.png"),
    ],
)
def test_a_file_of_a_build_is_of_the_same_route_in_every_build(path: str, template: str) -> None:
    assert SignalReader(read_runbook(), TODAY).route("GET", path).template == template


@pytest.mark.parametrize(
    ("function", "source"), [("middleware", "middleware"), ("/", "middleware"), ("/_error", "function"), ("", "")]
)
def test_what_answers_any_path_says_nothing_of_it(function: str, source: str) -> None:
    assert function_of(function, source) == ""


def test_a_function_that_died_is_worse_than_any_status() -> None:
    reader = SignalReader(read_runbook(), TODAY)
    assert [reader.read(LogEntry(0, status=status)).status for status in (-1, None, 500)] == [DIED, UNKNOWN_STATUS, 500]


def test_without_a_status_the_line_of_an_uncaught_error_shows_it() -> None:
    line = "⨯ Error: nope\n    at a (b.js:1:1) {\n  digest: '1'\n}"
    reader = SignalReader(read_runbook(), TODAY)
    assert reader.read(LogEntry(0, line, "error", "POST", "/")).status == 500
    assert reader.read(LogEntry(0, line, "error", "POST", "/api/x")).status == UNKNOWN_STATUS


def test_every_signal_comes_from_a_pattern_or_is_named_as_derived() -> None:
    assert set(read_runbook().signals) | DERIVED == set(Signal)


def test_a_name_that_is_taken_is_refused(tmp_path: object) -> None:
    file = tmp_path / "runbook.toml"  # type: ignore[operator]
    file.write_text('schema = 1\n[[signal]]\nname = "auth_slow"\npattern = "x"\nsays = "x"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="is taken"):
        read_runbook(overlay=file)


def test_a_pattern_that_would_hang_others_does_not_hang_the_run() -> None:
    own = OwnSignal("slow", r"(a+)+$", "slow")
    runbook = msgspec.structs.replace(read_runbook(), signal=(own,))
    meaning = SignalReader(runbook, TODAY).read(LogEntry(0, "a" * 50_000 + "b", "error", "POST", "/", 200, "r-1-1"))
    assert meaning.message is not None


def test_a_message_that_is_not_unicode_is_read() -> None:
    assert Signal.DATABASE_UNREACHABLE in read("\ud800 Error: P1001")
