"""Which lines are notes of libraries, and what else in them leaves a doubt."""

from __future__ import annotations

import json

import pytest

from postdeploy.analysis import library_notes, structured_lines
from postdeploy.runbook.reading import read_runbook
from tests.analysis.noted_logs import BAILED, DYNAMIC, HANGING, KEYS, STYLESHEET, UNTRANSLATED

LOGS = read_runbook().logs
ADDRESSES = ("::1", "127.0.0.1")
AGENT = (
    "AggregateError [ECONNREFUSED]: \n    at f (node:net:1:2) {\n  code: 'ECONNREFUSED',\n  [errors]: [\n"
    + ",\n".join(
        f"    Error: connect ECONNREFUSED {at}:4318\n        at g (node:net:3:4) {{\n      errno: -111,\n      code: 'ECONNREFUSED',\n"
        f"      syscall: 'connect',\n      address: '{at}',\n      port: 4318\n    }}"
        for at in ADDRESSES
    )
)
MISMATCH = (
    "Error: Hydration failed because the server rendered HTML didn't match the client. As a result this tree will be regenerated on"
    " the client. This can happen if a SSR-ed Client Component used\n\n- A server/client branch `if (typeof window !== 'undefined')`.\n"
    "- External changing data without sending a snapshot of it along with the HTML.\n\nIt can also happen if the client has a browser"
    " extension installed which messes with the HTML before React loaded."
)
REJECTED = (
    f"Error: {HANGING} but if you move `cookies()` to a different context by using `setTimeout`, `after`, or similar functions you"
    ' may observe this error and you should handle it in that context. This occurred at route "/inbox".\n    at a (1.js:1:2) {\n'
    "  route: '/inbox',\n  expression: '`cookies()`',\n  digest: 'HANGING_PROMISE_REJECTION'\n}"
)
UNTRANSLATED_ERROR = (
    f"IntlError: {UNTRANSLATED}\n    at x (1.js:2:3) {{\n  code: 'MISSING_MESSAGE',\n  originalMessage: 'Could not resolve `inbox.title`"
    " in messages for locale `de`.'\n}"
)
EXPORTER = {
    "stack": "OTLPExporterError: Unauthorized\n    at f (/var/task/1.js:1:2)",
    "message": "Unauthorized",
    "code": "401",
}
TOO_MANY = (
    "Error while flushing PostHog: message=HTTP error while fetching PostHog: status=429, response body={} Error"
    " [PostHogFetchHttpError]: HTTP error while fetching PostHog: 429\n    at x (1.js:1:2)"
)
ZONE = (
    "Error: ENVIRONMENT_FALLBACK: There is no `timeZone` configured, this can lead to markup mismatches caused by environment"
    " differences. Consider adding a global default: https://next-intl.dev/docs/configuration#time-zone"
)
MINIFIED = "Error: Minified React error #423; visit https://react.dev/errors/423 for the full message or use the non-minified dev"
OPENSSL = "prisma:warn Prisma failed to detect the libssl/openssl version to use, and may not work as expected."


def _pino(**fields: object) -> str:
    return json.dumps({"level": 50, "time": 1796284388000, "pid": 8, "hostname": "169.254.1.2", **fields})


@pytest.mark.parametrize("line", [
    AGENT,
    MISMATCH,
    REJECTED,
    UNTRANSLATED_ERROR,
    json.dumps(EXPORTER),
    TOO_MANY,
    ZONE,
    OPENSSL,
    "[auth][warn][debug-enabled] Read more: https://warnings.authjs.dev",
    f"{MINIFIED} environment for full errors and additional helpful warnings.",
    _pino(msg=KEYS),
    f"2026-12-03T07:45:14.123Z [error] [inbox] {KEYS}",
    f"\x1b[31merror\x1b[39m: {KEYS}",
    f"{STYLESHEET}\n    at exports.createStylesheet (/var/task/node_modules/jsdom/1.js:34:21) {{\n  detail: '.a {{ color: red }}'\n}}",
])  # fmt: skip
def test_a_note_as_its_library_writes_it(line: str) -> None:
    assert library_notes.is_note(line, LOGS)


@pytest.mark.parametrize("line", [
    _pino(msg=KEYS, err="boom"),
    _pino(msg=KEYS, err={"message": "boom"}),
    f"{KEYS}\nconversations = undefined",
    f"{KEYS} conversations is undefined",
    f"Error: {DYNAMIC} leads is not iterable",
    f"Error: {DYNAMIC}; 0 conversations returned",
    f"[inbox] served nothing {DYNAMIC}",
    f"[inbox: degraded] Error: {DYNAMIC}",
    f"[inbox][fallback] Error: {DYNAMIC}",
    f"stale: Error: {BAILED}",
    f"{AGENT}\nError: connect ECONNREFUSED 10.0.0.3:5432",
    f"{MISMATCH}\nTypeError: x.map is not a function",
    "loadFailed NEXT_NOT_FOUND",
    "emptyInbox: NEXT_NOT_FOUND",
    "getConversationsError: NEXT_NOT_FOUND",
    "[no_rows] NEXT_NOT_FOUND",
    "Error: NEXT_NOT_FOUND for conversation list",
    "Failed to set fetch cache https://x.y/z TypeError: x.map is not a function",
    'flags: Flag "new-inbox" is falling back to its defaultValue after catching the following error TypeError: x is not a function',
    "upstream image response failed for /a.png: Error: connect ECONNREFUSED 10.0.0.5:6379",
    "warn(prisma-client) Can't reach database server",
    "prisma:warn conversations query failed",
    "AI SDK Warning: the reply came back empty",
    "[auth][warn] session-lost",
    "[auth][warn][session-lost] Read more",
    "MISSING_MESSAGE: No messages for lead 12",
    "ENVIRONMENT_FALLBACK: no database",
    "Sentry Logger [warn]: TypeError: conversations.map is not a function",
    "[Langfuse SDK] conversations could not be read",
    "[Vercel Web Analytics] TypeError: x.map is not a function",
])  # fmt: skip
def test_anything_else_in_the_line_leaves_a_doubt(line: str) -> None:
    assert not structured_lines.only_warns(line, LOGS)
