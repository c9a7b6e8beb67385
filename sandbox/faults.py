"""The faults: what each one is, what a verification must decide, and how it is switched on.

Everything outside the app's code is broken for real, where it would break: the way to the database, the auth service,
the build, the environment, the edge. Faults of app code are real mistakes in it, switched by a file the app reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.address_faults import ADDRESS_FAULTS
from sandbox.auth import Condition
from sandbox.database import FOREIGN_WORKSPACE, WORKSPACES
from sandbox.fault import Decision, Fault
from sandbox.fault import in_the_app as _app
from sandbox.gateway import Closed, Silent, Slow
from sandbox.hiccup_faults import HICCUP_FAULTS
from sandbox.moment_faults import MOMENT_FAULTS
from sandbox.opening_faults import OPENING_FAULTS
from sandbox.readiness_faults import READINESS_FAULTS
from sandbox.search_faults import SEARCH_FAULTS
from sandbox.traffic_faults import TRAFFIC_FAULTS
from sandbox.unusual_faults import UNUSUAL_FAULTS

if TYPE_CHECKING:
    from sandbox.switches import Switches

BEYOND_BUDGET = 12.0
"""Seconds each exchange with the database takes longer; a request may take 10."""
POOL_TIMEOUT_MS = 500
WITHIN_BUDGET = 0.25
AUTH_TIMEOUT_MS = 500
"""How long the app waits for the auth service, where the usual 8 s would only make a test slow."""


def _logged(name: str, description: str) -> Fault:
    """A mistake in the app's code that does not show in the inbox: only the logs have it, and without traffic there are no lines."""
    return Fault(name, description, "PASS", lambda switches: switches.app(name))


def _unseen(name: str, description: str) -> Fault:
    """A mistake in the app's code with which the inbox can still be used."""
    return Fault(name, description, "PASS", lambda switches: switches.app(name))


def _lower_role(switches: Switches) -> None:
    switches.write_into_the_database(LOWER_ROLE)
    switches.app("list-empty")


def _tag(name: str, description: str, decision: Decision) -> Fault:
    """What a tag manager does to the page."""
    return Fault(name, description, decision, lambda switches: switches.tag(name))


QUOTED_ERRORS = """
    UPDATE "Lead" SET "preview" = 'Your form says: Application error. Failed to fetch clients. What now?';
    UPDATE "Message" SET "body" = 'Your form says: Application error. Failed to fetch clients. What now? ' || "body";
"""

QUOTED_SETTINGS = QUOTED_ERRORS.replace(
    "Application error. Failed to fetch clients.", "DATABASE_URL is not set. P1003."
)

LOWER_ROLE = """UPDATE "ClientMember" SET "role" = 'guest';"""

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in [
        Fault(
            "database-down-before-load",
            "the database server is stopped",
            "FAIL",
            lambda switches: switches.database(Closed()),
        ),
        Fault(
            "database-down-after-load",
            "the database server stops when the first other workspace is chosen",
            "FAIL",
            lambda switches: switches.database_when_switching(Closed()),
        ),
        Fault(
            "database-slow",
            f"every exchange with the database takes {BEYOND_BUDGET:.0f} s longer",
            "FAIL",
            lambda switches: switches.database(Slow(BEYOND_BUDGET)),
        ),
        Fault(
            "database-silent",
            "the database accepts connections and never answers",
            "FAIL",
            lambda switches: switches.database(Silent()),
        ),
        Fault(
            "database-pool-exhausted",
            f"all connections of the pool hang, and who wants one waits {POOL_TIMEOUT_MS} ms for it",
            "FAIL",
            lambda switches: switches.exhaust_pool(POOL_TIMEOUT_MS),
        ),
        Fault(
            "database-url-missing",
            "DATABASE_URL is missing at run time",
            "FAIL",
            lambda switches: switches.environment(DATABASE_URL=None),
        ),
        Fault(
            "invalid-use-server",
            'a build whose "use server" module exports something that is not a function',
            "FAIL",
            lambda switches: switches.build("invalid-use-server"),
        ),
        _app("action-throws", "one Server Action throws"),
        _app("list-route-throws", "the route that lists conversations throws"),
        _app("list-route-hangs", "the route that lists conversations never ends, and the database is up"),
        _app("messages-fail", "a conversation's messages cannot be loaded"),
        _app("server-foreign-rows", "the server answers with another workspace's conversations"),
        _app("client-foreign-cards", "the page shows another workspace's conversations"),
        Fault(
            "auth-hangs",
            "the auth service accepts requests and never answers",
            "FAIL",
            lambda switches: switches.auth(Condition.HANGING),
        ),
        Fault(
            "auth-rejects-refresh",
            "the auth service knows no refresh token any more",
            "FAIL",
            lambda switches: switches.auth(Condition.REFRESH_REJECTED),
        ),
        Fault(
            "role-lowered",
            "the smoke user's role was lowered, and its list is empty",
            "FAIL",
            _lower_role,
        ),
        Fault(
            "auth-issues-expired",
            "the auth service signs in with tokens that have expired already",
            "FAIL",
            lambda switches: switches.auth(Condition.ISSUES_EXPIRED),
        ),
        Fault(
            "auth-forgets",
            "the auth service signs in, and knows none of its own sessions",
            "FAIL",
            lambda switches: switches.auth(Condition.FORGETS),
        ),
        Fault(
            "auth-500",
            "the auth service answers 500",
            "FAIL",
            lambda switches: switches.auth(Condition.FAILING),
        ),
        _app("login-redirect-loop", "the dashboard sends to the login page and the login page back"),
        Fault(
            "chunk-missing",
            "the CDN has lost a JavaScript file of the dashboard",
            "FAIL",
            lambda switches: switches.lose_chunk(),
        ),
        _app("client-crash", "the dashboard crashes in the browser"),
        _app("endless-spinner", "the list of conversations never stops loading"),
        _app("blank-page", "the dashboard renders nothing"),
        _app("list-empty", "the server finds no conversations although there are some"),
        _app("first-conversation-fails", "the newest conversation of a workspace cannot be opened, the others can"),
        _app("other-conversation", "the server answers with another conversation than the one asked for"),
        _app("foreign-messages", "the server answers with the right conversation and another person's messages"),
        _app("list-misnamed", "the server's list names each conversation after the next one's person"),
        _unseen("counts-zero", "the counts are zero although there are conversations"),
        _app("cards-shifted", "under each card's name the page shows, and opens, the next person's conversation"),
        _app("workspace-hidden", "the page offers fewer workspaces than the server sent"),
        _app("session-not-read", "the server takes everybody for signed out"),
        Fault(
            "auth-times-out",
            f"the auth service answers later than the app waits for it ({AUTH_TIMEOUT_MS} ms)",
            "FAIL",
            lambda switches: switches.auth_times_out(AUTH_TIMEOUT_MS),
        ),
        _logged("action-throws-variously", "a Server Action throws one of nine errors, chosen by its argument"),
        _logged("error-without-debug-id", "a handled error is logged without a debugId"),
        _logged("error-names-person", "an error line holds an e-mail address and a phone number"),
        _logged("cron-fails", "a cron route answers 500"),
        _tag("cards-transparent", "the conversation cards are in the page, but they are invisible", "FAIL"),
        _tag("messages-hidden", "an opened conversation's messages arrive and are not shown", "FAIL"),
        _tag("inbox-covered", "something lies over the whole inbox", "FAIL"),
        _tag("late-banner", "two seconds after the inbox is loaded an error banner appears", "FAIL"),
        _tag("vanishing-cards", "some seconds after the inbox is loaded the conversations vanish", "FAIL"),
        _tag("reload-loop", "the page reloads itself again and again", "FAIL"),
        _tag("page-blocked", "a script of the page never ends once the inbox is there", "FAIL"),
        _tag("harmless-noise", "a cookie notice, failing analytics, chatter in the console, polling", "PASS"),
        _tag("planted-errors", "the page's errors, console and addresses hold secrets and other people's data", "PASS"),
        Fault(
            "people-quote-errors",
            "people write about errors, in the words of the app's own error texts",
            "PASS",
            lambda switches: switches.write_into_the_database(QUOTED_ERRORS),
        ),
        Fault(
            "people-quote-settings",
            "people write about a variable that is not set, in the words of the app's own errors",
            "PASS",
            lambda switches: switches.write_into_the_database(QUOTED_SETTINGS),
        ),
        Fault(
            "read-api-off",
            "the read API is switched off by its flag; the app falls back to Server Actions",
            "PASS",
            lambda switches: switches.environment(INBOX_READ_API_V1="0"),
        ),
        Fault(
            "slow-within-budget",
            f"every exchange with the database takes {WITHIN_BUDGET} s longer",
            "PASS",
            lambda switches: switches.database(Slow(WITHIN_BUDGET)),
        ),
        Fault(
            "empty-workspace",
            "the smoke user sees two full workspaces and an empty one",
            "PASS",
            lambda switches: switches.memberships(WORKSPACES[:3]),
        ),
        Fault(
            "redeployed-before-run",
            "another deployment was promoted: new build, new action ids",
            "PASS",
            lambda switches: switches.build("redeploy"),
        ),
        Fault(
            "redeploy-during-run",
            "another deployment is promoted once the inbox has been served",
            "INCONCLUSIVE",
            lambda switches: switches.build_when_served("redeploy"),
        ),
        Fault(
            "protection-wall",
            "deployment protection asks every visitor to sign in to Vercel",
            "INCONCLUSIVE",
            lambda switches: switches.protect(),
        ),
        Fault(
            "own-hosts-walled",
            "deployment protection stands before the deployments' own hosts, and not before the production domain",
            "PASS",
            lambda switches: switches.protect_own_hosts(),
        ),
        Fault(
            "schema-drift",
            "a build that asks for a column which no migration has made",
            "FAIL",
            lambda switches: switches.build("schema-drift"),
        ),
        Fault(
            "bot-challenge",
            "the edge challenges every visitor to prove that it is a browser",
            "INCONCLUSIVE",
            lambda switches: switches.challenge(),
        ),
        Fault(
            "one-workspace",
            "the smoke user sees one workspace only",
            "INCONCLUSIVE",
            lambda switches: switches.memberships(WORKSPACES[:1]),
        ),
        Fault(
            "foreign-workspaces",
            "the smoke user also sees a foreign workspace",
            "INCONCLUSIVE",
            lambda switches: switches.memberships([*WORKSPACES, FOREIGN_WORKSPACE]),
        ),
        Fault(
            "wrong-password",
            "the smoke user's password is another one, also for the auth service",
            "INCONCLUSIVE",
            lambda switches: switches.change_password(),
        ),
        Fault(
            "captcha-required",
            "the auth service requires a CAPTCHA for every sign-in",
            "INCONCLUSIVE",
            lambda switches: switches.auth(Condition.CAPTCHA_REQUIRED),
        ),
        _tag("captcha-widget", "the login page shows a CAPTCHA", "INCONCLUSIVE"),
        _tag("second-factor", "the login page asks for a second factor", "INCONCLUSIVE"),
        Fault(
            "auth-rate-limited",
            "the auth service refuses sign-ins because there were too many",
            "INCONCLUSIVE",
            lambda switches: switches.auth(Condition.RATE_LIMITED),
        ),
        *ADDRESS_FAULTS,
        *HICCUP_FAULTS,
        *MOMENT_FAULTS,
        *OPENING_FAULTS,
        *SEARCH_FAULTS,
        *TRAFFIC_FAULTS,
        *UNUSUAL_FAULTS,
        *READINESS_FAULTS,
    ]
}
"""By name, in the order of a report."""
