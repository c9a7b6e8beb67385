"""Logs in which the address, the name of a variable, or a logger's own level says what is meant, each next to its opposite."""

from __future__ import annotations

from tests.analysis.misleading_logs import FOUR, thrown
from tests.analysis.strange_logs import PEOPLE, Case, failing, line, often
from tests.logs.rows import Sent, command_line_64

CRON = "/api/cron/sync"
OUTAGE = "Can't reach database server at db.abc.supabase.co:5432"
CUT = " ⨯ {}" + "\n    at n (/var/task/.next/server/chunks/ssr/_8c1f._.js:1:2)" * 20


def postgres(said: str, state: str = "XX000") -> str:
    return thrown(f"error: {said}", 1, f"  severity: 'FATAL',\n  code: '{state}',\n")


def _environment(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *failing(thrown(said))], "fix-environment", 1, "environment")


def _code(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *failing(thrown(said))], unique=1)


def _outage(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *often(said)], "hold", 1, "database")


def _healthy(name: str, said: str, path: str = CRON) -> Case:
    rows = (line(at, said, path, method="GET") for at in range(60, 560, 60))
    return Case(name, [*PEOPLE, *rows], warns="no signal explains")


SETTINGS = (
    _environment("a name in double quotes", 'Error: "SUPABASE_SERVICE_ROLE_KEY" is not set'),
    _environment("a name in single quotes", "Error: 'SUPABASE_SERVICE_ROLE_KEY' is missing"),
    _environment("a short sentence", "Error: SUPABASE_SERVICE_ROLE_KEY not provided"),
    _environment("a name behind what it lacks", "Error: No SUPABASE_SERVICE_ROLE_KEY provided"),
    _environment("process.env", "Error: Missing process.env.SUPABASE_SERVICE_ROLE_KEY"),
    _environment("a validator of settings", 'Error: Config validation error: "DATABASE_URL" is required'),
    _environment("a variable is unset", "Error: env var SUPABASE_SERVICE_ROLE_KEY is unset"),
    _environment("please define it", "Error: Please define the DATABASE_URL environment variable inside .env.local"),
    _environment(
        "Zod's pretty words", "Error: ✖ Invalid input: expected string, received undefined\n  → at HUBSPOT_PORTAL_ID"
    ),
    _environment("a client without its token", "Error: Vercel Blob: No token found."),
    _environment("Supabase's own key is refused", "AuthApiError: Invalid API key"),
    _environment("Supavisor knows no tenant", postgres("(ENOTFOUND) tenant/user postgres.abcdef not found")),
    _environment("Supavisor wants SSL", postgres("(ESSLREQUIRED) SSL connection is required for user: app")),
    _environment("an adapter is refused", "DriverAdapterError: DatabaseAccessDenied"),
    _environment("Prisma's string is not an address", "Error: P1013: The provided database string is invalid"),
    _code("a constant that is not imported", "ReferenceError: INBOX_PAGE_SIZE is not defined"),
    _code("a secret constant that is not imported", "ReferenceError: STRIPE_KEY is not defined"),
    _code("a template's variable", "Error: template variable FIRST_NAME is not defined"),
    _code("a snippet's variable", "Error: snippet variable COMPANY_URL is missing for lead 12"),
    _code("a row of a file", "Error: import row 7: COMPANY_DOMAIN is missing"),
    _code("a column's name in Zod's words", 'ZodError: [{"path":["FIRST_NAME"],"message":"Required"}]'),
    _code("a column of a file", "Error: column API_KEY is missing in row 5"),
    _code("a mailbox's own token", "Error: Missing ACCESS_TOKEN for this mailbox"),
    _code("an environment of another kind", "Error: Invalid test environment: jsdom"),
    _code("a form's field", "ValidationError: WEBHOOK_URL is required"),
    Case(
        "a constant, among four errors of the code",
        [*PEOPLE, *failing(thrown("ReferenceError: INBOX_PAGE_SIZE is not defined"), *map(thrown, FOUR[:3]))],
        "roll-back",
        4,
        "server-actions",
    ),
    Case(
        "the build lacks its query engine",
        [
            *PEOPLE,
            *often(thrown("PrismaClientInitializationError: could not locate the Query Engine for runtime rhel")),
        ],
        "roll-back",
        1,
        "server-actions",
    ),
    Case(
        "another service refuses the app's key",
        [*PEOPLE, *often(thrown("AuthenticationError: 401 Incorrect API key provided: sk-…"))],
        "fix-environment",
        1,
        "environment",
    ),
    _code("… once, a customer's", "StripeAuthenticationError: Expired API Key provided"),
)

OUTAGES = (
    _outage("Supavisor's clients", postgres("(EMAXCONNSESSION) max clients reached in session mode")),
    _outage("Supavisor's retries", postgres("(ECHECKOUTRETRIES) no connection after 3 tries")),
    _outage("Supavisor's worker", postgres("(EWORKERNOTFOUND) worker processes not found for tenant 1")),
    _outage(
        "a connection that was closed",
        "PrismaClientUnknownRequestError: Error in PostgreSQL connection: Error { kind: Closed }",
    ),
    _outage(
        "a client that is not queryable",
        thrown("Error: Client has encountered a connection error and is not queryable"),
    ),
    _outage("not yet accepting connections", postgres("the database system is not yet accepting connections", "57P03")),
    _outage("a full disk", postgres("could not extend file: No space left on device", "53100")),
    _outage("no route to it", thrown("Error: connect EHOSTUNREACH 10.1.2.3:5432")),
    _outage("by its host", thrown("Error: getaddrinfo ENOTFOUND db.abc.supabase.co")),
    _outage(
        "by its client's frame",
        "Error: read ECONNRESET\n    at x (/var/task/node_modules/pg/lib/client.js:1:2) {\n  digest: '3'\n}",
    ),
    _healthy("a lead's domain", "enrichment of database.io failed: getaddrinfo ENOTFOUND database.io"),
    _healthy("another lead's domain", "enrichment of acme-db.com failed: getaddrinfo ENOTFOUND acme-db.com"),
    _healthy("a vector database", "PineconeConnectionError: vector database: connect ECONNREFUSED 34.1.2.3:443"),
    _healthy("a notebook's database", "sync of database 1a2b failed: getaddrinfo ENOTFOUND api.notion.com"),
    _healthy("a cache's number", "Error: connect ECONNREFUSED 10.0.0.5:6379 { host: 'cache', port: 6379, db: 0 }"),
    _healthy(
        "a mail server, from a folder named db",
        "Error: connect ECONNREFUSED 10.0.0.5:587\n    at async notify (src/lib/db/notify.ts:10:5)",
    ),
    _healthy(
        "a CRM, inside a transaction",
        "Error: getaddrinfo ENOTFOUND api.hubapi.com\n    at Proxy._transactionWithCallback (node_modules/@prisma/client/x.js:1:2)",
    ),
    _healthy("a network of people", "Error: LinkedIn: too many connections requests this week"),
    _healthy("a postal code of Barcelona", "Error: geocoding failed { zipCode: '08001', city: 'Barcelona' }"),
    _healthy("a postal code of Chartres", 'Error: geocoding failed {"postalCode":"28000","city":"Chartres"}'),
    _healthy("a postal code in an address", "Error: fetch https://geo.example.com/?postcode=28000 failed: 404"),
    _healthy(
        "a person's letter",
        "AI draft rejected: Hi, our database system is starting up again, can't reach database server",
    ),
)


def _logged(name: str, said: str) -> Case:
    rows = (line(at, said, "/api/inbox/counts", level="info", method="GET") for at in range(60, 560, 15))
    return Case(name, [*PEOPLE, *rows], "hold", cause="database")


LEVELS = (
    _logged("Datadog's status", f'{{"status":"error","message":"{OUTAGE}"}}'),
    _logged("OpenTelemetry's severity", f'{{"severityText":"ERROR","body":"{OUTAGE}"}}'),
    _logged("Elastic's nested level", f'{{"log":{{"level":"error"}},"message":"{OUTAGE}"}}'),
    _logged("Serilog's level", f'{{"@l":"Error","@m":"{OUTAGE}"}}'),
    _logged("tslog's", f'{{"0":"{OUTAGE}","_meta":{{"logLevelName":"ERROR"}}}}'),
    _logged("behind a blank", f' {{"level":"error","msg":"{OUTAGE}"}}'),
    _logged("pino-pretty's", f"[12:00:00.123] ERROR (1234): {OUTAGE}"),
    _logged("winston's, with the time", f"2026-12-01T12:00:00.000Z error: {OUTAGE}"),
    _logged("in colour", f"\x1b[31merror\x1b[39m: {OUTAGE}"),
    _logged("in brackets", f"[ERROR] {OUTAGE}"),
    Case(
        "a level of something else",
        [
            *PEOPLE,
            *(line(at, f'{{"lead":{{"level":"error"}},"m":"{OUTAGE}"}}', level="info") for at in range(60, 560, 15)),
        ],
    ),
)


def _of_the_command_line(name: str, text: str, says: str, unique: int, *, cause: str = "", warns: str = "") -> Case:
    sent = (Sent(60 + 30 * n, "POST", "/", 500, text.format(one)) for n, one in enumerate(FOUR))
    return Case(name, [*PEOPLE, *sent], says, unique, cause, warns, write=command_line_64)


CUT_OFF = (
    _of_the_command_line("uncaught errors whose digest was cut off", CUT, "roll-back", 4, cause="server-actions"),
    _of_the_command_line(
        "the same in a terminal's colours",
        f"\x1b[31m\x1b[1m⨯\x1b[39m {CUT[3:]}",
        "roll-back",
        4,
        cause="server-actions",
    ),
    _of_the_command_line(
        "rejections that end no request", CUT.replace("⨯ ", "⨯ unhandledRejection: "), "pass", 0, warns="no signal"
    ),
)
_OLD = [Sent(95 + 40 * n, "POST", "/", 200, deployment="dpl_old") for n in range(10)]
TABS = (
    Case(
        "tabs of before the deploy, and the new build is broken",
        [*PEOPLE, *_OLD, *failing(*map(thrown, FOUR))],
        "roll-back",
        4,
        "server-actions",
    ),
    Case("tabs of before the deploy, and all is well", [*PEOPLE, *_OLD]),
    Case(
        "tabs of before the deploy, or a rolling release, fail",
        [
            *PEOPLE,
            *(Sent(100 + 40 * n, "POST", "/", 500, thrown(one), deployment="dpl_old") for n, one in enumerate(FOUR)),
        ],
        "unproven",
    ),
    Case(
        "tabs of before the deploy fail",
        [
            *PEOPLE,
            *(Sent(30 * n, "GET", "/") for n in range(20)),
            *(Sent(100 + 40 * n, "POST", "/", 500, thrown(one), deployment="dpl_old") for n, one in enumerate(FOUR)),
        ],
    ),
)

CASES = (*SETTINGS, *OUTAGES, *LEVELS, *CUT_OFF, *TABS)
