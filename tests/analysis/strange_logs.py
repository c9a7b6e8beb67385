"""Logs of kinds that nobody named while the rules were made, each with what must be said of it: data for test_strange_logs.py."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from postdeploy.logs.entry import LogEntry
from tests.logs.rows import Sent, export_csv, export_json, export_lines, healthy, rows, throws

Write = Callable[[Sequence[LogEntry]], bytes]
READ = "/api/inbox/conversations"
_JSON = '{"level":"error","msg":"x failed%s"}'
SPREAD = range(20, 580, 20)


@dataclass(frozen=True)
class Case:
    """A log. `says`: `pass`, `unproven`, or the recommendation of what fails it."""

    name: str
    sent: list[Sent]
    says: str = "pass"
    unique: int = 0
    cause: str = ""
    warns: str = ""
    """What one of the warnings holds."""
    write: Write = export_lines
    change: Callable[[list[LogEntry]], list[LogEntry]] = field(default=lambda given: given)


def line(
    at: float, message: str, path: str = "/api/x", *, level: str = "error", status: int = 200, method: str = "POST"
) -> Sent:
    """A request that logs a line."""
    return Sent(at, method, path, status, message, level=level)


def failing(*messages: str, path: str = "/", status: int = 500) -> list[Sent]:
    """Server Actions that fail, each with its own message."""
    return [Sent(30 + 40 * number, "POST", path, status, message) for number, message in enumerate(messages)]


def often(
    message: str, path: str = "/", *, status: int = 500, method: str = "POST", level: str = "error"
) -> list[Sent]:
    """The same failure all the time."""
    return [Sent(at, method, path, status, message, level=level) for at in SPREAD]


def prisma(code: str, message: str, number: int = 1) -> str:
    return (
        f"\n ⨯ Error [PrismaClientKnownRequestError]: \nInvalid `prisma.lead.create()` invocation:\n\n\n{message}\n"
        f"    at ei.handleRequestError (/var/task/node_modules/@prisma/client/runtime/library.js:121:{number}) {{\n"
        f"  code: '{code}',\n  clientVersion: '6.16.2',\n  digest: '{number}1415'\n}}"
    )


def _late(given: list[LogEntry]) -> list[LogEntry]:
    """Each fifth row arrives minutes after the others."""
    return [one for n, one in enumerate(given) if n % 5] + given[::5]


def _twice(given: list[LogEntry]) -> list[LogEntry]:
    return [one for row in given for one in (row, row)]


def _truncated(given: list[LogEntry]) -> list[LogEntry]:
    return [msgspec.structs.replace(one, message=one.message[:90]) for one in given]


def _skewed(given: list[LogEntry]) -> list[LogEntry]:
    """The clock of one function is four minutes ahead in its own rows."""
    return [
        msgspec.structs.replace(one, at=one.at + (240_000 if one.message and n % 7 == 0 else 0))
        for n, one in enumerate(given)
    ]


def _without_quiet_rows(given: list[LogEntry]) -> list[LogEntry]:
    """A drain that samples: each tenth healthy request."""
    kept = {one.request_id for one in given if one.status == 500} | {one.request_id for one in given[::30]}
    return [one for one in given if one.request_id in kept]


def _of_two_deployments(given: list[LogEntry]) -> list[LogEntry]:
    """Until minute 2 tabs still reach the deployment before: every second request there."""
    numbers = itertools.count()
    return [
        msgspec.structs.replace(
            one, deployment_id="dpl_old" if one.at < given[0].at + 120_000 and next(numbers) % 2 else "dpl_now"
        )
        for one in given
    ]


def _windows(given: Sequence[LogEntry]) -> bytes:
    return b"\xef\xbb\xbf" + export_csv(given).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _nested(given: Sequence[LogEntry]) -> bytes:
    """Messages that are JSON in a string of JSON."""
    return export_json(
        [
            msgspec.structs.replace(
                one, message=json.dumps({"level": "error", "msg": one.message, "req": {"id": one.request_id}})
            )
            if one.message
            else one
            for one in given
        ]
    )


PEOPLE = [*healthy(200)]
INBOX = [*healthy(100), *healthy(100, method="GET", path=READ)]
NAMES = ["Anna Schmidt", "Bob O'Neill", "José García", "Yuki Tanaka", "Zoë Kravitz"]

QUOTING = (
    'inbound: {"text": "it says password authentication failed"}',
    "inbound: { body: 'table leads does not exist, too many connections' }",
    '{"level":"error","msg":"refused","subject":"Re: DATABASE_URL is not set","from":"x"}',
    'inbound: "{\\"content\\":\\"P1001 Can\'t reach database server\\"}"',
    'cut: {"html":"<p>password authentication failed for',
)
PINO = '{{"level":{level},"time":1,"pid":4,"msg":"{said}"}}'
OPENAI = (
    " ⨯ Error: {status} {text}\n    at APIError.generate (/var/task/node_modules/openai/error.js:1:1) {{\n"
    "  status: {status},\n  requestID: 'req_{n}abc'\n}}"
)
SUPABASE = (
    " ⨯ AuthApiError: Request rate limit reached\n    at x (1) {\n  __isAuthError: true,\n"
    "  status: 429,\n  code: 'over_request_rate_limit'\n}"
)
MINIFIED = " ⨯ TypeError: Cannot read properties of undefined (reading 'id')\n    at {f} (/var/task/.next/server/chunks/{n}.js:1:9)"
ZOD = (
    ' ⨯ ZodError: [\n  {{\n    "code": "invalid_type",\n    "path": [ "{one}" ],\n'
    '    "message": "Required"\n  }}\n]\n    at x (1)'
)
ORIGIN = (
    "`x-forwarded-host` header with value `app.example.com` does not match `origin` header with value `www.example.com`"
    " from a forwarded Server Actions request. Aborting the action."
)

CASES = (
    # Frameworks and platforms that write into the same log
    Case(
        "a Python service's traceback at info",
        [
            *PEOPLE,
            *(
                line(at, 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad', level="info")
                for at in SPREAD
            ),
        ],
    ),
    Case(
        "Rails lines in the same drain",
        [
            *PEOPLE,
            *(
                line(
                    at, "ActionView::Template::Error (undefined method `x' for nil:NilClass)", "/api/rails", status=500
                )
                for at in SPREAD
            ),
        ],
        warns="/api/rails",
    ),
    Case(
        "NestJS lines with colours",
        [
            *PEOPLE,
            *(line(at, "\x1b[31m[Nest] 17  - ERROR [ExceptionsHandler] boom\x1b[39m", "/api/nest") for at in SPREAD),
        ],
        warns="no signal explains",
    ),
    Case(
        "pino JSON lines of level 50",
        [
            *PEOPLE,
            *(
                line(at, '{"level":50,"time":1,"msg":"cannot reach crm","err":{"type":"Error"}}', "/api/pino")
                for at in SPREAD
            ),
        ],
        warns="no signal explains",
    ),
    Case(
        "Sentry's own debug lines",
        [
            *PEOPLE,
            *(
                line(at, "Sentry Logger [error]: Error while sending envelope: fetch failed", level="info")
                for at in SPREAD
            ),
        ],
    ),
    Case(
        "OpenTelemetry exporter refused",
        [*PEOPLE, *(line(at, "OTLPExporterError: connect ECONNREFUSED 127.0.0.1:4318") for at in SPREAD)],
        warns="no signal explains",
    ),
    Case(
        "an outage in JSON lines that the platform calls info",
        [*PEOPLE, *often(PINO.format(level=50, said="P1001: Can't reach database server"), status=200, level="info")],
        "hold",
        0,
        "database",
    ),
    Case(
        "the same in winston's, the level last and cut off",
        [*PEOPLE, *often('{"level":"error","message":"P1001: Can\'t reach database', status=200, level="info")],
        "hold",
        0,
        "database",
    ),
    Case(
        "JSON lines of level 30 that quote a person",
        [*PEOPLE, *often(PINO.format(level=30, said="mail: P1001 error"), status=200, level="info")],
    ),
    Case(
        "JSON lines in which what was sent in says that it is an error",
        [
            *PEOPLE,
            *often('{"msg":"in","body":{"level":"error","text":"P1001"}}', "/api/hook", status=200, level="info"),
        ],
    ),
    Case(
        "an error row of a success that quotes what a person wrote",
        [*PEOPLE, *(line(at, said, "/api/webhooks/clay") for at in SPREAD for said in QUOTING)],
        warns="no signal explains",
    ),
    Case(
        "a failing request that quotes what a person wrote",
        [*PEOPLE, *(Sent(at, "POST", "/api/hook", 500, said, level="info") for at in SPREAD for said in QUOTING)],
        warns="/api/hook",
    ),
    Case(
        "the app's own error in a field called message",
        [*PEOPLE, *often('Failed to load: {"message":"P1001: Can\'t reach database server","text":"hi"}', status=200)],
        "hold",
        0,
        "database",
    ),
    # Traffic
    Case(
        "a flood of cron runs that fail",
        [*PEOPLE, *(Sent(n / 5, "GET", "/api/cron/sync", 500, "Error: sync failed") for n in range(2500))],
        warns="/api/cron/sync",
    ),
    Case(
        "bots ask for what is not there",
        [
            *PEOPLE,
            *(
                Sent(n, "POST", path, 404)
                for n, path in enumerate(["/wp-login.php", "/xmlrpc.php", "/.env", "/admin", "/login.action"] * 20)
            ),
        ],
    ),
    Case(
        "bots post to scripts that answer 500",
        [
            *PEOPLE,
            *(
                Sent(n, "POST", path, 500)
                for n, path in enumerate(
                    ["/wp-login.php", "/xmlrpc.php", "/cgi-bin/luci.cgi", "/shell.jsp", "/a.asp"] * 4
                )
            ),
        ],
        warns="POST /a.asp",
    ),
    Case(
        "the image optimiser fails",
        [
            *PEOPLE,
            *(
                Sent(
                    at,
                    "GET",
                    "/_next/image",
                    500,
                    " ⨯ upstream image response failed for https://x.example.com/a.png 404",
                )
                for at in SPREAD
            ),
        ],
        warns="/_next/image",
    ),
    Case(
        "an error page in the URL's words",
        [*PEOPLE, *(Sent(at, "GET", "/help/error-500-internal-server-error", 200) for at in SPREAD)],
    ),
    Case(
        "a person writes 500 and error",
        [
            *PEOPLE,
            *(
                line(at, "message saved: 'Error 500! P1001 password authentication failed'", level="info")
                for at in SPREAD
            ),
        ],
    ),
    Case(
        "bots ask for what is not an address",
        [*PEOPLE, *(Sent(n, "GET", path, 404) for n, path in enumerate(["//]", "//[", "//[::1", "/%zz", "/[[["]))],
    ),
    Case(
        "HEAD and OPTIONS floods", [*PEOPLE, *(Sent(n / 3, ("HEAD", "OPTIONS")[n % 2], "/", 405) for n in range(900))]
    ),
    # What one error looks like
    Case(
        "P2002 by four users in three tables of an action",
        [
            *PEOPLE,
            *failing(
                *(
                    prisma("P2002", f"Unique constraint failed on the fields: (`{one}`)", n)
                    for n, one in enumerate(["email", "email", "slug", "phone"])
                )
            ),
        ],
        unique=3,
    ),
    Case(
        "P2002 on four different fields",
        [
            *PEOPLE,
            *failing(
                *(
                    prisma("P2002", f"Unique constraint failed on the fields: (`{one}`)", n)
                    for n, one in enumerate(["email", "name", "slug", "phone"])
                )
            ),
        ],
        "roll-back",
        4,
        "server-actions",
    ),
    Case(
        "one P2025 for many ids",
        [
            *PEOPLE,
            *failing(
                *(
                    prisma("P2025", f"An operation failed: no record with id {n}f{n}ab-{n * 77} was found", n)
                    for n in range(4)
                )
            ),
        ],
        unique=1,
    ),
    Case(
        "names of people in the message",
        [*PEOPLE, *failing(*(f" ⨯ Error: Lead {name} is archived\n    at x (1)" for name in NAMES))],
        unique=1,
    ),
    Case(
        "workspace names without quotes",
        [*PEOPLE, *failing(*(f" ⨯ Error: Workspace {name} has no mailbox\n    at x (1)" for name in NAMES))],
        unique=1,
    ),
    Case(
        "OpenAI 429 and 500",
        [
            *PEOPLE,
            *failing(
                *(
                    OPENAI.format(status=status, text=text, n=n)
                    for n, (status, text) in enumerate(
                        [(429, "You exceeded your current quota"), (500, "The server had an error")] * 3
                    )
                )
            ),
        ],
        unique=2,
    ),
    Case(
        "Supabase 429 on sign-in",
        [
            *PEOPLE,
            *failing(*([SUPABASE] * 3)),
        ],
        unique=1,
    ),
    Case(
        "Stripe's errors by type",
        [
            *PEOPLE,
            *failing(
                *(
                    f" ⨯ {kind}: Invalid request\n    at x (1) {{ requestId: 'req_{n}' }}"
                    for n, kind in enumerate(
                        ["StripeInvalidRequestError", "StripeCardError", "StripeInvalidRequestError"]
                    )
                )
            ),
        ],
        unique=2,
    ),
    Case(
        "nothing but digests",
        [
            *PEOPLE,
            *failing(
                *(
                    f" ⨯ [Error: An error occurred in the Server Components render.] {{\n  digest: '{n}77'\n}}"
                    for n in range(6)
                )
            ),
        ],
        unique=1,
    ),
    Case(
        "minified stacks of two builds",
        [
            *PEOPLE,
            *failing(*(MINIFIED.format(f=f, n=n) for n, f in enumerate("abcdef"))),
        ],
        unique=1,
    ),
    Case(
        "Windows line ends in messages",
        [*PEOPLE, *failing(*(f" ⨯ Error: tenant {n} is gone\r\n    at x (1)\r\n    at y (2)" for n in range(5)))],
        unique=1,
    ),
    Case(
        "a date in five formats",
        [
            *PEOPLE,
            *failing(
                *(
                    f" ⨯ RangeError: no slot on {day}\n    at x (1)"
                    for day in ["2026-11-02", "02.11.2026", "Nov 2, 2026", "11/2/26", "2026-11-02T10:00:00Z"]
                )
            ),
        ],
        unique=1,
    ),
    Case(
        "money and percentages",
        [
            *PEOPLE,
            *failing(
                *(
                    f" ⨯ Error: cannot charge {amount}\n    at x (1)"
                    for amount in ["$5", "€12.50", "7 %", "1,000 USD", "£3"]
                )
            ),
        ],
        unique=1,
    ),
    Case(
        "five modules that are missing",
        [
            *PEOPLE,
            *failing(
                *(
                    f" ⨯ Error: Cannot find module '{one}'\n    at x (1)"
                    for one in ["sharp", "pg", "@acme/ui", "zod", "./a"]
                )
            ),
        ],
        "roll-back",
        5,
        "server-actions",
    ),
    Case(
        "Zod issues on four fields",
        [
            *PEOPLE,
            *failing(*(ZOD.format(one=one) for one in ["email", "name", "slug", "phone"])),
        ],
        "roll-back",
        4,
        "server-actions",
    ),
    Case(
        "aggregate errors",
        [
            *PEOPLE,
            *failing(
                *(
                    [
                        " ⨯ AggregateError: All promises were rejected\n    at x (1) {\n  [errors]: [ Error: a, Error: b ]\n}"
                    ]
                    * 3
                )
            ),
        ],
        unique=1,
    ),
    Case(
        "thrown strings and objects", [*PEOPLE, *failing(" ⨯ nope", " ⨯ { status: 'bad' }", " ⨯ undefined")], unique=3
    ),
    # Outages and limits
    Case(
        "the pool times out all the time",
        [*PEOPLE, *often(prisma("P2024", "Timed out fetching a new connection from the connection pool."))],
        "hold",
        1,
        "database",
    ),
    Case(
        "transactions that can't start",
        [*PEOPLE, *often(prisma("P2028", "Transaction API error: Unable to start a transaction in the given time."))],
        "hold",
        1,
        "database",
    ),
    Case(
        "the server closes the connection",
        [*PEOPLE, *often(prisma("P1017", "Server has closed the connection."))],
        "hold",
        1,
        "database",
    ),
    Case(
        "an outage whose answers are 200",
        [*PEOPLE, *often("Failed to fetch clients: P1001 Can't reach database server at `db:5432`", status=200)],
        "hold",
        0,
        "database",
    ),
    Case(
        "functions without memory",
        [
            *PEOPLE,
            *(
                Sent(
                    at,
                    "GET",
                    READ,
                    -1,
                    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
                )
                for at in SPREAD
            ),
            *healthy(40, method="GET", path=READ),
        ],
        "roll-back",
        0,
        "function-died",
    ),
    Case(
        "an edge function runs out of time",
        [
            *PEOPLE,
            *(
                Sent(at, "POST", "/api/edge", 504, "Task timed out after 25 seconds", source="edge-function")
                for at in SPREAD
            ),
        ],
        warns="/api/edge",
    ),
    Case(
        "the middleware fails for every page",
        [*(Sent(at, "GET", "/", 500, " ⨯ Error [MIDDLEWARE_INVOCATION_FAILED]: boom") for at in SPREAD), *healthy(20)],
        "roll-back",
        0,
        "server",
    ),
    Case(
        "revalidation in the background fails",
        [
            *PEOPLE,
            *(
                Sent(at, "GET", "/blog", 200, " ⨯ Error: fetch failed\n    at x (1) {\n  digest: '1'\n}")
                for at in SPREAD
            ),
        ],
        warns="fetch failed",
    ),
    Case(
        "unhandled rejections after the answer",
        [
            *PEOPLE,
            *(Sent(at, "POST", "/", 200, "Unhandled Rejection: Error: mail not sent\n    at x (1)") for at in SPREAD),
        ],
        warns="mail not sent",
    ),
    Case(
        "the CRM refuses connections",
        [*PEOPLE, *often("Error: HubSpot: connect ECONNREFUSED 10.0.0.1:443", "/api/crm", status=502)],
        warns="/api/crm",
    ),
    Case(
        "a feature flag is off",
        [
            *INBOX,
            *(Sent(at, "GET", READ, 503, '{"error":"READ_API_DISABLED"}', level="info") for at in range(5, 580, 3)),
        ],
        warns="feature flag",
    ),
    Case(
        "a password is wrong",
        [
            *PEOPLE,
            *failing(
                ' ⨯ PrismaClientInitializationError: password authentication failed for user "postgres"\n    at x (1)'
            ),
        ],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "a person writes of passwords, in a row of a success",
        [
            *PEOPLE,
            *(
                line(
                    at,
                    'inbound: {"text": "it says password authentication failed"}',
                    "/api/webhooks/clay",
                    level="info",
                )
                for at in SPREAD
            ),
        ],
    ),
    Case(
        "the origin of a preview",
        [
            *PEOPLE,
            *often(ORIGIN),
        ],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "tabs of yesterday",
        [
            *PEOPLE,
            *(
                Sent(
                    at,
                    "POST",
                    "/",
                    404,
                    'Error: Failed to find Server Action "40ab". This request might be from an older or newer deployment.',
                )
                for at in SPREAD
            ),
        ],
        warns="version skew",
    ),
    # How rows come
    Case(
        "rows minutes out of order",
        [*PEOPLE, *(throws(word, 60) for word in "ABCD")],
        "roll-back",
        4,
        "server-actions",
        change=_late,
    ),
    Case("every row twice", [*PEOPLE, *(throws(word, 60) for word in "ABC")], unique=3, change=_twice),
    Case(
        "messages cut after 90 characters",
        [
            *PEOPLE,
            *failing(
                *(
                    prisma("P2002", f"Unique constraint failed on the fields: (`{one}`)", n)
                    for n, one in enumerate(["email", "slug", "phone", "name"])
                )
            ),
        ],
        unique=1,
        change=_truncated,
    ),
    Case("a function whose clock is ahead", [*PEOPLE, *(throws(word, 60) for word in "ABC")], unique=3, change=_skewed),
    Case(
        "a drain that samples",
        [*PEOPLE, *(throws("boom", at) for at in (60, 200, 400))],
        unique=1,
        change=_without_quiet_rows,
    ),
    Case(
        "two deployments at a time",
        [*PEOPLE, *(throws(word, 200) for word in "ABC")],
        unique=3,
        change=_of_two_deployments,
    ),
    Case(
        "CSV of Windows, with a mark in front",
        [
            *PEOPLE,
            *(
                throws(word + ' "no",\nthen stopped', 60)
                for word in ("no mailbox", "bad state", "a slot is gone", "quota used up")
            ),
        ],
        "roll-back",
        4,
        "server-actions",
        write=_windows,
    ),
    Case(
        "JSON in JSON",
        [*PEOPLE, *(throws(word, 60) for word in ("no mailbox", "no slot", "bad state", "no quota"))],
        "roll-back",
        4,
        "server-actions",
        write=_nested,
    ),
    Case(
        "JSON in JSON, one error with ids",
        [*PEOPLE, *(throws(f"lead {n}a{n}f is gone", 60 + n) for n in range(5))],
        unique=1,
        write=_nested,
    ),
    Case(
        "an array of one line",
        [*PEOPLE, *(throws(word, 60) for word in "ABCD")],
        "roll-back",
        4,
        "server-actions",
        write=export_json,
    ),
    Case(
        "control characters and turned text",
        [*PEOPLE, *failing(" ⨯ Error: \x1b[2J\u202egone\x00\n    at x (1)")],
        unique=1,
    ),
    Case("one message of 200 kB", [*PEOPLE, *failing(" ⨯ Error: too big " + "x" * 200_000)], unique=1),
    Case("an empty message at error level", [*PEOPLE, *(line(at, " ", level="error") for at in SPREAD)]),
    Case(
        "levels in capitals", [*PEOPLE, *(line(at, "Error: a thing", level="ERROR") for at in SPREAD)], warns="a thing"
    ),
    Case(
        "debug lines that shout",
        [*PEOPLE, *(line(at, "Error: P1001 password authentication failed", level="debug") for at in SPREAD)],
    ),
    Case(
        "locales of one page",
        [
            *PEOPLE,
            *(
                throws("the page has no title", 60 + n, path=f"/{one}/pricing")
                for n, one in enumerate(["de", "en", "en-US", "fr", "pt-BR"])
            ),
        ],
        unique=1,
    ),
    *(
        Case(
            f"behind the escaped end of a line, {end}: {said}",
            [*PEOPLE, line(30, _JSON % (end + said))],
            says,
            0,
            cause,
        )
        for end in (r"\n", r"\n\n", r"\r\n")
        for said, says, cause in (
            ("DATABASE_URL is not set", "fix-environment", "environment"),
            ("password authentication failed for user app", "fix-environment", "environment"),
        )
    ),
    Case(
        "four errors, one minute too late",
        [*PEOPLE, *healthy(20, over=700), *(throws(word, 640) for word in "ABCD")],
        warns="4 Server Action requests failed after the first 10 minutes",
    ),
)


def written(case: Case) -> bytes:
    """The log."""
    return case.write(case.change(sorted(rows(case.sent), key=lambda row: row.at)))
