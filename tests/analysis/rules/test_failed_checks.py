"""What the server wrote about a request of our own that failed a check says why it failed, however few users met it."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.entry import LogEntry
from postdeploy.model import Cause, Recommendation, Severity
from tests.analysis.test_logbook import reported
from tests.logs.rows import DEPLOYED

AT = DEPLOYED + 60_000
SETTING = "⨯ Error: [prisma] DATABASE_URL is not set\n    at a (b.js:1:1) {\n  digest: '683785291'\n}"
SCHEMA = (
    "PrismaClientKnownRequestError: The column `Lead.mood` does not exist in the current database. { code: 'P2022' }"
)
DATABASE = "PrismaClientInitializationError: Can't reach database server at `db:5432` { code: 'P1001' }"


def row(message: str, *, request_id: str | None = "ours", status: int | None = 500, at: int = AT) -> LogEntry:
    return LogEntry(
        at, message, "error" if message else "info", "POST", "/", status, request_id, deployment_id="dpl_now"
    )


def sent(*, failed: bool = True, request_id: str | None = "ours", status: int = 500, at: float = AT) -> SuiteRequest:
    return SuiteRequest(request_id, "POST", "/", status, at, failed)


def read(at: float) -> SuiteRequest:
    """The inbox's list, read with success."""
    return SuiteRequest("read", "GET", "/api/inbox/conversations", 200, at)


def failing(report: LogReport) -> list[tuple[Cause | None, Recommendation | None]]:
    return [(one.cause, one.recommendation) for one in report.findings if one.severity is Severity.FAIL]


@pytest.mark.parametrize(
    ("message", "cause", "called_for"),
    [
        (SETTING, Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT),
        (SCHEMA, Cause.SCHEMA, Recommendation.FIX_FORWARD),
        (DATABASE, Cause.DATABASE, Recommendation.HOLD),
    ],
)
def test_one_line_that_names_the_reason_is_enough(message: str, cause: Cause, called_for: Recommendation) -> None:
    assert failing(reported([row(message)], suite=(sent(),))) == [(cause, called_for)]


def test_what_users_met_too_is_said_once() -> None:
    rows = [row(SETTING), row(SETTING, request_id="of a user", at=AT + 9_000)]
    assert failing(reported(rows, suite=(sent(),))) == [(Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT)]


def test_another_reason_that_users_met_is_said_besides() -> None:
    rows = [row(SETTING), row(SCHEMA, request_id="of a user", at=AT + 9_000)]
    assert failing(reported(rows, suite=(sent(),))) == [
        (Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT),
        (Cause.SCHEMA, Recommendation.FIX_FORWARD),
    ]


def test_the_finding_names_its_subject_the_requests_and_what_was_logged() -> None:
    [found] = [one for one in reported([row(SETTING)], suite=(sent(),)).findings if one.severity is Severity.FAIL]
    assert (found.subject, len(found.lines)) == (LogSubject.CONFIGURATION, 1)
    assert found.sentence == (
        "an environment variable is missing, malformed or refused: logged for 1 request of this run's own, which failed a check"
    )


def test_a_read_of_the_same_moment_does_not_end_an_outage() -> None:
    assert failing(reported([row(DATABASE)], suite=(sent(), read(AT)))) == [(Cause.DATABASE, Recommendation.HOLD)]


def test_what_no_check_failed_of_fails_nothing() -> None:
    """A retry that succeeded, or a request after the check: the inbox can be used."""
    assert failing(reported([row(SETTING)], suite=(sent(failed=False),))) == []


def test_a_line_that_names_no_reason_fails_nothing_by_itself() -> None:
    assert failing(reported([row("⨯ TypeError: x is undefined")], suite=(sent(),))) == []


def test_a_database_that_was_read_since_is_not_out_any_more() -> None:
    assert failing(reported([row(DATABASE)], suite=(sent(), read(AT + 5_000)))) == []
    assert failing(reported([row(DATABASE)], suite=(sent(), read(AT - 5_000)))) != []


def test_a_row_without_an_id_is_known_by_place_status_and_time() -> None:
    unnamed = row(SETTING, request_id=None, at=AT + 1_500)
    assert failing(reported([unnamed], suite=(sent(request_id=None),))) == [
        (Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT)
    ]


def test_a_log_that_lacks_the_failed_requests_proves_nothing() -> None:
    report = reported([row("", request_id="another", at=AT + 30_000, status=200)], suite=(sent(), sent(request_id="b")))
    assert not report.proof.proven
    assert "2 of 2 requests that failed a check are not in it" in report.proof.missing


def test_a_request_that_the_log_shows_without_a_message_is_no_doubt() -> None:
    assert reported([row("")], suite=(sent(), read(AT))).proof.missing == ()
