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

CASES = (*OUTAGES, *CODE, *SERVICES)
