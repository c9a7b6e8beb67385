"""Inbox reads and pages fail the deployment by their share; other routes are a warning."""

from __future__ import annotations

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import OUTAGE, UNREACHABLE, failures, findings, warnings
from tests.logs.rows import Sent, healthy


def test_five_percent_of_the_inbox_reads_fail_the_deployment() -> None:
    reads = [*healthy(40, method="GET", path="/api/inbox/counts")]
    failing = [Sent(n * 30, "GET", "/api/inbox/conversations", 500) for n in range(3)]
    assert failures(findings([*reads, *failing])) == [(Cause.LIST_ROUTE, Recommendation.ROLL_BACK)]
    assert failures(findings([*reads, *failing[:2]])) == []


def test_five_percent_of_the_pages_fail_the_deployment() -> None:
    failing = [Sent(n * 30, "GET", "/settings", 500) for n in range(3)]
    found = findings([*healthy(40, method="GET", path="/settings"), *failing])
    assert failures(found) == [(Cause.SERVER, Recommendation.ROLL_BACK)]


def test_reads_that_fail_for_the_database_are_the_databases_fault() -> None:
    failing = [Sent(n * 30, "GET", "/api/inbox/counts", 500, " ⨯ " + UNREACHABLE) for n in range(20)]
    assert failures(findings(failing)) == [OUTAGE, OUTAGE]


def test_other_routes_are_a_warning_however_often_they_fail() -> None:
    failing = [Sent(n / 20, "GET", "/api/cron/followups", 500, "Error: nope") for n in range(5000)]
    found = findings([*healthy(50), *failing])
    assert failures(found) == []
    [warning] = warnings(found, LogSubject.ROUTES)
    assert warning.startswith("5000 requests outside the inbox failed with 5xx: GET /api/cron/followups")
