"""Logs in which drivers, Prisma's constructor and other services speak in words of their own, each next to one of the code."""

from __future__ import annotations

from tests.analysis.misleading_logs import thrown
from tests.analysis.named_logs import postgres
from tests.analysis.strange_logs import PEOPLE, Case, failing, often

CONSTRUCTOR = "PrismaClientConstructorValidationError: "
CONFIG = "  config: {{ url: 'https://{}', method: 'get' }},\n"


def _held(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *often(said)], "hold", 1, "database")


def _code(name: str, said: str, extra: str = "") -> Case:
    return Case(name, [*PEOPLE, *often(thrown(said, 1, extra))], "roll-back", 1, "server-actions")


def _down(name: str, said: str, extra: str = "") -> Case:
    return Case(name, [*PEOPLE, *often(thrown(said, 1, extra))], "investigate", 1, "server-actions", "out of order")


def _setting(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *failing(thrown(said))], "fix-environment", 1, "environment")


def _schema(name: str, said: str, state: str) -> Case:
    return Case(name, [*PEOPLE, *failing(postgres(said, state))], "fix-forward", 1, "schema")


def _schema_by(name: str, said: str, extra: str) -> Case:
    message = thrown(f"PrismaClientKnownRequestError: {said}", 1, extra)
    return Case(name, [*PEOPLE, *failing(message)], "fix-forward", 1, "schema")


def _refused(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *often(thrown(said))], "fix-environment", 1, "environment", "another service refuses")


OUTAGES = (
    _held("PgBouncer's clients", postgres("no more connections allowed (max_client_conn)", "08P01")),
    _held("PgBouncer's, without a code", thrown("error: no more connections allowed (max_client_conn)")),
    _held("the postmaster is gone", thrown("error: terminating connection due to unexpected postmaster exit")),
    _held(
        "another process crashed", thrown("error: terminating connection because of crash of another server process")
    ),
    _held("libpq's connection is closed", "OperationalError: server closed the connection unexpectedly"),
    _held("libpq's TLS ends", "psycopg2.OperationalError: SSL SYSCALL error: EOF detected"),
    _held("Neon's control plane", thrown("NeonDbError: Server error (HTTP status 500): Control plane request failed")),
    _held("Neon's gateway", thrown("NeonDbError: Server error (HTTP status 503): upstream connect error")),
    _held("Supabase's gateway", thrown("Error: [supabase] leads: upstream request timeout")),
    _held("Supabase's API", thrown("Error: GET https://abc.supabase.co/rest/v1/leads responded 503")),
    _held("Cloudflare in front of it", thrown("Error: POST https://abc.supabase.co/rest/v1/rpc/x answered 522")),
    _held("a transaction takes too long", postgres("terminating connection due to transaction timeout", "25P04")),
    _held("a transaction is idle", thrown("error: terminating connection due to idle-in-transaction timeout")),
    _held("a replica ends it", thrown("error: terminating connection due to conflict with recovery")),
    _held("a damaged block", postgres('could not read block 12 in file "base/16384/2619": read only 0 bytes', "XX001")),
    _held("a damaged index", postgres('index "lead_pkey" contains unexpected zero page at block 12', "XX002")),
    _held("a damaged page", thrown("error: invalid page in block 7 of relation base/16384/2619")),
    _code("a block of the app's own", "Error: could not read block 12 in file leads.csv"),
    _code("a person ends a conflict", "Error: terminating the conflict with the recovery plan"),
    _code("an internal error of the database", "error: unexpected node type", "  code: 'XX000',\n"),
    _code(
        "a startup parameter of the code's", "error: unsupported startup parameter in options: x", "  code: '08P01',\n"
    ),
    _code("a message that breaks the protocol", "error: invalid message format", "  code: '08P01',\n"),
    _code("Supabase's API refuses what it is sent", "Error: GET https://abc.supabase.co/rest/v1/leads responded 400"),
    _code("a query that Neon refuses", "NeonDbError: Server error (HTTP status 400): query is not a string"),
    _code("a cache's connection is closed", "Error: redis: server closed the connection unexpectedly"),
    _code("a limit of the app's", "Error: no more connections are shown on this page"),
    _code("a request that a person ends", "Error: terminating connection to the call with the lead"),
)
CODE = (
    _code(
        "Prisma lacks its adapter",
        f'{CONSTRUCTOR}Using engine type "client" requires either "adapter" or "accelerateUrl"',
    ),
    _code(
        "Prisma knows no such option",
        f"{CONSTRUCTOR}Unknown property datasources provided to PrismaClient constructor.",
    ),
    _code(
        "Prisma has no options",
        "PrismaClientInitializationError: `PrismaClient` needs to be constructed with a non-empty, valid `PrismaClientOptions`",
    ),
    _code(
        "a client of an earlier schema",
        "PrismaClientInitializationError: Prisma has detected that this project was built on Vercel, which caches dependencies.",
    ),
    _code(
        "a transaction that the code has ended",
        "PrismaClientKnownRequestError: Transaction already closed: A query cannot be executed on a committed transaction.",
        "  code: 'P2028',\n",
    ),
    _code(
        "one that it took back",
        "PrismaClientKnownRequestError: A batch query cannot be executed on a transaction that was rolled back.",
        "  code: 'P2028',\n",
    ),
    _code("an id is compared with a text", "error: operator does not exist: uuid = text", "  code: '42883',\n"),
    _code("a number with a text", "error: operator does not exist: integer <> character varying", "  code: '42883',\n"),
    _setting("Prisma's address is undefined", f'{CONSTRUCTOR}Invalid value undefined for datasource "db" provided'),
    _setting("the same, of an empty text", f'{CONSTRUCTOR}Invalid value "" for datasource "db" provided'),
    _setting(
        "a string that lacks its protocol", "PrismaClientInitializationError: the URL must start with the protocol"
    ),
    _held(
        "a transaction that has expired",
        thrown(
            "PrismaClientKnownRequestError: Transaction already closed: A query cannot be executed on an expired transaction.",
            1,
            "  code: 'P2028',\n",
        ),
    ),
    _setting(
        "a pooler without prepared statements",
        'error: bind message supplies 2 parameters, but prepared statement "s4" requires 0',
    ),
    _setting("a parameter that the pooler refuses", "error: unsupported startup parameter: search_path"),
    _setting(
        "an empty password", "Error: SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string"
    ),
    _setting("TLS is demanded", "error: SSL connection is required"),
    _setting(
        "Neon's endpoint is gone",
        "NeonDbError: The requested endpoint could not be found, or you don't have access to it.",
    ),
    _setting("Supavisor's secret", "error: Authentication error, reason: Unsupported or invalid secret format"),
    _setting("a variable by Valibot", 'ValiError: Invalid key: Expected "OPENAI_API_KEY" but received undefined'),
    _setting("Vercel's OIDC is off", "Error: The 'x-vercel-oidc-token' header is missing from the request."),
    _setting("Inngest's key", "Error: We couldn't find an event key to use to send events to Inngest."),
    _setting(
        "a host that Auth.js does not trust",
        "UntrustedHost: Host must be trusted. URL was: https://app.acme.de/api/auth/session",
    ),
    _code("a field by Valibot", 'ValiError: Invalid key: Expected "firstName" but received undefined'),
    _code("a lead's endpoint", "Error: the endpoint of lead 12 could not be found"),
    _code("a person's password", "Error: password must be a non-empty string"),
    _code("a key of a map", "Error: We couldn't find a key to use in the board"),
    _schema_by(
        "Prisma's table of a model", "The underlying table for model `LeadScore` does not exist.", "  code: 'P1014',\n"
    ),
    _schema_by("Prisma's code alone", "x", "  code: 'P1014',\n"),
    _schema_by(
        "a kind of an adapter's error",
        "Invalid `lead.findMany()`",
        "  meta: { driverAdapterError: { kind: 'TableDoesNotExist' } },\n",
    ),
    _schema_by(
        "the same, of a column",
        "Invalid `lead.findMany()`",
        '  meta: { driverAdapterError: { "kind": "ColumnNotFound" } },\n',
    ),
    Case(
        "an adapter's class alone",
        [*PEOPLE, *failing(thrown("DriverAdapterError: ColumnNotFound"))],
        "fix-forward",
        1,
        "schema",
    ),
    _code("a product of that number", "Error: P1014 has no price"),
    _code("a kind of the app's own", "Error: unknown kind ColumnNotFoundRule"),
    _code("a table of the page", "Error: the table for the model picker does not render"),
    _schema("an extension is missing", "operator does not exist: text %> text", "42883"),
    _schema("a schema is missing", 'schema "billing" does not exist', "XX000"),
    _schema("a schema is missing, in Spanish", "no existe el esquema «billing»", "3F000"),
)
SERVICES = (
    _down("a mail service that is not reached", "Error: EmailBison API error: 503 Service Unavailable"),
    _down("a CRM, by its short name", "Error: GHL request failed with 502"),
    _down("a CRM, by its host", "Error: GET https://services.leadconnectorhq.com/contacts failed with 500"),
    _down("a calendar", "AxiosError: Request failed with status code 503", CONFIG.format("api.calendly.com/v2")),
    _down(
        "a service that no list names",
        "AxiosError: Request failed with status code 502",
        CONFIG.format("api.voicedrop.dev"),
    ),
    _down("Cloudflare in front of one", "Error: GET https://api.voicedrop.dev/v1 failed with status 522"),
    _down("a model that is overloaded, tried thrice", "AI_RetryError: Failed after 3 attempts. Last error: Overloaded"),
    _down("the same, by the last call", "AI_APICallError: Service Unavailable"),
    _down("a mail service's page", "Error: EmailBison API error 500: <!DOCTYPE html><title>Server Error</title>"),
    _down("Slack's own trouble", "Error: An API error occurred: service_unavailable"),
    _down(
        "a function of Supabase's",
        "FunctionsHttpError: Edge Function returned a non-2xx status code",
        "  context: { status: 503 },\n",
    ),
    _down(
        "too many sign-ins",
        "AuthApiError: Request rate limit reached",
        "  status: 429,\n  code: 'over_request_rate_limit',\n",
    ),
    _down(
        "too many mails",
        "AuthApiError: email rate limit exceeded",
        "  status: 429,\n  code: 'over_email_send_rate_limit',\n",
    ),
    _refused("Supabase's gateway misses the key", "Error: No API key found in request"),
    _refused(
        "a private key of Firebase's",
        "FirebaseAppError: Failed to parse private key: Error: Invalid PEM formatted message.",
    ),
    _refused(
        "a service account", 'FirebaseAppError: Service account object must contain a string "private_key" property.'
    ),
    _code(
        "a function that refuses what it is sent",
        "FunctionsHttpError: Edge Function returned a non-2xx status code",
        "  context: { status: 400 },\n",
    ),
    _code("a channel that Slack does not know", "Error: An API error occurred: channel_not_found"),
    _code("a limit of the app's own", "Error: rate limit of the campaign is not a number"),
    _code("a number of leads", "Error: error 500 leads are too many for the board"),
    _code(
        "a service that refuses what it is sent",
        "AxiosError: Request failed with status code 422",
        CONFIG.format("api.x.dev"),
    ),
    _code("a service that refuses a person", "Error: GET https://api.voicedrop.dev/v1 failed with status 401"),
    _code("the app's own address", "Error: GET https://app.example.com/api/leads failed with status 500"),
    _code("a list that is overloaded", "Error: Failed after 3 attempts: the list is overloaded"),
    Case(
        "EmailBison refuses the key",
        [*PEOPLE, *often(thrown("Error: EmailBison request failed with status 401: Unauthenticated."))],
        "fix-environment",
        1,
        "environment",
        "another service refuses",
    ),
)

# A code, a state, or the first words of an outage: as a driver prints them, and as an object of the app's own sentence
PRISMAS_SHAPES = (
    "PrismaClientKnownRequestError: x { code: 'P1001', clientVersion: '6.16.2' }",
    '{"level":"error","msg":"x","err":{"code":"P1001"}}',
    "level=error msg=load code=P1001",
    "PrismaClientInitializationError: x { errorCode: 'P1001' }",
    "Error: query refused (code: P1001)",
    "Error: P1001",
    "Error: P1001: Can't reach the host",
    "Error: P1001 can't reach the host",
    "[inbox] P1001 while loading",
    "Error: load failed [P1001]",
    "Error: rejected with code P1001",
    "Error: load failed with P2024",
    "Error: gave up, error code P1017",
    "Error: retried 2/3 after P1001",
    "Error: no leads, reason: P1001",
)
OTHER_DRIVERS_SHAPES = (
    "Error: Connection terminated",
    "Error: the connection terminated",
    "Error: Connection terminated unexpectedly",
    "Error: loading leads: connection terminated",
    "Error: Too many connections",
    "Error: too many connections to the server",
    "Error: too many connections (max 20)",
    "Error: CONNECT_TIMEOUT: 10.0.0.5:5432",
    "Error: (ECHECKOUTTIMEOUT) no connection",
    "FATAL: EDBHANDLEREXITED: DbHandler exited",
    "Error: planLimitReached",
    'Error: {"reason":"planLimitReached"}',
)
ENUMS = (
    "Error: unknown plan code P1001",
    "Error: plan code: P1001 is not sold",
    "Error: P1001 has no price",
    "Error: product with P1001 is gone",
    "Error: offer { planCode: 'P1001' }",
    "Error: product with P2021 has no price",
    "Error: P2022 is no plan",
    "Error: voucher code P1000 is used",
    "Error: unknown plan code P6004",
    "Error: unknown deal state CONNECTION_CLOSED:5432",
    "Error: state CONNECTION_ENDED has no label",
    'Error: slot has "status":"UNAVAILABLE" but is bookable',
    "Error: lead has 14 UNAVAILABLE slots",
    "Error: websocket connection terminated",
    "Error: realtime connection terminated unexpectedly",
    "Error: LinkedIn call connection terminated",
    "Error: too many connections between nodes in the flow",
    "Error: too many connections requested of a lead",
    "Error: planLimitReached is not handled in <Billing>",
    "Error: unknown plan state planLimitReached",
    "Error: ECHECKOUT is disabled",
    "Error: sender is out of memory credits",
    "Error: sender ran out of memory credits",
    "Error: Task timed out after 30 seconds in drafts board",
    'Error: unknown campaign "DEPLOYMENT_PAUSED"',
    "Error: unknown state FUNCTION_THROTTLED in reducer",
    "Error: lead state account_inactive has no label",
    "TypeError: INTERNAL_ROUTER_STATE is undefined",
    "TypeError: DRAFT_STATUS is undefined",
)
AI = "\n    at a (/var/task/node_modules/ai/dist/index.mjs:1:1)"


def _thrown_by(name: str, said: str, frame: str, says: str, warns: str = "") -> Case:
    return Case(
        name,
        [*PEOPLE, *often(f" ⨯ {said}{frame}\n    at n (/var/task/.next/server/x.js:1:1) {{\n  digest: '31415'\n}}")],
        says,
        1,
        "server-actions",
        warns,
    )


SHAPES = (
    *(_held(f"a driver's shape: {said}", thrown(said)) for said in (*PRISMAS_SHAPES, *OTHER_DRIVERS_SHAPES)),
    *(_code(f"the app's own word: {said}", said) for said in ENUMS),
    _thrown_by(
        "the code's error in a client's file", "TypeError: schema._zod is undefined; http status 500", AI, "roll-back"
    ),
    _thrown_by("another", "TypeError: Cannot read properties of null (reading 'x'), status 503", AI, "roll-back"),
    _thrown_by("a class that is none", "TypeError: z is not a constructor; responded 502", AI, "roll-back"),
    _thrown_by("a service's answer", "APICallError: http status 500", AI, "investigate", "out of order"),
    _thrown_by(
        "the same, of a type of error", "TypeError: fetch failed: http status 502", AI, "investigate", "out of order"
    ),
    _thrown_by("a gateway's page", "SyntaxError: Unexpected token '<': status 503", AI, "investigate", "out of order"),
    _down(
        "Google's answer, with its errors in between",
        'ApiError: {"error":{"code":503,"errors":[{"reason":"backendError"}],"status":"UNAVAILABLE"}}',
    ),
    _setting("a variable that a type's error names", "TypeError: DATABASE_URL is undefined"),
)

CASES = (*OUTAGES, *CODE, *SERVICES, *SHAPES)
