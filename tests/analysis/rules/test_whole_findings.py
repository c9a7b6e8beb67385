"""What each rule says in full: subject, severity, cause, recommendation, the requests that it rests on, and its sentence."""

from __future__ import annotations

import msgspec
import pytest
from _pytest.mark.structures import ParameterSet

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.tables import Runbook
from tests.analysis.rules.judging import CODE, ENVIRONMENT, OUTAGE, RUNBOOK, UNREACHABLE, findings
from tests.analysis.rules.test_known_noise import knowing
from tests.analysis.rules.test_origins import REFUSED as ORIGIN
from tests.analysis.rules.test_own_signals import QUOTA
from tests.analysis.rules.test_schema import MISSING
from tests.analysis.rules.test_sessions import BARE, REFUSED
from tests.logs.rows import Sent, healthy, throws

CRON, READ, PAGE = "/api/cron/followups", "/api/inbox/conversations", "/settings"
NOT_COMPARED = "; not compared with the deployment before"
NEITHER = (None, None)
Said = tuple[LogSubject, Severity, Cause | None, Recommendation | None, int, str]


def said(sent: list[Sent], runbook: Runbook = RUNBOOK) -> list[Said]:
    return [
        (
            one.subject,
            one.severity,
            one.cause,
            one.recommendation,
            sum(of.requests for of in one.incidents),
            one.sentence,
        )
        for one in findings(sent, runbook)
    ]


def failing(*at: float, path: str = READ, status: int = 500, message: str = "Error: nope") -> list[Sent]:
    return [Sent(one, "GET", path, status, message) for one in at]


def over_quota(at: float) -> Sent:
    return Sent(at, "GET", "/api/x", message="Error: insufficient_quota", level="info")


READS = list(healthy(40, method="GET", path="/api/inbox/counts"))
ACTIONS = list(healthy(40))
OWN = msgspec.structs.replace(RUNBOOK, signal=(QUOTA,))


def row(sent: list[Sent], runbook: Runbook, *expected: object, about: str) -> ParameterSet:
    """`expected`: subject, severity, cause and recommendation, requests, sentence."""
    return pytest.param(sent, runbook, expected, id=about)


@pytest.mark.parametrize(
    ("sent", "runbook", "expected"),
    [
        row(
            [*healthy(96), *(throws(word, 60) for word in "ABCD")], RUNBOOK, LogSubject.ERRORS, Severity.FAIL, CODE, 4,
            "4 unique Server Action errors within the first 10 minutes (more than 3 are too many)" + NOT_COMPARED, about="four errors",
        ),
        row(
            [*healthy(97), *(throws(word, 60) for word in "ABC")], RUNBOOK, LogSubject.ERRORS, Severity.WARN, NEITHER, 3,
            "3 Server Action requests of 100 failed, 3 unique (3 allowed)", about="three errors",
        ),
        row(
            [*healthy(10), *(throws("A", 60 + at / 10) for at in range(10))], RUNBOOK, LogSubject.ERRORS, Severity.FAIL, CODE, 10,
            "one error fails 10 of 20 Server Action requests (50%)" + NOT_COMPARED, about="a flood",
        ),
        row(
            [*healthy(188), *(throws("A", 60 + 10 * at) for at in range(12))], RUNBOOK, LogSubject.ERRORS, Severity.FAIL, CODE, 12,
            "one error fails 12 of 200 Server Action requests (6%) over 110 s" + NOT_COMPARED, about="a widespread error",
        ),
        row(
            [*healthy(20), *(Sent(100 * at, message=UNREACHABLE, status=500) for at in range(1, 6))], RUNBOOK,
            LogSubject.DATABASE, Severity.FAIL, OUTAGE, 5,
            "the database was unreachable for 5 requests of 25 over 400 s" + NOT_COMPARED, about="the database",
        ),
        row(
            [*ACTIONS, *failing(100, 200, path=CRON, message=UNREACHABLE)], RUNBOOK, LogSubject.DATABASE, Severity.WARN, NEITHER, 2,
            "the database was unreachable for 2 requests of 42 over 100 s", about="the database, for cron routes",
        ),
        row(
            [*ACTIONS, *(Sent(at, message="error: canceling statement due to statement timeout") for at in (1, 2, 3))], RUNBOOK,
            LogSubject.DATABASE, Severity.WARN, NEITHER, 3,
            "the database was slow for 3 requests of 43: statements or transactions timed out", about="a slow database",
        ),
        row(
            [*ACTIONS, Sent(9, message="Error: [prisma] DATABASE_URL is not set")], RUNBOOK,
            LogSubject.CONFIGURATION, Severity.FAIL, ENVIRONMENT, 1,
            "an environment variable is missing, malformed or refused: 1 request" + NOT_COMPARED, about="a variable",
        ),
        row(
            [*ACTIONS, *failing(9, 10, message=MISSING), *failing(11, path=CRON, message=MISSING)], RUNBOOK,
            LogSubject.SCHEMA, Severity.FAIL, (Cause.SCHEMA, Recommendation.FIX_FORWARD), 2,
            "the database lacks a table or column that the inbox asks for: 2 requests" + NOT_COMPARED, about="the schema",
        ),
        row(
            [*ACTIONS, *failing(9, 10, message=MISSING), *failing(11, path=CRON, message=MISSING)], RUNBOOK,
            LogSubject.SCHEMA, Severity.WARN, NEITHER, 1,
            "the database lacks a table or column, outside the inbox: 1 request", about="the schema, for cron routes",
        ),
        row(
            [*ACTIONS, *(Sent(at, message=ORIGIN) for at in (1, 2, 3))], RUNBOOK, LogSubject.ORIGINS, Severity.FAIL, ENVIRONMENT, 3,
            "Server Actions refuse an origin (SERVER_ACTIONS_ALLOWED_ORIGINS): 3 requests" + NOT_COMPARED, about="the origin",
        ),
        row(
            [*ACTIONS, *(Sent(at, message=ORIGIN) for at in (1, 2))], RUNBOOK, LogSubject.ORIGINS, Severity.WARN, NEITHER, 2,
            "Server Actions refuse an origin (SERVER_ACTIONS_ALLOWED_ORIGINS): 2 requests", about="the origin, twice",
        ),
        row(
            [*READS, *failing(0, 30, 60)], RUNBOOK, LogSubject.ROUTES, Severity.FAIL, (Cause.LIST_ROUTE, Recommendation.ROLL_BACK), 3,
            "3 inbox read requests of 43 failed with 5xx" + NOT_COMPARED, about="reads",
        ),
        row(
            [*READS, *failing(0, 30)], RUNBOOK, LogSubject.ROUTES, Severity.WARN, NEITHER, 2,
            "2 inbox read requests of 42 failed with 5xx" + NOT_COMPARED, about="few reads",
        ),
        row(
            [*healthy(40, method="GET", path=PAGE), *failing(0, 30, 60, path=PAGE, message=" ⨯ Error: nope")], RUNBOOK,
            LogSubject.ROUTES, Severity.FAIL, (Cause.SERVER, Recommendation.ROLL_BACK), 3,
            "3 page requests of 43 failed with 5xx" + NOT_COMPARED, about="pages",
        ),
        row(
            [*ACTIONS, *failing(1, 2, path=CRON), *failing(5, path="/api/y")], RUNBOOK, LogSubject.ROUTES, Severity.WARN, NEITHER, 3,
            "3 requests outside the inbox failed with 5xx: GET /api/cron/followups; GET /api/y" + NOT_COMPARED, about="other routes",
        ),
        row(
            [*ACTIONS, *(Sent(30 * at, status=-1) for at in range(3))], RUNBOOK, LogSubject.ROUTES, Severity.FAIL,
            (Cause.FUNCTION_DIED, Recommendation.ROLL_BACK), 3,
            "the function died in 3 requests of 43" + NOT_COMPARED, about="functions that die",
        ),
        row(
            [*healthy(60), *(Sent(30 * at, status=-1) for at in range(3))], RUNBOOK, LogSubject.ROUTES, Severity.WARN, NEITHER, 3,
            "the function died in 3 requests of 63", about="few functions that die",
        ),
        row(
            [*ACTIONS, *failing(1, 2, path=CRON, status=-1, message="")], RUNBOOK, LogSubject.ROUTES, Severity.WARN, NEITHER, 2,
            "the function died in 2 requests outside the inbox: GET /api/cron/followups", about="functions of cron routes that die",
        ),
        row(
            [*healthy(9), *(over_quota(at) for at in (1, 2))], OWN,
            LogSubject.OWN, Severity.FAIL, (Cause.LOG_PATTERN, Recommendation.HOLD), 2,
            "the quota is used up: 2 requests" + NOT_COMPARED, about="a signal of the app's own",
        ),
        row(
            [*healthy(9), over_quota(1)], OWN, LogSubject.OWN, Severity.WARN, NEITHER, 1,
            "the quota is used up: 1 request", about="a signal of the app's own, once",
        ),
        row(
            [*healthy(9), *(Sent(at, message=f"Error: {text}") for at, text in ((3, "never seen"), (4, "nor this"), (5, "nor this")))],
            RUNBOOK, LogSubject.PATTERNS, Severity.WARN, NEITHER, 3,
            "2 error patterns that no signal explains, in 3 requests: Error: nor this; Error: never seen" + NOT_COMPARED,
            about="other errors",
        ),
        row(
            [*healthy(97), *(throws("Gamma", 60 + at) for at in range(2))], knowing(at_most=2),
            LogSubject.PATTERNS, Severity.NOTE, NEITHER, 2,
            "known noise, 2 requests: Gamma (a plug-in; web, until 2027-01-01)", about="just as much noise as is known",
        ),
        row(
            [*healthy(97), *(throws("Gamma", 60 + at) for at in range(3))], knowing(at_most=2),
            LogSubject.PATTERNS, Severity.WARN, NEITHER, 3,
            "more than the 2 that are known, so all of them count: known noise, 3 requests: Gamma (a plug-in; web, until 2027-01-01)",
            about="more noise than is known",
        ),
        row(
            [*healthy(9), *(Sent(at, message="[Read API] disabled { route: 'x' }") for at in (3, 4))], RUNBOOK,
            LogSubject.LINES, Severity.WARN, NEITHER, 2,
            "the read API is switched off by its feature flag: 2 requests", about="a line that is worth a warning",
        ),
        row(
            [*healthy(99), *(Sent(7 * at, message=REFUSED) for at in range(6)),
             *(Sent(7 * at + 1, "GET", "/api/x", message=BARE) for at in range(2))], RUNBOOK,
            LogSubject.SESSIONS, Severity.WARN, NEITHER, 6,
            "2 × “Not authenticated” near a call that was aborted, of a service that the log does not name: latency or an auth regression,"
            " which is not decided", about="refusals that are not decided",
        ),
        row(
            [*healthy(99), *(Sent(7 * at, message=REFUSED) for at in range(6)),
             *(Sent(7 * at + 1, "GET", "/api/x", message=BARE) for at in range(2))], RUNBOOK,
            LogSubject.SESSIONS, Severity.WARN, NEITHER, 6,
            "“Not authenticated” without a slow auth service near it: 4 requests (nothing to compare with)", about="the other refusals",
        ),
    ],
)  # fmt: skip
def test_a_rule_says_all_of_it(sent: list[Sent], runbook: Runbook, expected: tuple[object, ...]) -> None:
    subject, severity, called_for, requests, sentence = expected
    assert isinstance(called_for, tuple)
    assert (subject, severity, *called_for, requests, sentence) in said(sent, runbook)
