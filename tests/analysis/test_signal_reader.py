"""What realistic lines mean."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import DIED, UNKNOWN_STATUS, Part, Signal
from postdeploy.logs.entry import LogEntry
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
        ("DriverAdapterError: DatabaseNotReachable", Signal.DATABASE_UNREACHABLE),
        ("error: client_login_timeout", Signal.DATABASE_UNREACHABLE),
        ("error: query_wait_timeout", Signal.DATABASE_UNREACHABLE),
        ("Error: Connection terminated unexpectedly", Signal.DATABASE_UNREACHABLE),
        ("Error: timeout exceeded when trying to connect", Signal.DATABASE_UNREACHABLE),
        ("Error: connect ECONNREFUSED 10.0.0.1:5432", Signal.DATABASE_UNREACHABLE),
        ("Error: read ECONNRESET\n    at TCP.onStreamRead", Signal.DATABASE_UNREACHABLE),
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
        ("AbortError: This operation was aborted", Signal.AUTH_SLOW),
        ("AuthRetryableFetchError: fetch failed", Signal.AUTH_SLOW),
        ("Failed to fetch clients: { errorClass: 'auth_timeout' }", Signal.AUTH_SLOW),
        ("Failed to fetch clients: Error: Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Vercel Runtime Timeout Error: Task timed out after 300 seconds", Signal.FUNCTION_DIED),
        ("FUNCTION_INVOCATION_FAILED", Signal.FUNCTION_DIED),
        ("FATAL ERROR: Reached heap limit - JavaScript heap out of memory", Signal.FUNCTION_DIED),
        ('Error: Failed to find Server Action "7f". This request might be from an older or newer deployment.', Signal.VERSION_SKEW),
        ("`x-forwarded-host` header with value `a.example` does not match `origin` header with value `b.example`", Signal.ORIGIN_REJECTED),
        ("[Read API] disabled { route: 'counts' }", Signal.READ_API_DISABLED),
        ("Failed to fetch clients: { errorClass: 'db_error' }", Signal.MISSING_DEBUG_ID),
        ("Error: can't mail ada@example.com", Signal.PERSONAL_DATA),
        ("Error: no SMS to +43 660 1234567", Signal.PERSONAL_DATA),
        ("Error: something new", Signal.OTHER_ERROR),
    ],
)  # fmt: skip
def test_a_line_has_its_meaning(line: str, signal: Signal) -> None:
    assert signal in read(line)


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 1.2.3.4:443", Signal.DATABASE_UNREACHABLE),
        ("Error: aborted\n    at abortIncoming\n  code: 'ECONNRESET'", Signal.DATABASE_UNREACHABLE),
        ("PrismaClientInitializationError: Can't reach database server at db:5432", Signal.DATABASE_MISCONFIGURED),
        ("AbortError: Lock was stolen by another request (steal)", Signal.AUTH_SLOW),
        ("Failed to fetch clients: AbortError … Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Failed to fetch clients: { debugId: 'b3e1' }", Signal.MISSING_DEBUG_ID),
        ("Error: request id +1-2 at 2026-11-25T12:00:00Z took 1234567890 ns", Signal.PERSONAL_DATA),
    ],
)  # fmt: skip
def test_a_line_that_only_looks_like_it_does_not(line: str, signal: Signal) -> None:
    assert signal not in read(line)


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
        ("", "", Part.ROUTE),
    ],
)
def test_method_and_path_say_what_a_request_was_for(method: str, path: str, part: Part) -> None:
    assert SignalReader(read_runbook(), TODAY).route(method, path).part is part


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
    assert Signal.DATABASE_UNREACHABLE in read("\ud800 P1001")
