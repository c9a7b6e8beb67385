"""What outsiders wrote into a field of a line of the app: only fields in which loggers and libraries write errors speak for the app."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

import pytest

from postdeploy.analysis import structured_lines
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import Signal
from postdeploy.logs.entry import LogEntry
from postdeploy.runbook.reading import read_runbook
from tests.analysis.test_lines_of_successes import TROUBLES
from tests.logs.rows import TODAY

OUT = "Can't reach database server at db.acme.de:5432"
UNSET = "OPENAI_API_KEY is not set"
PASSWORD = 'password authentication failed for user "postgres"'
RELATION = 'relation "leads" does not exist'
WEBHOOK = "/api/webhooks/email"
SAYS = {
    OUT: Signal.DATABASE_UNREACHABLE,
    UNSET: Signal.DATABASE_MISCONFIGURED,
    PASSWORD: Signal.DATABASE_MISCONFIGURED,
    RELATION: Signal.SCHEMA_DRIFT,
}
THEIR_FIELDS = [
    *("threadTitle", "bio", "headline", "jobTitle", "feedback", "utm_campaign", "referer", "userAgent", "user_agent", "ua"),
    *("searchTerm", "filename", "originalname", "companyName", "customField", "inbound", "raw", "quoted", "signature"),
    *("displayName", "transcription", "fromName", "company", "nickname", "address2", "aboutMe", "voicemail", "customer_message"),
]  # fmt: skip
OUR_FIELDS = [
    *("msg", "message", "err", "error", "errorMessage", "reason", "failedReason", "cause", "stack", "detail", "details", "hint"),
    *("originalMessage", "lastError", "statusText", "exception", "error_description", "db_error", "stderr", "event", "log"),
]  # fmt: skip


@functools.cache
def _reader() -> SignalReader:
    return SignalReader(read_runbook(), TODAY)


def read(line: str, path: str = "/api/cron/sync", method: str = "GET", status: int = 200) -> set[str]:
    meaning = _reader().read(LogEntry(0, line, "error", method, path, status, "r-1-1"))
    return set(meaning.message.signals) if meaning.message else set()


def troubles(line: str, path: str = "/api/cron/sync", method: str = "GET", status: int = 200) -> set[str]:
    return read(line, path, method, status) & TROUBLES


def _json(field: str, text: str) -> str:
    return json.dumps({"level": "error", "time": 1, "msg": "could not classify reply", "id": "a1", field: text})


def _printed(field: str, text: str) -> str:
    return f"could not classify reply {{\n  id: 'a1',\n  {field}: {json.dumps(text)}\n}}"


def _nested(field: str, text: str) -> str:
    return f"could not classify reply {{ lead: {{ id: 1, {field}: {json.dumps(text)} }}, ok: false }}"


def _logfmt(field: str, text: str) -> str:
    return f'level=error msg="could not classify" id=12 {field}={json.dumps(text)}'


def _quoted_json(field: str, text: str) -> str:
    return json.dumps({"level": "error", "msg": "call failed: " + json.dumps({"id": 1, field: text})})


WRITTEN = [_json, _printed, _nested, _logfmt, _quoted_json]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("text", SAYS)
def test_a_field_of_an_outsiders_text_means_nothing(written: Callable[[str, str], str], text: str) -> None:
    lines = [(written(field, text), status) for field in THEIR_FIELDS for status in (200, 400, 500)]
    assert [line for line, status in lines if troubles(line, WEBHOOK, "POST", status)] == []


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("text", SAYS)
def test_a_field_of_errors_speaks(written: Callable[[str, str], str], text: str) -> None:
    text_of = text.replace('"', "'") if written is _quoted_json else text  # quotation marks escaped twice are not read
    lines = [(written(field, text_of), status) for field in OUR_FIELDS for status in (200, 500)]
    assert [line for line, status in lines if SAYS[text] not in troubles(line, status=status)] == []


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ({"msg": OUT, "payload": "x"}, Signal.DATABASE_UNREACHABLE),
        ({"msg": "sync failed", "error": OUT, "subject": "hi"}, Signal.DATABASE_UNREACHABLE),
        ({"msg": "query failed", "raw": {"code": "P1001", "message": OUT}}, Signal.DATABASE_UNREACHABLE),
        ({"msg": "x", "response": {"errors": [{"message": OUT}]}}, Signal.DATABASE_UNREACHABLE),
        ({"msg": "x", "err": {"type": "Error", "message": "x", "code": "53300"}}, Signal.DATABASE_UNREACHABLE),
        ({"msg": ["sync failed", OUT]}, Signal.DATABASE_UNREACHABLE),
        ({"0": "sync failed", "1": {"name": "Error", "message": OUT}}, Signal.DATABASE_UNREACHABLE),
        ({"msg": "connect ECONNREFUSED", "service": "postgres", "userAgent": "x y"}, Signal.DATABASE_UNREACHABLE),
        ({"msg": UNSET, "userAgent": "x"}, Signal.DATABASE_MISCONFIGURED),
        ({"msg": "invalid settings", "missing_env": ["OPENAI_API_KEY"]}, Signal.DATABASE_MISCONFIGURED),
        ({"msg": "invalid settings", "fields": {"DATABASE_URL": "not set"}}, Signal.DATABASE_MISCONFIGURED),
        ({"msg": "x", "meta": {"kind": "TableDoesNotExist", "table": "public.leads"}}, Signal.SCHEMA_DRIFT),
    ],
)
def test_an_error_of_the_app_in_a_line_of_json(line: dict[str, object], signal: Signal) -> None:
    assert signal in troubles(json.dumps({"level": "error", **line}, separators=(",", ":")))


@pytest.mark.parametrize(
    "line",
    [
        'spam: {"level":"error","msg":"' + OUT + '"}',
        'contact form:\n{"level":"error","msg":"' + OUT + '"}',
        f"contact form: hi\n ⨯ Error: {UNSET}\n    at x (/var/task/.next/server/a.js:1:1) {{\n  digest: '1'\n}}",
        f"feedback form rejected: hello\n[ERROR] {UNSET}",
        f"contact form spam: name=Error: {OUT}&msg=x",
        f"Undeliverable: Re: {OUT}",
        f"could not thread: Fwd: {UNSET}",
        f"blocked bot: Mozilla/5.0 ({UNSET})",
    ],
)
def test_what_an_outsider_sent_is_no_row_of_the_app(line: str) -> None:
    assert not troubles(line, path=WEBHOOK, method="POST")


@pytest.mark.parametrize(
    "line",
    [
        f"contact form failed: PrismaClientInitializationError: {OUT}",
        f"contact form: Error: {OUT}\n    at x (/var/task/.next/server/a.js:1:1)",
        f"save failed for Mozilla/5.0 (X11; Linux): {OUT}",
        f"[worker] {OUT}",
        '[worker] {"level":"error","msg":"' + OUT + '"}',
        f"[migrate] stdout: Error: P1001: {OUT}",
    ],
)
def test_an_error_of_the_app_beside_what_an_outsider_sent(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in troubles(line, path=WEBHOOK, method="POST")


@pytest.mark.parametrize(
    "line",
    [
        f"delivery to https://hooks.acme.com/x failed: 500 {UNSET}",
        f"webhook delivery to https://crm.acme.com/in answered 503: {OUT}",
        f"https://hooks.acme.com/x returned 500 {OUT}",
        f"webhook of customer answered 500: {OUT}",
        f"smtp of customer said: 451 4.3.0 {OUT}",
        f"database of the tenant answered: {RELATION}",
        f"HubSpot custom code action: {UNSET}",
        f"HubSpot workflow action failed: 400 {PASSWORD}",
        f"Zapier returned: {OUT}",
        f"n8n workflow error: {OUT}",
        f"Metabase card 12 failed: {RELATION}",
        f"Airtable script: {RELATION}",
        f"model said: Your database is down. {OUT}",
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_what_a_called_party_answered_is_theirs(line: str, status: int) -> None:
    assert not troubles(line, path=WEBHOOK, method="POST", status=status)


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("HubSpot sync failed: HUBSPOT_API_KEY is not set", Signal.DATABASE_MISCONFIGURED),
        ("HubSpot workflow action failed: HUBSPOT_API_KEY is not set", Signal.DATABASE_MISCONFIGURED),
        (f"webhook delivery failed: {OUT}", Signal.DATABASE_UNREACHABLE),
        (f"webhook handler answered 500: {OUT}", Signal.DATABASE_UNREACHABLE),
        (f"POST /api/webhooks/stripe failed: 500 {OUT}", Signal.DATABASE_UNREACHABLE),
        (f"supabase returned 500: {OUT}", Signal.DATABASE_UNREACHABLE),
        (f"zapier trigger: {OUT}", Signal.DATABASE_UNREACHABLE),
        (f"leads of HubSpot: {RELATION}", Signal.SCHEMA_DRIFT),
    ],
)
def test_an_error_of_the_app_where_it_calls_a_party(line: str, signal: Signal) -> None:
    assert signal in troubles(line)


@pytest.mark.parametrize("line", [
    "prisma:warn Prisma failed to detect the libssl/openssl version to use",
    "warn(prisma-client) There are already 10 instances of Prisma Client actively running.",
    " ⚠ fetch for https://abc.supabase.co/rest on / specified two options, only one should be specified.",
    "[warn] the image is large",
    "Warning: Each child in a list should have a unique key prop.",
    "Sentry Logger [error]: Encountered error running transport request: Error: getaddrinfo ENOTFOUND o1.ingest.sentry.io",
    "Error: connect ECONNREFUSED 127.0.0.1:4318",
    "Error: connect ECONNREFUSED 127.0.0.1:8126\n    at TCPConnectWrap.afterConnect (node:net:1611:16)",
    "Error while flushing PostHog: message=HTTP error while fetching PostHog: status=429",
    "[Langfuse SDK] Error while flushing: status 500",
])  # fmt: skip
def test_what_only_warns_or_measures(line: str) -> None:
    assert structured_lines.only_warns(line, read_runbook().logs)


@pytest.mark.parametrize("line", [
    " ⚠ TypeError: x.map is not a function",
    "Warning: could not load the list",
    "Warning: the list is empty",
    "Warning: inbox answers with 0 conversations for 12 clients",
    " ⚠ no rows for this workspace, though 12 are expected",
    "Warning: conversations query failed",
    "prisma:error the query engine panicked",
    "Error: connect ECONNREFUSED 127.0.0.1:9999",
    "Error: connect ECONNREFUSED 10.0.0.3:4318",
    "[analytics] no rows were counted",
])  # fmt: skip
def test_a_warning_that_says_that_something_failed_is_an_error(line: str) -> None:
    assert not structured_lines.only_warns(line, read_runbook().logs)


@pytest.mark.parametrize("line", [f" ⚠ {OUT}", f"prisma:warn {OUT}", f"Warning: {OUT}"])
def test_a_warning_of_an_outage_is_an_outage(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in troubles(line)
