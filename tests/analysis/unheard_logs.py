"""What is said at a low level, in a field, of one route alone, or by what is no longer asked for; and error lines by which all is well."""

from __future__ import annotations

from tests.analysis.strange_logs import INBOX, PEOPLE, READ, SPREAD, Case, line
from tests.analysis.well_logs import CRON, OTHERS
from tests.logs.rows import Sent, healthy

COUNTS, LOGIN, CALLBACK = "/api/inbox/counts", "/auth/login", "/auth/callback"
POOLER = "aws-0-eu-central-1.pooler.supabase.com"


def _all_of_a_route(
    said: str, *, well: int = 0, path: str = READ, method: str = "GET", level: str = "error"
) -> list[Sent]:
    """Other reads and actions outnumber those of the route that write it. `well`: so many of the route do not."""
    others = [
        *healthy(100, method="GET", path=COUNTS),
        *healthy(100, path="/settings"),
        *healthy(well, method=method, path=path),
    ]
    return [*PEOPLE[:60], *others, *(line(at, said, path, level=level, method=method) for at in SPREAD)]


def _sign_ins(
    said: str, *, well: int = 2, path: str = LOGIN, method: str = "POST", level: str = "warning"
) -> list[Sent]:
    given = healthy(well, method=method, path=path)
    return [*INBOX, *given, *(line(at, said, path, level=level, method=method) for at in SPREAD)]


def _said(said: str, path: str = "/", *, level: str = "warning", status: int = 200) -> list[Sent]:
    method = "POST" if path == "/" else "GET"
    return [*INBOX[:60], *(line(at, said, path, level=level, status=status, method=method) for at in SPREAD)]


def _opened(*, early: int, late: int, used: float = 1800) -> list[Sent]:
    """Half an hour. `early`: pages of the first ten minutes, `late`: of the last; `used`: for so long the inbox was read."""
    pages = [*healthy(early, method="GET", path="/"), *(Sent(1200 + 590 * at / late, "GET", "/") for at in range(late))]
    reads = [Sent(at, method, path) for at in range(0, 1800, 15) for method, path in (("GET", READ), ("POST", "/"))]
    return [*pages, *(one for one in reads if one.at < used), Sent(1799, "GET", "/robots.txt")]


ROUTES = (
    *(
        Case(
            f"all of one route: {said}",
            _all_of_a_route(said),
            "unproven",
            warns=f"28 of 28 requests to GET {READ} wrote",
        )
        for said in (
            "[inbox] access check denied for workspace, returning empty list",
            "[inbox] no membership",
            '{"level":"error","msg":"list","rows":null}',
            "[inbox] completed with a stale cache",
            "[inbox] done: 0 conversations",
            "[perf] took 12 ms, but nothing was found",
        )
    ),
    Case(
        "all actions of the inbox, and none of another page",
        _all_of_a_route("[actions] member of no team", path="/", method="POST")[60:],
        "unproven",
        warns="28 of 28 requests to POST / wrote",
    ),
    Case("most of one route", _all_of_a_route("[inbox] no membership", well=20), warns=OTHERS),
    Case("all of another page", _all_of_a_route("[leads] no membership", path="/leads", method="POST"), warns=OTHERS),
    *(
        Case(f"all of one route say that they are well: {said}", _all_of_a_route(said), warns=OTHERS)
        for said in (
            "getConversations ok (120 ms)",
            "[perf] listConversations took 35.2ms",
            "[inbox] list completed",
            "[audit] read of the list succeeded",
        )
    ),
    *(
        Case(f"all of one route, by a level of its own: {said}", _all_of_a_route(said))
        for said in ("[debug] getConversations start", "2026-12-01T12:00:00.000Z DEBUG list", "[TRACE] list")
    ),
)
FIELDS = (
    *(
        Case(f"a failure in a field: {said}", _said(said, path, level="info"), "roll-back", 0, cause)
        for said, path, cause in (
            (
                '{"level":30,"msg":"action finished","success":false,"error":"Failed to fetch clients"}',
                "/",
                "server-actions",
            ),
            ('{"success":false,"error":"Failed to load workspaces"}', "/", "server-actions"),
            ('{"level":"info","msg":"done","err":"Could not load conversations: x is undefined"}', READ, "list-route"),
        )
    ),
    *(
        Case(f"no failure in a field: {said}", _said(said, path, level="info"))
        for said, path in (
            ('{"level":30,"msg":"ok","lastError":"Failed to fetch clients"}', "/"),
            ('{"level":30,"msg":"trying again","error":"Failed to fetch clients, retrying"}', "/"),
            ('{"level":30,"msg":"action finished","success":false,"error":"Email is invalid"}', "/"),
            ('{"level":30,"msg":"done","error":"Failed to fetch clients"}', CRON),
        )
    ),
)
NOTHING_INSTEAD = (
    *(
        Case(f"an empty answer: {said}", _said(said, READ), "roll-back", 0, "list-route")
        for said in (
            "[inbox] listConversations: the access check failed, returning an empty list",
            "getConversations error, returning []",
            "conversations: refused by policy, answering with no results",
        )
    ),
    *(
        Case(f"no empty answer: {said}", _said(said, READ))
        for said in (
            "[slack] channels: fetch failed, returning an empty list",
            "[inbox] tags failed, returning no tags",
            "[cache] conversations: lookup failed, returning a stale list",
        )
    ),
)
SIGN_INS = (
    *(
        Case(
            f"sign-ins fail, in a line of {level}: {said}",
            _sign_ins(said, path=path, method=method, level=level),
            "unproven",
            warns=path,
        )
        for said, path, method, level in (
            ("Failed to sign in: [AuthApiError: Email logins are disabled] { status: 422 }", LOGIN, "POST", "warning"),
            ('{"level":"info","msg":"Failed to sign in: signup is disabled"}', LOGIN, "POST", "info"),
            ("[auth] exchangeCodeForSession failed: AuthPKCEGrantCodeExchangeError: x", CALLBACK, "GET", "warning"),
            ("signInWithPassword error: email_provider_disabled", LOGIN, "POST", "info"),
        )
    ),
    Case(
        "passwords are wrong, in a warning",
        _sign_ins("Failed to sign in: [AuthApiError: Invalid login credentials]"),
        warns=OTHERS,
    ),
    Case("a third of the sign-ins fail", _sign_ins("Failed to sign in: x", well=60), warns=OTHERS),
    Case("what is tried again", _sign_ins("Failed to sign in: fetch failed, retrying")),
    Case("another page says so", _sign_ins("Failed to sign in: x", path="/team", method="POST")),
    Case("sign-ins that say so succeeded", _sign_ins("signed in successfully", level="error"), warns=OTHERS),
    Case(
        "sign-ins that say so did not",
        _sign_ins("sign-in completed: success=false", level="error"),
        "unproven",
        warns=LOGIN,
    ),
)
SETTINGS = (
    *(
        Case(f"a warning of what is required: {said}", _said(said, path), "fix-environment", 0, "environment")
        for said, path in (
            ("[drafts] OPENAI_API_KEY is not set; drafts are disabled", "/"),
            ('{"level":"warn","msg":"DATABASE_URL is missing"}', READ),
            ("[cron] CRON_SECRET is not configured", CRON),
        )
    ),
    *(
        Case(f"a warning of what is not: {said}", _said(said, level=level))
        for said, level in (
            ("SENTRY_AUTH_TOKEN is not set", "warning"),
            ("[acme] customer's OPENAI_API_KEY is invalid", "warning"),
            ('ticket 12 subject: "OPENAI_API_KEY is not set"', "warning"),
            ("OPENAI_API_KEY is not set", "info"),
        )
    ),
)
UNREACHABLE = (
    *(
        Case(f"no database: {said}", _said(said, level="error", status=status), "hold", unique, "database")
        for status, unique in ((200, 0), (500, 1))
        for said in (
            f"Error: getaddrinfo EBUSY {POOLER}",
            f"Error: queryA ETIMEOUT {POOLER}",
            "Error: x { cause: { kind: 'SocketTimeout' } }",
            '{"level":"error","msg":"load","cause":{"kind":"TooManyConnections"}}',
        )
    ),
    *(
        Case(f"another trouble: {said}", _said(said, level="error"), warns=OTHERS)
        for said in (
            "Error: getaddrinfo EBUSY api.openai.com",
            "Error: queryA ETIMEOUT lead-website.com",
            "Error: x { cause: { kind: 'UniqueConstraintViolation' } }",
        )
    ),
)


def _files(status: int, *, also: int = 0, path: str = "/_next/static/chunks/9f3c2ab1.js") -> list[Sent]:
    """The pages' files are answered so; `also`: so many others are served."""
    missing = [Sent(14 * at, "GET", path, status, source="static") for at in range(40)]
    served = healthy(also, method="GET", path="/_next/static/chunks/7d1e0c44.js")
    return [*INBOX, *healthy(30, method="GET", path="/"), *missing, *served]


FILES = (
    Case("no file of the build is there", _files(404), "unproven", warns="none of 40 requests for files of the build"),
    Case("no file of the build may be read", _files(403), "unproven", warns="files of the build"),
    Case("tabs of before the deploy ask for their files", _files(404, also=5)),
    Case("files of the build are as they were", _files(304)),
    Case("robots ask for files that no build has", _files(404, path="/wp-content/a.js")),
)
CASES = (
    *ROUTES,
    *FILES,
    *FIELDS,
    *NOTHING_INSTEAD,
    *SIGN_INS,
    *SETTINGS,
    *UNREACHABLE,
    Case("pages that ask for nothing any more", _opened(early=20, late=24, used=700), "unproven"),
    Case("pages of which few still ask", _opened(early=12, late=40, used=1215), "unproven"),
    Case("pages that ask as before", _opened(early=20, late=24)),
    Case("pages that only a monitor asks for at last", _opened(early=24, late=20, used=700)),
    Case("people left", _opened(early=24, late=9, used=700)),
)
