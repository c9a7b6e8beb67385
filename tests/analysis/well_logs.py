"""Error lines of requests that went well, or that the app refused: most of them fail nothing, and each kind has those that must."""

from __future__ import annotations

from collections.abc import Iterator

from tests.analysis.misleading_logs import thrown
from tests.analysis.strange_logs import PEOPLE, READ, SPREAD, Case, line
from tests.logs.rows import Sent, healthy

CRON, HOOK, LEADS, ADMIN = "/api/cron/sync", "/api/webhooks/clay", "/api/public/leads", "/api/admin/workspaces"
OTHERS = "no signal explains"
OUT = "Can't reach database server at `db.internal`:`5432`"


def _often(said: str, path: str = CRON, *, status: int = 200, level: str = "error", method: str = "GET") -> list[Sent]:
    return [*PEOPLE, *(line(at, said, path, level=level, status=status, method=method) for at in SPREAD)]


def _once(said: str, path: str = HOOK, *, status: int = 200) -> list[Sent]:
    return [*PEOPLE, line(100, said, path, status=status)]


def _fails(said: str, says: str, cause: str, *, path: str = CRON, status: int = 200, level: str = "error") -> Case:
    return Case(f"still: {said} ({status}, {level})", _often(said, path, status=status, level=level), says, 0, cause)


GOES_ON = (
    "[posthog] POSTHOG_KEY is not set; analytics are disabled",
    "OPENAI_MODEL is not set, using default gpt-5-mini",
    "SENTRY_AUTH_TOKEN is not set. Skipping source map upload",
    "Optional env var SLACK_WEBHOOK_URL is not set",
    "[email] RESEND_API_KEY is not configured, using the console transport instead",
    "No GOOGLE_MAPS_API_KEY provided: maps are turned off",
    "REDIS_URL is not set. Falling back to an in-memory cache.",
    "AXIOM_TOKEN is missing - logs are written to stdout only",
    "Missing env var TURNSTILE_SECRET_KEY, captcha checks will be skipped",
)
OF_A_CUSTOMER = (
    "[workspace 12] SMARTLEAD_API_KEY is missing in the integration settings",
    "integration check: workspace acme has no OPENAI_API_KEY configured",
    "Tenant globex: HUBSPOT_API_KEY is missing",
    "mailbox 7: SMTP_PASSWORD is not set in the account settings",
    "Client acme: EMAILBISON_API_KEY is missing in client settings",
    "Workspace 3f2 has not set its HEYREACH_API_KEY yet: HEYREACH_API_KEY is missing",
    "[acme] customer's OPENAI_API_KEY is invalid",
    "user-provided OPENAI_API_KEY is missing",
    "workspace acme lacks OPENAI_API_KEY",
)
OUTSIDERS = (
    ("[cron] unauthorized: missing CRON_SECRET", CRON, 401),
    ("Authorization header does not match CRON_SECRET", CRON, 401),
    ("invalid INTERNAL_API_KEY", LEADS, 401),
    ("Error: API_KEY is required", LEADS, 401),
    ("forbidden: the request has no ADMIN_SECRET", ADMIN, 403),
    ("webhook refused: WEBHOOK_SECRET missing in request", HOOK, 400),
    ("[admin] rejected: WORKSPACE_PROVISIONING_SECRET is invalid", ADMIN, 403),
    ("supplied CRON_SECRET is not valid", CRON, 401),
    ("caller sent an empty CRON_SECRET", CRON, 401),
    ("signature does not match SLACK_SIGNING_SECRET", HOOK, 401),
)
FIELDS = (
    "USER_ID is missing",
    "DEAL_ID is empty",
    "INVOICE_ID is invalid",
    "event PAGE_VIEW_ID is undefined",
    "EXTERNAL_REF_ID is not set for contact 3",
    "SHIPPING_REGION is required",
    "PIPELINE_VERSION is missing",
)
MENTIONS = (
    "[db] retry succeeded after P1001",
    f"Recovered: {OUT} (attempt 1), attempt 2 succeeded",
    "connected to the database on attempt 3, after ECONNREFUSED 10.0.0.5:5432",
    'data source "CRM replica" of workspace 12: connect ECONNREFUSED db.customer.com:5432',
    'BI connector of tenant 4: the customer\'s own Postgres: password authentication failed for user "ro"',
    'indexed doc "How to fix P1001: Can\'t reach database server"',
    'support ticket 12: "we get password authentication failed for user postgres"',
    'search "DATABASE_URL is not set" returned 0 results',
    "prompt too long: ... P1001 Can't reach database server ...",
    "changelog: fixed Error: connect ECONNREFUSED to postgres",
    'release 2.1: fixed "Can\'t reach database server" on cold starts',
    'selftest ok: expected error "password authentication failed for user x" was thrown',
    'CSP report: blocked-uri https://x, script-sample "process.env.API_KEY is not defined"',
    "FAQ article “Can't reach database server” was viewed",
    'translated the subject "P1001: Can\'t reach database server" into German',
    'chat question 9: "why do I read DATABASE_URL is not set?"',
    "search 'password authentication failed for user' returned nothing",
    "ticket 12 subject: password authentication failed for user postgres",
    "[prisma] P1001 on attempt 1; attempt 2 ok",
    '{"level":"error","msg":"retry succeeded after P1001","attempt":2}',
    "env check ok: DATABASE_URL is set, DIRECT_URL is set",
    "All required environment variables are set",
)
SIDE_EFFECTS = (
    "Failed to set Next.js data cache for https://x.supabase.co/rest/v1/leads, items over 2MB can not be cached",
    "Failed to flush PostHog events: TypeError: fetch failed",
    "Failed to export spans: OTLPExporterError: Service Unavailable",
    "Failed to load avatar of lead 12: 404",
    "Failed to notify Slack: channel_not_found",
    "Failed to write cache entry: UpstashError: ERR max request size exceeded",
    "Failed to record audit event (ignored)",
    "Failed to publish analytics event: 429",
    "Failed to revalidate tag inbox",
    "Failed to report web vitals: TypeError: fetch failed",
    "Failed to warm the cache of conversations",
    "Failed to track that conversations were opened: 429",
    "Error loading avatar of lead 12: 404",
    "Could not warm the cache of conversations: 429",
    "getLeadEnrichment failed: 404",
)
OWN_FAILURES = (
    ("Failed to fetch conversations: TypeError: e.map is not a function", READ),
    (
        "Failed to fetch conversations with cursor: { debugId: 'a', errorClass: 'unknown' } TypeError: e.map is not",
        READ,
    ),
    ("Failed to get inbox counts: TypeError: e.map is not a function", "/api/inbox/counts"),
    ("Failed to load messages: TypeError: e.map is not a function", READ),
    ("Error fetching conversations: TypeError: e.map is not a function", READ),
    ("getConversations failed TypeError: e.map is not a function", READ),
    ("Could not load conversations: TypeError: e.map is not a function", READ),
    ("Unable to fetch conversations: TypeError: e.map is not a function", READ),
)
BELOW_AN_ERROR = (
    f'{{"level":"warn","msg":"retrying: {OUT}"}}',
    f'{{"level":30,"msg":"retrying: {OUT}"}}',
    f'{{"severity":"WARNING","message":"retrying: {OUT}"}}',
    f'{{"level":"40","msg":"retrying: {OUT}"}}',
    f'{{"_meta":{{"logLevelName":"WARN"}},"0":"retrying: {OUT}"}}',
    "[warn] retrying after P1001",
    f"[12:00:00.123] INFO (17): retrying: {OUT}",
    f"2026-12-01T12:00:00.000Z WARN retrying: {OUT}",
    f'level=warn msg="retry" err="{OUT}"',
    f'ts=1 level=info msg="retry" err="{OUT}"',
    "\x1b[33mWARN\x1b[39m retrying after P1001",
)


def _well() -> Iterator[Case]:
    for said in (*GOES_ON, *OF_A_CUSTOMER):
        yield Case(f"well: {said}", _often(said), warns=OTHERS)
    for said, path, status in OUTSIDERS:
        yield Case(f"refused: {said}", _often(said, path, status=status, method="POST"), warns=OTHERS)
    for said in FIELDS:
        yield Case(f"a field: {said}", _once(f"Error: {said}"), warns=OTHERS)
    for said in MENTIONS:
        yield Case(f"mentioned: {said}", _often(said), warns=OTHERS)
    for said in BELOW_AN_ERROR:
        yield Case(f"its own level: {said}", _often(said))


def _reads(said: str, path: str = READ, level: str = "error") -> list[Sent]:
    """Four of ten reads say so, and all answer 200."""
    sixty = healthy(60, method="GET", path=path)
    forty = [line(15 * at + 3, said, path, level=level, method="GET") for at in range(40)]
    return [*healthy(100), *healthy(40, method="GET", path="/"), *sixty, *forty]


CASES = (
    *_well(),
    *(Case(f"a side effect: {said}", _reads(said), warns=OTHERS) for said in SIDE_EFFECTS),
    *(
        Case(f"the inbox's own: {said} ({level})", _reads(said, path, level), "roll-back", 0, "list-route")
        for said, path in OWN_FAILURES
        for level in ("error", "warning", "info")
    ),
    *(
        Case(
            f"an outage in the inbox's words, {level}",
            _often(f"Failed to fetch clients: {OUT}", "/", level=level, method="POST"),
            "hold",
            0,
            "database",
        )
        for level in ("error", "warning", "info")
    ),
    Case(
        "the inbox tries again, below an error",
        _reads(f"Failed to fetch conversations: {OUT}, retrying (attempt 1)", level="warning"),
    ),
    # The same words where they are meant
    _fails("Error: RESEND_API_KEY is not set", "fix-environment", "environment"),
    _fails("DATABASE_URL is not set", "fix-environment", "environment"),
    _fails("DATABASE_URL is not set, falling back to localhost", "fix-environment", "environment"),
    _fails("OPENAI_API_KEY is not set, drafts are disabled", "fix-environment", "environment"),
    _fails("CRON_SECRET is not set, skipping the authorization check", "fix-environment", "environment"),
    _fails("SLACK_SIGNING_SECRET is not set, signature verification is skipped", "fix-environment", "environment"),
    _fails("sync of workspace 12 failed: DATABASE_URL is not set", "fix-environment", "environment"),
    _fails("[cron] CRON_SECRET is not set", "fix-environment", "environment", status=401),
    _fails("[cron] CRON_SECRET is empty", "fix-environment", "environment", status=401),
    _fails("[cron] server has no CRON_SECRET configured", "fix-environment", "environment", status=401),
    _fails("missing CALENDLY_SIGNING_KEY in environment", "fix-environment", "environment", path=HOOK, status=400),
    _fails("OPENAI_API_KEY is missing", "fix-environment", "environment", path="/api/drafts", status=400),
    _fails("OPENAI_API_KEY missing for lead 12", "fix-environment", "environment"),
    _fails("OPENAI_API_KEY is not set, no draft for message 7", "fix-environment", "environment"),
    _fails('{"level":50,"msg":"config invalid","missing":["OPENAI_API_KEY"]}', "fix-environment", "environment"),
    _fails("CRON_SECRET is not configured", "fix-environment", "environment", status=503),
    _fails("SLACK_BOT_TOKEN is not set, skipping", "fix-environment", "environment", status=500),
    _fails('error: password authentication failed for user "app"', "fix-environment", "environment"),
    _fails(f"sync of workspace 12 failed: {OUT}", "hold", "database"),
    _fails(f'sync failed: "{OUT}"', "hold", "database"),
    _fails(f"[db] retry 3 of 3 failed: {OUT}", "hold", "database"),
    _fails(f"could not reconnect: {OUT}", "hold", "database"),
    _fails(f"sync failed: '{OUT}'", "hold", "database"),
    _fails("[db] retry 2 failed after P1001", "hold", "database"),
    _fails("[db] retry succeeded after P1001", "hold", "database", status=500),
    _fails(f'{{"level":"error","msg":"retry succeeded, then failed: {OUT}"}}', "hold", "database"),
    _fails('startup check: "OPENAI_API_KEY is not set"', "fix-environment", "environment"),
    _fails("DATABASE_URL is set, CRON_SECRET is not set", "fix-environment", "environment"),
    _fails(f"support ticket 12 could not be saved: {OUT}", "hold", "database"),
    _fails("changelog query failed: connect ECONNREFUSED 10.0.0.5:5432", "hold", "database"),
    _fails(f"search failed: {OUT}", "hold", "database"),
    _fails(f'{{"level":"error","msg":"{OUT}"}}', "hold", "database", level="info"),
    _fails(f'{{"level":"50","msg":"{OUT}"}}', "hold", "database", level="info"),
    Case(
        "a failing request's line at its own lower level",
        [*PEOPLE, *(Sent(at, "POST", "/", 500, f'{{"level":"warn","msg":"{OUT}"}}') for at in SPREAD)],
        "hold",
        1,
        "database",
    ),
    Case(
        "a failing action whose setting is missing, though it says that it goes on",
        [
            *PEOPLE,
            *(Sent(at, "POST", "/", 500, thrown("Error: STRIPE_SECRET_KEY is not set, skipping")) for at in SPREAD),
        ],
        "fix-environment",
        1,
        "environment",
    ),
)
