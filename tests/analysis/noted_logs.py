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
AWS = (
    "(node:8) NOTE: The AWS SDK for JavaScript (v2) is in maintenance mode.\n SDK releases are limited to address critical bug fixes and"
    " security issues only.\n\nPlease migrate your code to use AWS SDK for JavaScript (v3)."
)
UNWRAPPED = (
    'Route "/inbox" used `searchParams.w`. `searchParams` is a Promise and must be unwrapped with `await` or `React.use()` before'
    " accessing its properties. Learn more: https://nextjs.org/docs/messages/sync-dynamic-apis"
)
RECOVERED = (
    "There was an error while hydrating. Because the error happened outside of a Suspense boundary, the entire root will switch to"
    " client rendering."
)
STYLESHEET = "Error: Could not parse CSS stylesheet"
JSDOM = "/var/task/node_modules/jsdom/lib/jsdom/living/helpers/stylesheets.js"
UNFLUSHED = (
    "Error while flushing PostHog PostHogFetchNetworkError: Network error while fetching PostHog\n    at f (1.js:1:2) {\n"
    "  error: TypeError: fetch failed\n      at g (1.js:3:4)\n}"
)
LEADS_AWAY = (
    "/sign_in",
    "/unauthorized",
    "/session-expired",
    "/error?code=500",
    "/anmelden",
    "/",
    "https://id.acme.com/w/acme",
)


def _digest(error: str, digest: str) -> str:
    return f"{error}\n    at r (/var/task/.next/server/chunks/12.js:1:2) {{\n  digest: '{digest}'\n}}"


def _redirect(to: str, caught: str = "[inbox] caught Error: NEXT_REDIRECT") -> str:
    return _digest(caught, f"NEXT_REDIRECT;replace;{to};307;")


def _json(message: str) -> str:
    return json.dumps({"level": "error", "time": 1, "msg": message})


NOTES = (
    # Next
    f"n [Error]: {DYNAMIC}\n    at r (1.js:1:2) {{\n  digest: 'DYNAMIC_SERVER_USAGE'\n}}",
    'Error: Route /x with `dynamic = "error"` couldn\'t be rendered statically because it used `headers()`.',
    _digest(f"[session] caught Error: {DYNAMIC}", "DYNAMIC_SERVER_USAGE"),
    _json(f"[session] {DYNAMIC}"),
    f"DynamicServerError: {DYNAMIC} See more info here: https://nextjs.org/docs/messages/dynamic-server-error",
    "Error: Dynamic server usage: Route /x couldn't be rendered statically because it used no-store fetch https://api.x.io/y /x.",
    f"[getSession] Error: {BAILED}",
    _digest(f"Error: {HANGING}", "HANGING_PROMISE_REJECTION"),
    _digest("[inbox] caught Error: NEXT_REDIRECT", "NEXT_REDIRECT;replace;/w/acme;307;"),
    _digest("[inbox] caught Error: NEXT_HTTP_ERROR_FALLBACK;404", "NEXT_HTTP_ERROR_FALLBACK;404"),
    _redirect("/inbox?w=acme"),
    _redirect("/de/w/acme/conversations/12"),
    "[inbox] NEXT_NOT_FOUND",
    TOO_LARGE,
    "Failed to set Next.js data cache, items over 2MB can not be cached (2679379 bytes)",
    f"Error: {TOO_LARGE}",
    "Failed to set fetch cache https://x.supabase.co/rest/v1/leads TypeError: terminated",
    'Error: Route "/inbox" used `cookies().get(\'w\')`. `cookies()` should be awaited before using its value.',
    'Error: Route "/inbox" used `...headers()` or similar iteration. `headers()` should be awaited before using its value.',
    f"Error: {UNWRAPPED}",
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
    AWS,
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
    f"{KEYS}\n\nCheck the render method of `Inbox`.\n    at Row (1.js:1:2)\n    at ErrorBoundary (1.js:3:4)",
    "Error: Hydration failed because the initial UI does not match what was rendered on the server.",
    f"Error: {RECOVERED}",
    "Warning: In HTML, <div> cannot be a descendant of <p>.\nThis will cause a hydration error.",
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
    f"{STYLESHEET}\n    at exports.createStylesheet ({JSDOM}:34:21)\n    at onStylesheetLoad ({JSDOM}:74:13)",
    "bigint: Failed to load bindings, pure JS will be used (try npm run rebuild?)",
    "[baseline-browser-mapping] The data in this module is over two months old.",
    'IMPORTANT! Eviction policy is allkeys-lru. It should be "noeviction"',
    "Warning: TT: undefined function: 32",
    "This is already the 10th instance of PrismaClient started. Make sure this is intentional.",
    "Sentry: DSN is not set, SDK is disabled",
    "[Sentry] Discarded session because of missing or non-string release",
    "IntlError: ENVIRONMENT_FALLBACK: The `timeZone` parameter wasn't provided",
    "react-i18next:: You will need to pass in an i18next instance by using initReactI18next",
    "Error: items over 2MB can not be cached (2679379 bytes)",
    "fetch for over 2MB of data cannot be cached",
    # React's notes of code that it will render
    "Warning: Cannot update a component (`Inbox`) while rendering a different component (`Card`).",
    "Warning: Function components cannot be given refs. Attempts to access this ref will fail.",
    "Warning: Card: Support for defaultProps will be removed from function components in a future major release.",
    "Warning: Invalid DOM property `class`. Did you mean `className`?",
    "Invalid prop `x` supplied to `React.Fragment`.",
    "The tag <foo> is unrecognized in this browser.",
    "Warning: Only plain objects can be passed to Client Components from Server Components. Date objects are not supported.",
    # Services that only measure
    "PostHog: error flushing events",
    UNFLUSHED,
    "[posthog] flush failed: TypeError: fetch failed",
    "Failed to send events to Mixpanel",
    "Sentry Logger [error]: Encountered error running transport request: TypeError: fetch failed",
    "Sentry Logger [warn]: Discarded session because of missing or non-string release",
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
    *(_redirect(to) for to in LEADS_AWAY),
    *(_redirect(to, "Error: NEXT_REDIRECT") for to in ("/sign_in", "/anmelden")),
    _json("[inbox] caught NEXT_REDIRECT"),
    "[inbox] caught Error: NEXT_REDIRECT",
    "workspace is gone NEXT_NOT_FOUND",
    # Other errors in the line, of any class
    f"SupabaseError: permission denied for table leads, after Error: {DYNAMIC}",
    "[inbox] ZodError: bad row; then Error: NEXT_REDIRECT",
    "[inbox] StorageApiError: no such bucket; then Error: NEXT_NOT_FOUND",
    "NotFoundError: lead 12; Error: NEXT_NOT_FOUND",
    f"SmtpError: mailbox is full; Error: {HANGING}",
    "TwilioRestException: 21610; Error: NEXT_NOT_FOUND",
    f"Error: {DYNAMIC} PayloadError: no body",
    *(f"{note}\nError: connect ECONNREFUSED 10.0.0.5:6379" for note in (KEYS, f"Error: {DYNAMIC}", LOCK, TOO_LARGE)),
    f"Error: {BAILED}\n    at r (1.js:1:2) {{\n  [cause]: Error: read ECONNRESET\n}}",
    _json(f"{KEYS} PayloadError: no body"),
    f"(node:4) [DEP0040] {PUNYCODE}\nTypeError: x.map is not a function",
    "(node:4) UnhandledPromiseRejectionWarning: TypeError: x.map is not a function",
    # What the app says it failed to do, or answered with
    _digest(f"[session] could not read the cookies Error: {DYNAMIC}", "DYNAMIC_SERVER_USAGE"),
    _json(f"no cookies here: {DYNAMIC}"),
    f"[getSession] failed to read cookies Error: {BAILED}",
    f"[conversations] query failed: Error: {DYNAMIC}",
    f"[conversations query failed] Error: {DYNAMIC}",
    f"conversations: returning an empty list, Error: {DYNAMIC}",
    f"[conversations] nothing: Error: {DYNAMIC}",
    f"Error: {DYNAMIC} Served an empty list.",
    # The app's own words, which begin like a library's
    "Error: MISSING_MESSAGE: reply 12 has no text",
    "Error: There was an error while hydrating conversations from redis: bad payload",
    "Error: Hydration failed because the inbox payload has no conversations",
    "In HTML, the reply could not be rendered: unclosed tag",
    "Error: Could not parse CSS stylesheet of the mail",
    f"{STYLESHEET}\n    at parseReply (/var/task/.next/server/chunks/12.js:1:2)",
    "Failed to load bindings of the lead",
    "[eviction] policy is allkeys-lru: conversations were evicted",
    "instance of PrismaClient is gone",
    "[sentry] TypeError: e.flush is not a function",
    "items over 2MB were dropped from the inbox",
    "Cannot update a component (`Inbox`) while rendering a different component (`Card`)\nError: workspace 5 has no channel",
    "Only plain objects can be passed to Client Components from Server Components. The list is empty",
    "Invalid prop `conversations` supplied to `Inbox`: TypeError",
    "NOTE: The AWS SDK could not sign the request",
    "Received `12` conversations for a closed inbox",
    # What only names a service that measures
    "[outbox] flush failed for segment 12: TypeError: e.send is not a function",
    "[posthog] TypeError: x.map is not a function",
    "[posthog] flush failed: TypeError: x.map is not a function",
    "Sentry Logger [error]: TypeError: conversations.map is not a function",
    "PostHog: error flushing events\nError: connect ECONNREFUSED 10.0.0.5:6379",
    "Failed to send replies to Mixpanel",
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
        "every read leads to the inbox",
        _every_read(_redirect("/w/acme", "Error: NEXT_REDIRECT")),
        "pass",
    ),
    Case(
        "a few reads lead to the inbox, all others to the login",
        [
            *PEOPLE,
            *(line(10 * at, _redirect("/w/acme" if at < 3 else "/login"), READ, method="GET") for at in range(60)),
        ],
        "unproven",
    ),
    Case(
        "people who are not signed in are led to the login",
        [
            *PEOPLE,
            *(Sent(10 * at, "GET", READ) for at in range(60)),
            *(line(10 * at + 3, _redirect("/login"), READ, method="GET", status=307) for at in range(3)),
        ],
        "pass",
    ),
    Case(
        "other routes than the inbox lead to the login",
        [*PEOPLE, *(line(10 * at + 3, _redirect("/login", "Error: NEXT_REDIRECT"), "/api/x") for at in range(60))],
        "pass",
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
