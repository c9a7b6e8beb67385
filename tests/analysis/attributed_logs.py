"""Logs of failing requests by whose side broke: more shapes of what blamed_logs.py holds, each next to its opposite."""

from __future__ import annotations

from tests.analysis.blamed_logs import BY, OWN, _auth, _code, _held, _others, _setting, postgrest
from tests.analysis.strange_logs import PEOPLE, Case, often

FETCH = "TypeError: fetch failed"
INIT = "PrismaClientInitializationError: "
BLOCKED = "error: (ECIRCUITBREAKER) {}, new connections are temporarily blocked"

SUPABASE = (
    _held("a sentence of the app's about it", "Error: supabase query failed: fetch failed"),
    _held("its gateway has no answer", "Error: supabase: An invalid response was received from the upstream server"),
    _held("its gateway knows no name", "Error: supabase: name resolution failed"),
    _held(
        "its project is paused, by its status", "Error: GET https://abcdefgh.supabase.co/rest/v1/leads responded 540"
    ),
    _held("its time-out", postgrest("TimeoutError: The operation was aborted due to timeout")),
    _held(
        "its host in the fields of the cause",
        FETCH,
        "  [cause]: Error: read ECONNRESET\n      at TLSWrap {\n    host: 'abcdefgh.supabase.co'\n  }\n",
    ),
    _auth("its auth client does not reach it", "Error: supabase.auth.getUser: TypeError: fetch failed"),
    _code("its limit", "Error: supabase: 429 Too Many Requests"),
    _code("its policies", postgrest('new row violates row-level security policy for table "leads"', "", "42501")),
    _code("no row", postgrest("Cannot coerce the result to a single JSON object", "The result contains 0 rows", "x")),
    _code("another's gateway", "Error: name resolution failed for the phone number of a lead"),
    _code("a host of another", FETCH, "  [cause]: Error: read ECONNRESET\n    host: 'api.clay.com'\n"),
)
POOLER = (
    _held("its pooler does not reach it", BLOCKED.format("unable to establish connection to upstream database")),
    _held("its pooler has no passwords", BLOCKED.format("failed to retrieve database credentials after 5 attempts")),
    _setting("its pooler was sent wrong passwords", BLOCKED.format("too many authentication errors")),
    _code("an app's own breaker", "Error: breaker is open: new drafts are temporarily blocked"),
)
HOSTS = (
    _setting(
        "this machine, at a port that its driver names", "Error: connect ECONNREFUSED 127.0.0.1:5433" + BY.format("pg")
    ),
    _setting("this machine, by its logger", "Error: [db] connect ECONNREFUSED ::1:5499"),
    _setting("every address of this machine", "Error: connect ECONNREFUSED 0.0.0.0:5432"),
    _setting("a socket's file", "Error: connect ENOENT /tmp/.s.PGSQL.5432"),
    _setting("a name that ends in nothing", "Error: getaddrinfo ENOTFOUND api.undefined"),
    _setting("a name that a shell would have replaced", "Error: getaddrinfo ENOTFOUND $DB_HOST"),
    _held(
        "a database that is tried out on this machine", "Error: connect ECONNREFUSED 127.0.0.1:41234" + BY.format("pg")
    ),
    _held("the same, as Prisma says it", "Error: P1001: Can't reach database server at `127.0.0.1:38705`"),
    _held("a machine of its own", "Error: connect ECONNREFUSED 172.17.0.2:5433" + BY.format("pg")),
    _code("a file of the app's", "Error: connect ENOENT /tmp/app.sock"),
    _code("a name that only begins so", "Error: getaddrinfo ENOTFOUND api.undefinedstudio.com"),
)
ENGINES = (
    _code(
        "no adapter",
        f"{INIT}PrismaClient requires a driver adapter to connect to your database, but none was provided.",
    ),
    _code("no compiler", f"{INIT}WASM query compiler was unexpectedly `undefined`"),
    _code("no module", f"{INIT}The loaded wasm module was unexpectedly `undefined` or `null` once loaded"),
    _code("another runtime", f"{INIT}PrismaClient is not configured to run in Edge Runtime"),
    _setting(
        "a variable, above a frame of the engine",
        f"{INIT}error: Environment variable not found: DATABASE_URL."
        + BY.format("@prisma/client/runtime/query_engine"),
    ),
    _setting("what no rule knows", f"{INIT}something is off"),
)
CLIENTS = (
    _others("a client's code", 'SdkError: {"error":{"code":500,"message":"backend"}}' + BY.format("acme-sdk")),
    _others("OpenAI's type", "Error: 500 The server had an error" + OWN, "  type: 'server_error'\n"),
    _others("Anthropic's", 'APIError: 500 {"type":"error","error":{"type":"api_error","message":"Internal"}}'),
    _setting("a client's 402", "APIError: 402 This request requires more credits" + BY.format("openai")),
    _setting("a client's 401", "AcmeError: Unauthorized, status code: 401" + BY.format("acme-sdk")),
    _code("a client's 429", "AcmeError: status code: 429" + BY.format("acme-sdk")),
    _code("a person's token", "JsonWebTokenError: error 401" + BY.format("jsonwebtoken")),
    _code("a framework's 503", "H3Error: Service Unavailable" + BY.format("h3"), "  statusCode: 503,\n"),
    _code("a sign-in's 401", "Error: status 401" + BY.format("next-auth")),
    _code("a number that is no status", 'SdkError: {"error":{"code":5001}}' + BY.format("acme-sdk")),
)
WORDS = (
    _code("a mail provider's sign-in", "Error: [auth] Outlook OAuth token refresh timed out"),
    _auth("our own", "Error: [auth] token refresh timed out"),
    _held("our own database, while a CRM is synced", "Error: [db] hubspot sync: read ECONNRESET"),
    _held(
        "our own database, by its client's frame",
        "Error: could not save the LinkedIn profile to the database: read ECONNRESET" + BY.format("pg"),
    ),
    _code("a database of a CRM", "Error: HubSpot could not read its database: read ECONNRESET"),
    _code("a mail server, inside a transaction", "Error: SMTP: read ECONNRESET" + BY.format("@prisma/client")),
)
STOPPED = (
    " ⨯ Error: failed to pipe response\n    at pipe (1) {{\n  [cause]: DOMException [AbortError]: This operation was aborted\n"
    "      at new DOMException (node:internal/per_context/domexception:53:5)\n"
    "      at AbortController.abort (node:internal/abort_controller:392:18)\n      at {}\n}}"
)
PIPES = (
    Case(
        "a time-out of the app's own, below Node's frames",
        [*PEOPLE, *often(STOPPED.format("Timeout._onTimeout (/var/task/.next/server/chunks/1.js:1:1)"))],
        "roll-back",
        1,
        "server-actions",
    ),
    Case(
        "a reader who left, below Node's frames",
        [*PEOPLE, *often(STOPPED.format("a (/var/task/node_modules/next/dist/server/pipe-readable.js:1:1)"))],
        warns="clients left",
    ),
)

CASES = (*SUPABASE, *POOLER, *HOSTS, *ENGINES, *CLIENTS, *WORDS, *PIPES)
