"""Logs in which codes and words stand that mean something else there, each next to one in which they are meant."""

from __future__ import annotations

from tests.analysis.strange_logs import PEOPLE, Case, failing, line, often, prisma
from tests.logs.rows import Sent, throws

STACK = "\n    at n (/var/task/.next/server/chunks/ssr/_8c1f._.js:1:{})"
UNREACHABLE = "PrismaClientKnownRequestError: Can't reach database server at db.example.com:5432"
QUOTED = 'processing reply: "We get P1001 Can\'t reach database server at db.firma.de:5432 since Monday"'
CRM, MAIL = "/api/webhooks/hubspot", "/api/mailboxes/test"
FOUR = (
    "TypeError: e.map is not a function",
    "ReferenceError: owner is not defined",
    "RangeError: Invalid time value",
    "SyntaxError: Unexpected end of JSON input",
)


def thrown(message: str, frame: int = 1, extra: str = "") -> str:
    return f" ⨯ {message}{STACK.format(frame)} {{\n{extra}  digest: '31415'\n}}"


CASES = (
    # Numbers of people, and of places in a bundle
    Case("a lead's number is an SQL state", [*PEOPLE, *failing(thrown("Error: Lead 42703 not found"))], unique=1),
    Case(
        "a frame at such a column",
        [*PEOPLE, *failing(thrown("TypeError: e.map is not a function", 42703)), throws("x", 300)],
        unique=2,
    ),
    Case(
        "a frame at the column of a time-out",
        [*PEOPLE, *failing(thrown("TypeError: e.map is not a function", 57014))],
        unique=1,
    ),
    Case(
        "a port of a socket",
        [*PEOPLE, *failing(thrown("TypeError: terminated", 1, "  localPort: 42703,\n"))],
        unique=1,
    ),
    Case(
        "a product's number is a code of Prisma's",
        [
            *PEOPLE,
            *(Sent(at, "POST", "/", 500, thrown("Error: SKU P1001 is out of stock")) for at in (60, 120, 180, 240)),
        ],
        unique=1,
    ),
    Case(
        "four errors of the code about a part with such a number",
        [*PEOPLE, *failing(*(thrown(f"{error}, importing part P2024") for error in FOUR))],
        "roll-back",
        4,
        "server-actions",
    ),
    Case(
        "an SQL state as such",
        [*PEOPLE, *failing(thrown("error: Spalte existiert nicht", 1, "  code: '42703',\n"), path="/")],
        "fix-forward",
        1,
        "schema",
    ),
    Case(
        "an SQL state in JSON",
        [*PEOPLE, *failing('{"level":"error","msg":"query failed","originalCode":"42703"}', path="/")],
        "fix-forward",
        1,
        "schema",
    ),
    Case(
        "codes after which words follow",
        [
            *PEOPLE,
            *often("[inbox] load failed P1001"),
            *often("Inbox load failed: P2024", "/api/inbox/counts", method="GET"),
        ],
        "hold",
        1,
        "database",
    ),
    Case(
        "a code without a mark, of what is called a database",
        [*PEOPLE, *often("database connection lost P1017", "/api/inbox/counts", method="GET")],
        "hold",
        0,
        "database",
    ),
    Case(
        "a postal code",
        [*PEOPLE, line(99, "geocoding failed: postal code: 42703, zip code 53300"), line(199, "stage (P1001) is gone")],
        warns="geocoding",
    ),
    Case(
        "an SQL state as Prisma's raw queries write it",
        [
            *PEOPLE,
            *failing(thrown("Error: Raw query failed. Code: `42703`. Message: `Spalte »leads.score« existiert nicht`")),
        ],
        "fix-forward",
        1,
        "schema",
    ),
    Case(
        "a code in what an outsider sent",
        [*PEOPLE, *(line(at, """webhook failed { body: '{"code":"P1001"}' }""") for at in range(60, 560, 60))],
        warns="webhook failed",
    ),
    Case(
        "what a model wrote",
        [
            *PEOPLE,
            line(99, 'rate limit { reply: "Your DATABASE_URL is not set" }'),
            line(199, """SyntaxError: Unexpected token 'O', "Our STRIPE_KEY is not set" is not valid JSON"""),
        ],
        warns="rate limit",
    ),
    # What other services say
    Case(
        "a CRM has too many connections",
        [*PEOPLE, *often('HubSpot API responded 500: {"message":"too many connections"}', CRM, status=502)],
        warns="outside the inbox",
    ),
    Case(
        "our own database has",
        [*PEOPLE, *often('error: too many connections for role "app"', "/api/inbox/counts", method="GET")],
        "hold",
        0,
        "database",
    ),
    Case(
        "our own database has, while a CRM is synced",
        [*PEOPLE, *often('[hubspot] FATAL: too many connections for role "app"', "/api/inbox/counts", method="GET")],
        "hold",
        0,
        "database",
    ),
    Case(
        "a provider's connection was terminated",
        [*PEOPLE, *failing(thrown("APIConnectionError: OpenAI: connection terminated"))],
        unique=1,
    ),
    Case(
        "the pool's was, in a function about the CRM",
        [
            *PEOPLE,
            *often(
                "Error: Connection terminated unexpectedly\n    at c (node_modules/pg/lib/client.js:1:2)\n"
                "    at syncHubspot (x.js:1:2)",
                "/api/inbox/counts",
                method="GET",
            ),
        ],
        "hold",
        0,
        "database",
    ),
    Case(
        "a provider's GPU is out of memory",
        [*PEOPLE, *failing(thrown("Error: Replicate: prediction failed: CUDA out of memory"))],
        unique=1,
    ),
    Case(
        "a customer's wrong password for IMAP",
        [*PEOPLE, line(99, "IMAP connect failed: NO Password authentication failed (user mailbox)", MAIL, status=400)],
        warns="IMAP",
    ),
    Case(
        "the database's wrong password",
        [*PEOPLE, *failing(thrown('error: password authentication failed for user "postgres"'))],
        "fix-environment",
        1,
        "environment",
    ),
    # What people miss
    Case(
        "a merge tag is missing",
        [*PEOPLE, *failing(thrown("Error: Merge tag FIRST_NAME is missing for this lead"))],
        unique=1,
    ),
    Case(
        "a schema of variables refuses",
        [
            *PEOPLE,
            *failing(
                thrown('ZodError: [{"code":"invalid_type","path":["DATABASE_URL"],"message":"received undefined"}]')
            ),
        ],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "a merge field is missing",
        [*PEOPLE, line(99, "Error: merge field LINKEDIN_URL is missing for lead 7")],
        warns="merge field",
    ),
    Case(
        "a person's token",
        [*PEOPLE, *failing(thrown("Error: could not set SESSION_TOKEN"), thrown("RangeError: missing CSRF_TOKEN"))],
        unique=2,
    ),
    Case(
        "a key is missing, in other words",
        [*PEOPLE, *failing(thrown("Error: Missing STRIPE_SECRET_KEY"))],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "a person's address is missing",
        [*PEOPLE, *failing(thrown("Error: CONTACT_EMAIL is missing in row 7"))],
        unique=1,
    ),
    Case(
        "a setting without a usual name is not set",
        [*PEOPLE, *failing(thrown("Error: OPENAI_MODEL is not set"))],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "a key is missing",
        [*PEOPLE, *failing(thrown("Error: RESEND_API_KEY is missing"))],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "a column of a file that a person uploads",
        [*PEOPLE, *failing(thrown("Error: Import failed: column email does not exist in leads.csv"))],
        unique=1,
    ),
    Case(
        "a table of another service",
        [*PEOPLE, *failing(thrown("Error: Airtable: table Leads does not exist"))],
        unique=1,
    ),
    Case(
        "a column of a file, as a database writes it",
        [*PEOPLE, *failing(thrown('Error: Import failed: Column "email" does not exist'))],
        unique=1,
    ),
    Case(
        "a column of ours, while a file is exported",
        [*PEOPLE, *failing(thrown('error: column "email" does not exist\n    at exportCsv (csv.js:1:2)'))],
        "fix-forward",
        1,
        "schema",
    ),
    Case(
        "a refused database, while a file is exported",
        [*PEOPLE, *failing(thrown("Error: export of leads.csv failed, P1000 of the database in row 1"))],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "a column of ours",
        [*PEOPLE, *failing(thrown('error: column "email" does not exist'))],
        "fix-forward",
        1,
        "schema",
    ),
    Case(
        "a column of ours, with its table",
        [*PEOPLE, *failing(thrown("error: column l.score does not exist"))],
        "fix-forward",
        1,
        "schema",
    ),
    # What a failing request logs besides its error
    Case(
        "four errors of the code, and what a person wrote",
        [
            *PEOPLE,
            *(Sent(60 + 80 * at, status=500, message=thrown(error), line=QUOTED) for at, error in enumerate(FOUR)),
        ],
        "roll-back",
        4,
        "server-actions",
    ),
    Case(
        "an error that names nothing, and the reason in a line",
        [
            *PEOPLE,
            *(
                Sent(at, status=500, message=thrown("Error: An error occurred"), line=UNREACHABLE)
                for at in range(30, 570, 20)
            ),
        ],
        "hold",
        1,
        "database",
    ),
    Case(
        "an error of the code, and Prisma's own line",
        [
            *PEOPLE,
            *(
                Sent(
                    at,
                    status=500,
                    message=thrown("TypeError: Cannot read id of undefined"),
                    line=f"prisma:error {UNREACHABLE}",
                )
                for at in range(30, 570, 20)
            ),
        ],
        "hold",
        1,
        "database",
    ),
    Case(
        "an error of the code, and a warning of the database's client",
        [
            *PEOPLE,
            *(
                Sent(
                    at, status=500, message=thrown("TypeError: e.map is not a function"), line="[db] retry after P1001"
                )
                for at in range(30, 570, 20)
            ),
        ],
        "hold",
        1,
        "database",
    ),
    Case(
        "an error of the code, and a warning that names the reason",
        [
            *PEOPLE,
            *(
                Sent(at, status=500, message=thrown("TypeError: e.map is not a function"), line=said)
                for at in range(30, 570, 20)
                for said in ["conversations query failed: PrismaClientKnownRequestError: Can't reach database server"]
            ),
        ],
        "hold",
        1,
        "database",
    ),
    # Names
    Case(
        "four people with their surnames",
        [
            *PEOPLE,
            *(
                throws(f"cannot send the reply to {name}", 60 + 50 * at)
                for at, name in enumerate(("Anna Schmidt", "Jürgen Müller", "Ben O'Neill", "Mary Ann Lee"))
            ),
        ],
        "unproven",
        4,
    ),
    Case(
        "four services that do not answer",
        [
            *PEOPLE,
            *failing(
                *(
                    thrown(
                        "TypeError: fetch failed",
                        1,
                        f"  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: {host}:443, timeout: 10000ms)\n",
                    )
                    for host in ("api.hubapi.com", "api.attio.com", "server.smartlead.ai", "api.clay.com")
                )
            ),
        ],
        "roll-back",
        4,
        "server-actions",
    ),
    Case(
        "one service at four addresses",
        [
            *PEOPLE,
            *failing(
                *(
                    thrown(
                        "TypeError: fetch failed",
                        1,
                        f"  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: 10.0.0.{n}:443, timeout: 10000ms)\n",
                    )
                    for n in range(1, 5)
                )
            ),
        ],
        unique=1,
    ),
    Case("Prisma's own codes", [*PEOPLE, *often(prisma("P2024", "Timed out"))], "hold", 1, "database"),
)
