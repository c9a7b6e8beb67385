"""Notes that frameworks and libraries write as errors although all is well, and lines like them that leave a doubt, or fail."""

from __future__ import annotations

import json

from tests.analysis.misleading_logs import thrown
from tests.analysis.strange_logs import PEOPLE, READ, Case, line
from tests.logs.rows import Sent

DYNAMIC = (
    "Dynamic server usage: Route /api/inbox/conversations couldn't be rendered statically because it used `cookies`."
)
BAILED = (
    "Route /inbox needs to bail out of prerendering at this point because it used cookies. React throws this special"
    " object to indicate where. It should not be caught by your own try/catch."
)
HANGING = "During prerendering, `cookies()` rejects when the prerender is complete. Typically these errors are handled by React"
TOO_LARGE = "Failed to set Next.js data cache for https://x.supabase.co/rest/v1/leads, items over 2MB can not be cached (2679379 bytes)"
LOCK = (
    'Lock "lock:sb-abcdefgh-auth-token" was not released within 5000ms. This may indicate an orphaned lock from a component'
    " unmount (e.g., React Strict Mode). Forcefully acquiring the lock to recover."
)
LARGE = (
    'Warning: data for page "/inbox" (path "/inbox?w=1") is 512 kB which exceeds the threshold of 128 kB, this amount of data can'
    " reduce performance.\nSee more info here: https://nextjs.org/docs/messages/large-page-data"
)
PUNYCODE = "DeprecationWarning: The `punycode` module is deprecated. Please use a userland alternative instead."
LISTENERS = (
    "MaxListenersExceededWarning: Possible EventEmitter memory leak detected. 11 error listeners added to [TLSSocket]."
)
KEYS = 'Each child in a list should have a unique "key" prop. See https://react.dev/link/warning-keys for more information.'
UNTRANSLATED = "MISSING_MESSAGE: Could not resolve `inbox.title` in messages for locale `de`."


def _digest(error: str, digest: str) -> str:
    return f"{error}\n    at r (/var/task/.next/server/chunks/12.js:1:2) {{\n  digest: '{digest}'\n}}"


def _json(message: str) -> str:
    return json.dumps({"level": "error", "time": 1, "msg": message})


NOTES = (
    # Next
    f"n [Error]: {DYNAMIC}\n    at r (1.js:1:2) {{\n  digest: 'DYNAMIC_SERVER_USAGE'\n}}",
    _digest(f"[session] could not read the cookies Error: {DYNAMIC}", "DYNAMIC_SERVER_USAGE"),
    'Error: Route /x with `dynamic = "error"` couldn\'t be rendered statically because it used `headers()`.',
    _json(f"no cookies here: {DYNAMIC}"),
    f"[getSession] failed to read cookies Error: {BAILED}",
    _digest(f"Error: {HANGING}", "HANGING_PROMISE_REJECTION"),
    _digest("[inbox] caught Error: NEXT_REDIRECT", "NEXT_REDIRECT;replace;/w/acme;307;"),
    _digest("[inbox] caught Error: NEXT_HTTP_ERROR_FALLBACK;404", "NEXT_HTTP_ERROR_FALLBACK;404"),
    "workspace is gone NEXT_NOT_FOUND",
    _json("[inbox] caught NEXT_REDIRECT"),
    TOO_LARGE,
    f"Error: {TOO_LARGE}",
    "Failed to set fetch cache https://x.supabase.co/rest/v1/leads TypeError: terminated",
    'Error: Route "/inbox" used `cookies().get(\'w\')`. `cookies()` should be awaited before using its value.',
    LARGE,
    ' ⚠ metadataBase property in metadata export is not set for resolving social open graph images, using "http://localhost:3000"',
    # The image optimizer
    " ⨯ upstream image response failed for https://pub.r2.dev/a.png 404",
    "upstream image response timed out for https://pub.r2.dev/a.png",
    ' ⨯ [Error: "url" parameter is valid but upstream response is invalid] {\n  statusCode: 404\n}',
    " ⨯ The requested resource isn't a valid image for /logo.png received text/html",
    # Node
    f"[DEP0040] {PUNYCODE}",
    _json(f"(node:4) [DEP0040] {PUNYCODE}"),
    LISTENERS,
    "ExperimentalWarning: The Fetch API is an experimental feature.",
    "(Use `node --trace-deprecation ...` to show where the warning was created)",
    # Supabase's auth client
    f"@supabase/gotrue-js: {LOCK}",
    LOCK,
    _json(LOCK),
    "@supabase/gotrue-js: Navigator LockManager returned a null lock when using #request without ifAvailable set to true",
    # React, as browsers send it, too
    KEYS,
    f"Warning: {KEYS}",
    "Warning: Text content did not match. Server: \"3h ago\" Client: \"null\"",
    "Error: Hydration failed because the server rendered HTML didn't match the client.",
    "Warning: Can't perform a React state update on a component that hasn't mounted yet.",
    "Error: Minified React error #418; visit https://react.dev/errors/418?args[]=text for the full message",
    "ResizeObserver loop completed with undelivered notifications.",
    # Libraries
    f'level=error msg="{KEYS[:41]}"',
    f"[12:00:00.123] ERROR (17): {HANGING}",
    "[next-auth][warn][DEBUG_ENABLED] \nhttps://next-auth.js.org/warnings#debug_enabled",
    "[auth][warn] debug-enabled Read more: https://warnings.authjs.dev",
    f"Error: {UNTRANSLATED}",
    f"[IntlError: {UNTRANSLATED}] {{\n  code: 'MISSING_MESSAGE'\n}}",
    "MISSING_MESSAGE",
    "i18next::translator: missingKey de inbox title title",
    'flags: Flag "new-inbox" is falling back to its defaultValue after catching the following error TypeError: fetch failed',
    "@vercel/edge-config: Stream error TypeError: terminated",
)  # fmt: skip

DOUBTS = (
    # An uncaught error, and another error of the code's
    f" ⨯ Error: {DYNAMIC}",
    f" ⨯ unhandledRejection: Error: {HANGING}",
    f"TypeError: x.map is not a function, after Error: {DYNAMIC}",
    _digest("sidebar: TypeError: x.map is not a function", "NEXT_REDIRECT;replace;/w/acme;307;"),
    "Error: Page changed from static to dynamic at runtime /inbox, reason: cookies",
    # What was not answered, though the app was led on
    _digest("[inbox] caught Error: NEXT_REDIRECT", "NEXT_REDIRECT;replace;/login;307;"),
    "[inbox] caught Error: NEXT_HTTP_ERROR_FALLBACK;401",
    _digest("Failed to load conversations: Error: NEXT_REDIRECT", "NEXT_REDIRECT;replace;/w/acme;307;"),
    "sidebar error: Error: NEXT_NOT_FOUND",
    # Other locks, other caches, other services
    'Lock "conversations" was not released within 5000ms',
    "advisory lock 12 was not released within 5000 ms",
    'NavigatorLockAcquireTimeoutError: Acquiring an exclusive Navigator LockManager lock "lock:sb-x-auth-token" timed out',
    "[cache] could not be read: items over 2MB",
    "upstream response failed for https://api.acme.com/leads 404",
    "Error: The sidebar is experimental, and it broke",
    "i18next::backendConnector: loading namespace inbox for language de failed",
    "@vercel/edge-config: Edge Config not found",
    "Error: Minified React error #419; visit https://react.dev/errors/419 for the full message",
    "[auth][error] JWTSessionError: Read more at https://errors.authjs.dev#jwtsessionerror",
    "MISSING_MESSAGE_ID: the reply has none",
)


def _every_read(said: str, beside: str = "") -> list[Sent]:
    """`beside`: another line of the same requests."""
    return [
        *PEOPLE,
        *(line(10 * at + 3, said, READ, method="GET") for at in range(60)),
        *(line(10 * at + 4, beside, READ, method="GET") for at in range(60) if beside),
    ]


def _case(said: str, says: str) -> Case:
    return Case(f"every read notes {said[:60]!r}", _every_read(said), says, warns="no signal explains")


CASES = (
    *(_case(said, "pass") for said in NOTES),
    *(_case(said, "unproven") for said in DOUBTS),
    Case(
        "every read writes a warning of Node's with its process", _every_read(f"(node:4) [DEP0040] {PUNYCODE}"), "pass"
    ),
    Case(
        "reads that failed to load write a note, too",
        _every_read(KEYS, "Failed to load conversations: TypeError: e.map is not a function"),
        "roll-back",
        cause="list-route",
    ),
    Case(
        "the inbox failed for what Next notes",
        _every_read(f"Failed to load conversations: Error: {DYNAMIC}"),
        "roll-back",
        cause="list-route",
    ),
    Case(
        "reads that fail with what Next notes",
        [*PEOPLE, *(Sent(10 * at, "GET", READ, 500, thrown(f"Error: {DYNAMIC}")) for at in range(40))],
        "roll-back",
        cause="list-route",
    ),
    Case(
        "reads that write a note and an outage",
        _every_read(KEYS, "[db] connect failed: Can't reach database server at db.acme.de:5432"),
        "hold",
        cause="database",
    ),
)
