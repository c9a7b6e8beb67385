"""What error lines mean whose request went well: each kind of line that means no trouble, next to those that do."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.analysis import mentions
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import Signal
from postdeploy.runbook.reading import read_runbook
from tests.analysis.test_signal_reader import read
from tests.logs.rows import TODAY

CRON, READ = "/api/cron/sync", "/api/inbox/conversations"
OUT = "Can't reach database server at db:5432"
OF_PEOPLE = [("/", "POST"), (READ, "GET"), ("/api/leads", "GET")]
TROUBLES = {
    Signal.DATABASE_UNREACHABLE,
    Signal.DATABASE_MISCONFIGURED,
    Signal.SCHEMA_DRIFT,
    Signal.SESSION_REJECTED,
    Signal.NOT_AUTHENTICATED,
    Signal.INBOX_ERROR,
}


def troubles(line: str, *, status: int = 200, path: str = CRON, method: str = "GET", level: str = "error") -> set[str]:
    return read(line, path=path, method=method, status=status, level=level) & TROUBLES


@pytest.mark.parametrize(
    "line",
    [
        "[zoom] 401 Invalid JWT",
        "[aircall] Invalid refresh token",
        "Slack: not_authenticated",
        "Salesloft OAuth: invalid refresh token for user 12",
        "[mcp] session_not_found",
        "salesforce: session_expired",
        "gmail of workspace 12: invalid refresh token",
        "[unipile] account 12: Not authenticated",
        "account 12: Not authenticated",
        "[calendar] Not authenticated (provider: google)",
        "[unipile] Not authenticated (account 12)",
        "Not authenticated (provider: unipile)",
        "Not authenticated (integration 12)",
        "Not authenticated: reconnect your mailbox",
        "Not authenticated, please sign in to Zoom to reconnect",
        'Slack: not_authenticated {"channel":"alerts"}',
        "getProfile(linkedin): Not authenticated",
        "GoHighLevel: Invalid refresh token for workspace 12",
    ],
)
@pytest.mark.parametrize(("path", "method"), [(CRON, "GET"), ("/api/webhooks/ghl", "POST"), *OF_PEOPLE])
def test_another_services_session_is_none_of_ours(line: str, path: str, method: str) -> None:
    assert not troubles(line, path=path, method=method)


@pytest.mark.parametrize("line", ["sync: Not authenticated", "[custom-crm] session_expired", "Invalid refresh token"])
def test_a_cron_has_no_session_of_a_person(line: str) -> None:
    assert not troubles(line)


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Failed to fetch clients from the database: Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Failed to fetch workspace 12: Not authenticated", Signal.NOT_AUTHENTICATED),
        ("Failed to fetch clients: { errorClass: 'not_authenticated' }", Signal.NOT_AUTHENTICATED),
        # Whose session it is stands before it, or behind `for`: what stands in brackets behind is how they signed in, and what they look at
        ("getClients: Not authenticated (account 8f3a12)", Signal.NOT_AUTHENTICATED),
        ("Not authenticated (provider: google)", Signal.NOT_AUTHENTICATED),
        ("Not authenticated, please sign in again to reconnect", Signal.NOT_AUTHENTICATED),
        ("Not authenticated. Log in to continue", Signal.NOT_AUTHENTICATED),
        ('Not authenticated {"channel":"slack"}', Signal.NOT_AUTHENTICATED),
        ('{"msg":"Not authenticated","channel":"slack"}', Signal.NOT_AUTHENTICATED),
        ("Not authenticated { tab: 'linkedin' }", Signal.NOT_AUTHENTICATED),
        ("getInbox(linkedin): Not authenticated", Signal.NOT_AUTHENTICATED),
        ("loadConversations('slack', 12): Invalid Refresh Token", Signal.SESSION_REJECTED),
        ("Invalid Refresh Token", Signal.SESSION_REJECTED),
        ("[auth] invalid JWT", Signal.SESSION_REJECTED),
        ("AuthApiError: Invalid Refresh Token: Refresh Token Not Found", Signal.SESSION_REJECTED),
    ],
)
@pytest.mark.parametrize(("path", "method"), OF_PEOPLE)
def test_a_session_of_ours_is_refused(line: str, signal: Signal, path: str, method: str) -> None:
    assert signal in troubles(line, path=path, method=method)


@pytest.mark.parametrize(
    "line", ["AuthApiError: Invalid Refresh Token: Already Used", "middleware: getUser failed: invalid JWT"]
)
def test_the_auth_client_says_so_on_any_route(line: str) -> None:
    assert Signal.SESSION_REJECTED in troubles(line)


@pytest.mark.parametrize(
    "line",
    [
        "[next-auth] NEXTAUTH_URL is not set, using VERCEL_URL instead",
        "SLACK_BOT_TOKEN missing; Slack alerts off",
        "No STRIPE_SECRET_KEY, billing disabled",
        "INTERCOM_SECRET is not set. Chat widget will be hidden",
        "Env var FOO_KEY not set (optional)",
        "DD_API_KEY is missing",
        "RESEND_API_KEY not set. Emails will not be sent",
        "MAPBOX_TOKEN is not defined, hiding map",
        "Customer 12: TWILIO_AUTH_TOKEN is missing",
        'workspace "Blue Sky": OPENAI_API_KEY is not set',
        "OPENAI_API_KEY is not set for workspace 12",
        "Tenant globex: HUBSPOT_API_KEY is missing",
        "Team acme has no SLACK_BOT_TOKEN",
        "Error: LIST_ID is missing",
        "CAMPAIGN_TYPE_ID is invalid",
        "[acme] customer's OPENAI_API_KEY is invalid",
        "user-provided OPENAI_API_KEY is missing",
        "tenants\u2019 own OPENAI_API_KEY is invalid",
        "workspace acme has no OPENAI_API_KEY configured",
        "workspace acme lacks OPENAI_API_KEY",
        "CLEARBIT_API_KEY is not set, skipping enrichment of lead 5",
        "INVITE_TOKEN is missing for lead 5",
        "EXTERNAL_KEY is missing for contact 3",
        "DEAL_ID is not set for deal 12",
        "WEBHOOK_SECRET is missing in payload",
        'csv import {"missing":["EXTERNAL_KEY"]}',
        "template field: missing: [ 'FIRST_KEY' ]",
        '{"level":50,"msg":"lead import","missing":["FIRST_NAME","EMAIL"]}',
        '{"level":50,"msg":"check","missing":[],"set":["OPENAI_API_KEY"]}',
    ],
)
def test_a_setting_that_is_not_needed(line: str) -> None:
    assert not troubles(line)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Error: RESEND_API_KEY is not set", 200),
        ("STRIPE_WEBHOOK_SECRET is not set, accepting all webhooks", 200),
        ("JWT_SECRET is not set, signature verification is disabled", 200),
        ("SUPABASE_SERVICE_ROLE_KEY is missing, falling back to anon key", 200),
        ("DATABASE_URL is not set, skipping", 200),
        ("OpenAI client: OPENAI_API_KEY is missing", 200),
        ("account service: OPENAI_API_KEY is not set", 200),
        ("workspace sync aborted: DATABASE_URL is missing", 200),
        ("POSTHOG_KEY is not set", 500),
        ("SLACK_BOT_TOKEN is not set, skipping", 500),
        ("ORG_ID is missing", 500),
        ("CRON_SECRET is not set", 401),
        ("Environment variable not found: DATABASE_URL", 401),
        ('Auth query failed: password authentication failed for user "app"', 401),
        ("SUPABASE_SERVICE_ROLE_KEY is missing", 401),
        ("OPENAI_API_KEY missing for lead 12", 200),
        ("OPENAI_API_KEY is not set, no draft for message 12", 200),
        ("OPENAI_API_KEY is not set, no draft for workspace 12", 200),
        ("SMARTLEAD_API_KEY missing for lead 5", 200),
        ("the service account's OPENAI_API_KEY is missing", 200),
        ("OpenAI client's OPENAI_API_KEY is missing", 200),
        ("workspace sync: the app has no OPENAI_API_KEY", 200),
        ("workspace 12: the server has no OPENAI_API_KEY", 200),
        ("OPENAI_API_KEY is missing on the server for workspace 12", 200),
        ("the app lacks CRON_SECRET", 200),
        ('{"level":50,"msg":"config invalid","missing":["OPENAI_API_KEY"]}', 200),
        ("config invalid { missing: [ 'LOG_LEVEL', 'OPENAI_API_KEY' ] }", 200),
        ('{"level":50,"msg":"start","missingEnv":["DATABASE_URL"]}', 200),
        ("startup failed missing=DATABASE_URL", 200),
        ("[cron] CRON_SECRET is empty", 401),
        ("[cron] server has no CRON_SECRET configured", 401),
        ("[cron] no CRON_SECRET configured", 401),
        ("refused: WORKSPACE_PROVISIONING_SECRET is empty", 403),
        ("the deployment has no WORKSPACE_PROVISIONING_SECRET", 403),
        ("CRON_SECRET is missing on this server", 401),
        ("no WEBHOOK_SECRET in process.env", 400),
        ("[calendly] missing CALENDLY_SIGNING_KEY in environment", 400),
        ("SLACK_SIGNING_SECRET is required", 401),
        ("OPENAI_API_KEY is missing", 400),
        ("RESEND_API_KEY is missing", 400),
    ],
)
def test_a_setting_that_is_needed(line: str, status: int) -> None:
    assert Signal.DATABASE_MISCONFIGURED in troubles(line, status=status)


@pytest.mark.parametrize(
    "line",
    [
        "env check ok: DATABASE_URL is set, DIRECT_URL is set",
        "OPENAI_API_KEY is configured",
        "SUPABASE_SERVICE_ROLE_KEY has been set",
        "CRON_SECRET is set and not empty",
        "All required environment variables are set",
        "environment ok, missing env vars: none",
        "No missing environment variables",
        "required OPENAI_API_KEY: ok",
        "DATABASE_URL is not empty",
        "DIRECT_URL is no longer required",
        "DIRECT_URL is deprecated, DATABASE_URL must be set; ok",
        '{"level":50,"msg":"All required environment variables are set"}',
    ],
)
def test_a_setting_that_is_set(line: str) -> None:
    assert not troubles(line)


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE_URL is set, CRON_SECRET is not set",
        "env check ok: DATABASE_URL is set, but OPENAI_API_KEY is missing",
        "Not all required environment variables are set",
        "OPENAI_API_KEY is set to an empty string",
        "OPENAI_API_KEY is set incorrectly",
        "DATABASE_URL has to be set",
        "OPENAI_API_KEY set: false",
        "CRON_SECRET is never set",
        "CRON_SECRET is not set; ok",
        "CRON_SECRET is not set, retry succeeded",
        "missing env: no DATABASE_URL",
        'all required environment variables are set but password authentication failed for user "app"',
        'startup check: "OPENAI_API_KEY is not set"',
        "[boot] startup: 'DATABASE_URL is not set'",
        'config check: "DATABASE_URL is not set"',
        "reason: 'DATABASE_URL is not set'",
    ],
)
def test_a_setting_that_is_not_set_after_all(line: str) -> None:
    assert Signal.DATABASE_MISCONFIGURED in troubles(line)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    "line",
    [
        "CRON_SECRET missing in Authorization header",
        "missing X_API_KEY",
        "WEBHOOK_SECRET is invalid",
        "missing CRON_SECRET header",
        "supplied CRON_SECRET is not valid",
        "provided WEBHOOK_SECRET is empty",
        "caller sent an empty CRON_SECRET",
        "WEBHOOK_SECRET header is empty",
        "CRON_SECRET does not match",
        "request lacks CRON_SECRET",
        "request to the server has no CRON_SECRET header",
        "x-cron-secret missing",
        "signature does not match SLACK_SIGNING_SECRET",
        "OPENAI_API_KEY is invalid",
        "user-provided OPENAI_API_KEY is missing",
        "the workspace has no OPENAI_API_KEY configured",
    ],
)
def test_what_an_outsider_lacks(line: str, status: int) -> None:
    assert not troubles(line, status=status)


MENTIONED = [
    'lesson "connect ECONNREFUSED 10.0.0.5:5432 explained" opened',
    f'email subject: "P1001: {OUT}"',
    f'article saved {{\n  title: "How to fix P1001: {OUT}",\n}}',
    'slack message: "password authentication failed for user app"',
    'user asked: "why is DATABASE_URL is not set shown?"',
    'issue #12 "relation leads does not exist" was synced',
    "commit 4f2c1a9: connection terminated unexpectedly is handled",
    "release notes: fixed too many connections for role",
    "database is back: recovered after P1001",
    f"Reconnected after 2 attempts: {OUT}",
    "database connection re-established after P1001",
    "customer's Postgres: connect ECONNREFUSED 1.2.3.4:5432",
    'external database of workspace 12: password authentication failed for user "ro"',
    # In any quotation marks
    "search 'password authentication failed for user' returned nothing",
    "user searched `DATABASE_URL is not set`",
    f"article indexed: 'How to fix P1001: {OUT}'",
    "indexed ('Connection terminated unexpectedly') in 3 ms",
    "{ keyword: 'password authentication failed for user x' }",
    '{"level":50,"msg":"search \\"DATABASE_URL is not set\\" returned nothing"}',
    # A person's own words
    "ticket 12 subject: password authentication failed for user postgres",
    'reply classified as question: why do I get password authentication failed for user "x"',
    "lead 12 asked: why is DATABASE_URL is not set shown",
    "[inbox] message 8 subject: Connection terminated unexpectedly",
    # It is over
    "[prisma] P1001 on attempt 1; attempt 2 ok",
    "[db] P1001, retried, fine now",
    "[db] P1001 (retried) - ok",
    "[prisma] P1001 then ok",
    "[db] retried P1001: success",
    "db hiccup P1001, but request succeeded",
    "[db] P1001 on first query, works again",
    "[db] connection is up again after P1001",
    "database is back: P1001 gone",
    '{"level":50,"msg":"retry succeeded after P1001","attempt":2}',
    '{"level":50,"msg":"database is back after P1001"}',
    '{"level":50,"msg":"transient P1001 of prisma","recovered":true}',
    f'{{"level":50,"message":"reconnected after 2 attempts","err":{{"code":"P1001","message":"{OUT}"}}}}',
]


@pytest.mark.parametrize("line", MENTIONED)
def test_a_trouble_that_is_only_mentioned(line: str) -> None:
    assert not troubles(line)


@pytest.mark.parametrize(
    "line",
    [
        OUT,
        f'sync failed with "{OUT}"',
        f'Error: "{OUT}"',
        f'reason: "{OUT}"',
        f'message: "{OUT}"',
        f'msg="{OUT}"',
        f'[db] "{OUT}"',
        f'{{"level":50,"msg":"{OUT}"}}',
        f"[search] {OUT}",
        f"reading leads: {OUT}",
        f"docs sync failed: {OUT}",
        f"prompt could not be loaded: {OUT}",
        f"commit of the transaction failed: {OUT}",
        f"customer database sync failed: {OUT}",
        f"[db] not recovered: {OUT}",
        f"[db] retry 2 did not work: {OUT}",
        f"connection could not be restored: {OUT}",
        f"we haven\u2019t recovered: {OUT}",
        "never recovered after P1001 of the database",
        f'sync of "Blue Sky" failed: {OUT}',
        f"retry succeeded for 3 leads, 9 leads failed: {OUT}",
        f"[db] query A succeeded after 2 retries; query B failed: {OUT}",
        f"attempt succeeded for 0 of 12 leads: {OUT}",
        f"recovered from cache because {OUT}",
        "loading account's database rows: PrismaClientKnownRequestError: Can't reach database server at x:5432",
        f"self-test: {OUT}",
        f'load done {{\n  message: "{OUT}",\n}}',
        f'[12:00:00] ERROR: load done\n    err: {{\n      "message": "{OUT}"\n    }}',
        f'load done {{\n    detail: "{OUT}"\n}}',
        f'load done\n    "msg": "{OUT}"',
        f"sync failed: '{OUT}'",
        f"'{OUT}'",
        f"[ '{OUT}' ]",
        f"[db] '{OUT}'",
        f"couldn't load 'Blue Sky': {OUT}",
        f"the leads' database: {OUT} (the leads' own)",
        f"Sync finished {{ ok: false, last: '{OUT}' }}",
        f"done\n  last: '{OUT}'",
        f'health check: "{OUT}"',
        f'{{"level":50,"msg":"sync failed: \\"{OUT}\\""}}',
        f"ticket 12 subject lookup: {OUT}",
        f"message 8 subject could not be saved: {OUT}",
        f"lead 12 asked: why\n[db] {OUT}",
        "[db] retry 2 failed after P1001",
        "[db] P1001 again, attempt 3 failed",
        "[db] P1001, attempt 2 not ok",
        "[db] attempt 1 ok; attempt 2: P1001",
        "[db] P1001\nauth, ok",
        "[db] retry worked once, then P1001",
        "[db] retried without success: P1001",
        "[db] P1001, then fine, but P1001 again",
        "caught 'Connection terminated unexpectedly'",
        "got 'Connection terminated unexpectedly' from the pool",
        f"[health] db: {OUT}, auth: ok",
        "auth works again; prisma P1001",
        "[db] P1001 is not gone",
        "[db] stopped working again: P1001",
        "[db] P1001: is the database reachable again?",
        "waiting until the database is back: P1001",
        "[db] when the pool is available again, retry: P1001",
        "[db] P1001: will be fine again when the pool is back",
        '{"level":50,"msg":"[db] retry 2 failed after P1001"}',
        '{"level":50,"msg":"[db] P1001","recovered":false}',
        '{"level":50,"msg":"[db] retry succeeded after P1001","failed":9}',
        '{"level":50,"msg":"[db] retry succeeded after P1001","status":"failed"}',
        f'{{"level":50,"msg":"batch done","results":[{{"msg":"retry succeeded"}},{{"error":"{OUT}"}}]}}',
    ],
)
def test_a_trouble_that_the_app_has(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in troubles(line)


def test_an_error_with_a_stack_mentions_nothing() -> None:
    line = f'release notes: "{OUT}"\n    at query (/var/task/1.js:1:1)'
    assert mentions.without(line) is line


@pytest.mark.parametrize(
    "line",
    [
        "Failed to fetch the next conversations: boom",
        "Failed to load conversation 12: boom",
        "Failed to get inbox counts: boom",
        "Failed to fetch messages for lead 12: boom",
        "Failed to get current user: boom",
        "Failed to query the inbox",
        "Failed to fetch conversations page 2: boom",
        "Failed to do what it does: {\n  debugId: 'a',",
        '{"level":50,"time":1,"msg":"Failed to fetch conversations","err":{"type":"TypeError","message":"x"}}',
        '{"level":"error","message":"Failed to fetch conversations with cursor: boom","errorClass":"db_error"}',
        'level=error msg="Failed to fetch conversations" err="TypeError: x"',
        "[inbox] Failed to fetch conversations: boom",
        "2026-12-01T12:00:00.000Z [ERROR] Failed to fetch conversations: boom",
        "[12:00:00.123] ERROR (17): Failed to fetch conversations: boom",
        "\x1b[31m❌ Failed to fetch conversations: boom\x1b[0m",
        "failed to load the inbox: boom",
        "Error fetching conversations: TypeError: e.map is not a function",
        "An unexpected error occurred while loading the inbox",
        "[inbox] error getting unread counts: boom",
        "Could not load conversations: boom",
        "Couldn't load messages for lead 12: boom",
        "Unable to fetch conversations: boom",
        "loading the conversations failed: boom",
        "Conversations could not be loaded",
        "[inbox] conversation query failed: boom",
        "getConversations failed TypeError: e.map is not a function",
        "[getConversations] TypeError: e.map is not a function",
        "fetchInboxThreads() threw: boom",
        "getClientsWithCursor: error: boom",
        "Error in getUnreadCounts: boom",
        "GET /api/inbox/conversations failed: boom",
        "[GET /api/inbox/counts] error: boom",
        '{"level":50,"msg":"getConversations failed","err":{"type":"TypeError","message":"x"}}',
        'level=error msg="Unable to load conversations" err="TypeError: x"',
    ],
)
@pytest.mark.parametrize("level", ["error", "warning", "info"])
def test_the_inbox_says_that_it_failed(line: str, level: str) -> None:
    assert Signal.INBOX_ERROR in troubles(line, path=READ, level=level)


@pytest.mark.parametrize(
    "line",
    [
        "Failed to mark conversation as read: boom",
        "Failed to update lead with Clearbit: 404",
        "Failed to fetch avatar of lead 12: 404",
        "Failed to fetch link preview for message 12: 404",
        "Failed to get feature flags: timeout",
        "Failed to cache conversations: boom",
        '{"level":50,"msg":"Failed to flush events","err":{"type":"TypeError","message":"x"}}',
        "[inbox] Failed to fetch avatar of lead 12: 404",
        "the client shows: Failed to fetch conversations: boom",
        "Failed to refresh CRM token: boom",
        "Error fetching avatar of lead 12: 404",
        "Error caching conversations: boom",
        "Could not load the link preview of message 12: 404",
        "Could not find messages of thread 12",
        "Unable to flush events: boom",
        "getLeadAvatar failed: 404",
        "fetchMessagePreview failed: 404",
        "getSession failed: no session",
        "getConversations error: null",
        "message failed: undelivered",
        "the client shows: getConversations failed",
    ],
)
def test_a_read_of_the_inbox_fails_to_do_something_else(line: str) -> None:
    assert not troubles(line, path=READ)


def test_a_server_action_fails_to_do_what_it_is_for() -> None:
    assert Signal.INBOX_ERROR in read("Failed to send message: boom")
    assert Signal.INBOX_ERROR in read("Error sending message: boom")
    assert Signal.INBOX_ERROR in read("Could not save draft 12: boom")
    assert Signal.INBOX_ERROR in read("archiveThread failed: boom")
    assert Signal.INBOX_ERROR not in read("Failed to flush events: boom")
    assert Signal.INBOX_ERROR not in read("Could not send analytics event: boom")


@pytest.mark.parametrize("level", ["warning", "info"])
@pytest.mark.parametrize(
    "line",
    [
        "Failed to fetch conversations: timed out, retrying (attempt 2)",
        "getConversations failed, using the cached list",
        "loading messages failed over to the replica",
    ],
)
def test_below_an_error_a_retry_is_no_failure(level: str, line: str) -> None:
    assert not troubles(line, path=READ, level=level)
    assert Signal.INBOX_ERROR in troubles(line, path=READ)


@pytest.mark.parametrize(
    "line",
    [
        f"Failed to fetch conversations after 3 retries: {OUT}",
        "Failed to fetch conversations: boom (attempt 3 of 3, giving up)",
        "Failed to fetch conversations: boom (will not retry)",
        "Failed to fetch conversations, falling back to an empty list: boom",
        "Failed to fetch conversations. Please try again",
    ],
)
def test_a_retry_that_is_given_up_is_one_at_every_level(line: str) -> None:
    assert Signal.INBOX_ERROR in troubles(line, path=READ, level="warning")


@pytest.mark.parametrize(
    "line",
    [
        "[db] retry succeeded after P1001",
        "POSTHOG_API_KEY is not set; analytics are disabled",
        'search "DATABASE_URL is not set" returned 0 results',
    ],
)
def test_a_low_line_next_to_what_failed_says_no_more_than_elsewhere(line: str) -> None:
    assert not troubles(line, status=500, level="info")
    assert Signal.DATABASE_UNREACHABLE in troubles(OUT, status=500, level="info")


@pytest.mark.parametrize(
    "line",
    [
        f'{{"level":"warn","msg":"{OUT}"}}',
        f'{{"level":30,"msg":"{OUT}"}}',
        f'{{"level":"30","msg":"{OUT}"}}',
        f'{{"level":"info","msg":"{OUT}","cut of',
        f'level=warn msg="{OUT}"',
        f"[warn] {OUT}",
        f"[INFO] {OUT}",
        f"2026-12-01 10:00:00 WARN {OUT}",
    ],
)
def test_a_lines_own_level_counts_where_its_request_went_well(line: str) -> None:
    assert not read(line, path=CRON, method="GET")
    assert Signal.DATABASE_UNREACHABLE in troubles(line, status=500)


@pytest.mark.parametrize("level", ["error", "info"])
@pytest.mark.parametrize(
    "line",
    [
        f'{{"level":"error","msg":"{OUT}"}}',
        f'{{"level":"50","msg":"{OUT}"}}',
        f"[error] {OUT}",
        f'{{"level":"warn","log":{{"level":"error"}},"msg":"{OUT}"}}',
    ],
)
def test_the_worst_of_its_levels_counts(line: str, level: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in troubles(line, level=level)


@pytest.mark.parametrize(
    "line",
    [f'{{"level":"unknown","msg":"{OUT}"}}', f'{{"user":{{"level":"info"}},"msg":"{OUT}"}}', f"[sync] warn: {OUT}"],
)
def test_a_level_of_something_else_changes_nothing(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in troubles(line)


AT = "Can't reach database server at `db.abc.supabase.co:5432`"


@pytest.mark.parametrize(
    "line",
    [
        f"prompt too long: cut to 8000 characters; then {AT}",
        f"smoke checks passed: 5; failed: 1 ({AT})",
        f"help article search: {AT}",
        f"blog post index: PrismaClientKnownRequestError: {AT}",
        f"release v2.3.1: {AT}",
        f"commit 4f2c1a2: startup check: {AT}",
        f"deployed 4f2c1a2 to production: first query: {AT}",
        "deployed 4f2c1a2: connect ECONNREFUSED 10.0.0.5:5432",
        "release v2: error: terminating connection due to administrator command",
        f"[release] commit 4f2c1a2: P1001: {AT}. Please make sure your database server is running at `x`.",
        f"commit 4f2c1a2: warming up\n{AT}",
    ],
)
def test_a_drivers_sentence_behind_a_deed_of_the_app_is_its_error(line: str) -> None:
    assert Signal.DATABASE_UNREACHABLE in troubles(line)


@pytest.mark.parametrize(
    "line",
    [
        f'release v2: "{AT}"',
        f"commit 4f2c1a2: fix {AT}",
        f"commit 4f2c1a2: fix(search): {AT}",
        f"release v2.3.1: {AT} is handled",
        f"release notes: {AT}",
        f"help article: {AT}",
        f"blog post: {AT}",
        f"prompt truncated: {AT}",
        f"prompt too long: my ticket: {AT}",
        f"completion cut: Since Monday we read {AT}",
        "selftest ok: expected error: password authentication failed for user x",
        f"smoke check passed: says so: {AT}",
    ],
)
def test_a_text_that_a_line_is_about_is_none(line: str) -> None:
    assert not troubles(line)


@pytest.mark.parametrize(
    "path",
    [
        "/api/webhooks/settings",
        "/api/webhooks",
        "/api/webhooks/12",
        "/api/tasks",
        "/api/jobs/list",
        "/api/inbox/hooks",
        "/api/queue/status",
        "/api/workspaces/12/webhooks",
        "/api/google/events",
        "/api/slack/callback",
    ],
)
def test_a_path_is_peoples_though_a_word_of_it_is_a_machines(path: str) -> None:
    assert Signal.NOT_AUTHENTICATED in troubles("Not authenticated", path=path, method="POST", status=401)


@pytest.mark.parametrize(
    "path",
    [
        "/api/cron/sync",
        "/api/internal/cron/x",
        "/api/webhooks/calendly/12",
        "/api/webhooks/email",
        "/api/webhook",
        "/api/slack/events",
        "/api/billing/stripe/webhook",
        "/api/integrations/hubspot/webhooks",
        "/api/inngest",
        "/api/jobs/run",
        "/api/v1/queue/drafts/process",
        "/api/hooks/unipile",
    ],
)
def test_a_path_is_a_machines(path: str) -> None:
    assert not troubles("Not authenticated", path=path, method="POST", status=401)


def test_a_path_is_a_machines_where_the_platform_calls_it() -> None:
    def means(path: str, *routes: str) -> set[str]:
        runbook = read_runbook()
        logs = msgspec.structs.replace(runbook.logs, routes=routes)
        reader = SignalReader(msgspec.structs.replace(runbook, logs=logs), TODAY)
        meaning = reader.message("Not authenticated", "error", reader.route("GET", path), 401)
        return set(meaning.signals) & TROUBLES if meaning else set()

    nightly = "/api/tasks/nightly"
    assert means(nightly, "handler /api/tasks/nightly") == {Signal.NOT_AUTHENTICATED}
    assert not means(nightly, "cron /api/tasks/nightly")
    assert not means(nightly, "handler /api/tasks/nightly", "cron /api/tasks/nightly")
    assert means("/api/tasks", "cron /api/tasks/nightly") == {Signal.NOT_AUTHENTICATED}
