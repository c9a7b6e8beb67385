"""Inbox reads and pages fail the deployment by their share; other routes are a warning."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation, Severity
from tests.analysis.rules.judging import CODE, OUTAGE, UNREACHABLE, before, failures, findings, warnings
from tests.logs.rows import Sent, healthy


def test_five_percent_of_the_inbox_reads_fail_the_deployment() -> None:
    reads = [*healthy(40, method="GET", path="/api/inbox/counts")]
    failing = [Sent(n * 30, "GET", "/api/inbox/conversations", 500, "Error: nope") for n in range(3)]
    assert failures(findings([*reads, *failing])) == [(Cause.LIST_ROUTE, Recommendation.ROLL_BACK)]
    assert failures(findings([*reads, *failing[:2]])) == []


def test_five_percent_of_the_pages_fail_the_deployment() -> None:
    failing = [Sent(n * 30, "GET", "/settings", 500, " ⨯ Error: nope") for n in range(3)]
    found = findings([*healthy(40, method="GET", path="/settings"), *failing])
    assert failures(found) == [(Cause.SERVER, Recommendation.ROLL_BACK)]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("path", ["/api/inbox/conversations", "/settings"])
def test_without_a_message_and_a_baseline_nothing_says_that_a_rollback_helps(path: str, status: int) -> None:
    silent = [Sent(n / 6, "GET", path, status) for n in range(58)]
    assert [one for _, one in failures(findings(silent))] == [Recommendation.INVESTIGATE]
    assert [one for _, one in failures(findings(silent, baseline=before(healthy(100))))] == [Recommendation.ROLL_BACK]
    one_speaks = [*silent, Sent(9, "GET", path, status, "Error: nope")]
    assert [one for _, one in failures(findings(one_speaks))] == [Recommendation.ROLL_BACK]


@pytest.mark.parametrize(
    ("status", "cause", "says"),
    [
        (500, Cause.LIST_ROUTE, "no message says why"),
        (503, Cause.LIST_ROUTE, "a feature flag that is off, or a wall in front of the app"),
        (504, Cause.FUNCTION_DIED, "ran into its time limit"),
    ],
)
def test_the_status_of_silent_failures_says_what_to_look_for(status: int, cause: Cause, says: str) -> None:
    silent = [Sent(n / 6, "GET", "/api/inbox/conversations", status) for n in range(58)]
    [found] = [one for one in findings(silent) if one.severity is Severity.FAIL]
    assert (found.cause, says in found.sentence) == (cause, True)
    assert found.sentence.startswith("58 inbox read requests of 58 failed with 5xx; not compared")
    mixed = [*silent, Sent(11, "GET", "/api/inbox/conversations", 500)]
    assert failures(findings(mixed)) == [(Cause.LIST_ROUTE, Recommendation.INVESTIGATE)]


def test_silent_server_actions_over_the_threshold_are_still_rolled_back() -> None:
    assert failures(findings([Sent(20 * n, status=500) for n in range(18)])) == [CODE]


def test_reads_that_fail_for_the_database_are_the_databases_fault() -> None:
    failing = [Sent(n * 30, "GET", "/api/inbox/counts", 500, " ⨯ " + UNREACHABLE) for n in range(20)]
    assert failures(findings(failing)) == [OUTAGE, OUTAGE]


def test_other_routes_are_a_warning_however_often_they_fail() -> None:
    failing = [Sent(n / 20, "GET", "/api/cron/followups", 500, "Error: nope") for n in range(5000)]
    found = findings([*healthy(50), *failing])
    assert failures(found) == []
    [warning] = warnings(found, LogSubject.ROUTES)
    assert warning.startswith("5000 requests outside the inbox failed with 5xx: GET /api/cron/followups")


@pytest.mark.parametrize(
    ("status", "message", "cause"),
    [
        pytest.param(504, "Vercel Runtime Timeout Error: Task timed out after 60 seconds", Cause.FUNCTION_DIED, id="a line says so"),
        pytest.param(-1, "Error: nope", Cause.FUNCTION_DIED, id="the status says so"),
        pytest.param(500, "Error: nope", Cause.LIST_ROUTE, id="neither does"),
    ],
)  # fmt: skip
def test_that_the_function_of_reads_died_is_known_by_a_line_or_by_their_status(
    status: int, message: str, cause: Cause
) -> None:
    failing = [Sent(30 * at, "GET", "/api/inbox/conversations", status, message) for at in range(20)]
    [about] = [one for one in findings(failing) if "inbox read request" in one.sentence]
    assert about.cause is cause


def test_of_other_routes_it_is_said_what_failed_before_too() -> None:
    failing = [Sent(n / 20, "GET", "/api/cron/followups", 500, "Error: nope") for n in range(5)]
    found = findings([*healthy(50), *failing], baseline=before([*healthy(50), *failing]))
    [warning] = warnings(found, LogSubject.ROUTES)
    assert "; all of this existed before (dpl_before), a rollback does not remove it" in warning
