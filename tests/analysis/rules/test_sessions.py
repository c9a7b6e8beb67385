"""Sessions fail a deployment only above the rate of before, and a slow auth service explains refusals near it."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.analysis.baseline import compared
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import RUNBOOK, before, failures, findings, warnings
from tests.logs.rows import Sent, healthy, rows, tallied

REFUSED = (
    "Failed to fetch clients: { debugId: 'b3e1c7a0-1111-4222-8333-123456789abc', errorClass: 'not_authenticated' }"
    " Error: Not authenticated"
)
BARE = "AbortError: This operation was aborted\n    at node:internal/deps/undici/undici:1:2"
ABORTED = f"Failed in getUser: {BARE}"
REGRESSION = (Cause.AUTH_REGRESSION, Recommendation.ROLL_BACK)


def test_not_authenticated_alone_fails_above_the_rate_of_before() -> None:
    sent = [*healthy(100), *(Sent(60 * n, message=REFUSED) for n in range(8))]
    assert failures(findings(sent)) == []
    assert failures(findings(sent, baseline=before(healthy(100)))) == [REGRESSION]
    assert failures(findings(sent, baseline=before(sent))) == []


def test_the_rate_is_said_with_its_p_value() -> None:
    sent = [*healthy(100), *(Sent(60 * n, message=REFUSED) for n in range(8))]
    [sentence] = [one.sentence for one in findings(sent, baseline=before(sent)) if "without a slow" in one.sentence]
    assert sentence.endswith("8 requests; 8 before (dpl_before), p = 0.6")


def test_a_slow_auth_service_near_it_explains_not_authenticated() -> None:
    sent = [
        *healthy(40),
        *(Sent(60 * n, message=REFUSED) for n in range(6)),
        *(Sent(60 * n + 5, message=ABORTED) for n in range(6)),
    ]
    found = findings(sent, baseline=before(healthy(40)))
    assert failures(found) == []
    [warning] = warnings(found, LogSubject.SESSIONS)
    assert "6 × “Not authenticated” near it: latency" in warning


def test_one_abort_far_away_explains_nothing() -> None:
    sent = [*healthy(100), *(Sent(200 + 20 * n, message=REFUSED) for n in range(8)), Sent(1, message=ABORTED)]
    assert failures(findings(sent, baseline=before(healthy(100)))) == [REGRESSION]


def test_rejected_sessions_fail_above_the_rate_of_before() -> None:
    sent = [*healthy(100), *(Sent(60 * n, message="AuthApiError: Invalid Refresh Token: Not Found") for n in range(8))]
    rejected = (Cause.SESSION_REJECTED, Recommendation.ROLL_BACK)
    assert failures(findings(sent, baseline=before(healthy(100)))) == [rejected]
    assert failures(findings(sent)) == []


def test_slowness_of_another_service_excuses_no_refusals() -> None:
    aborts = [
        Sent(40 * n, "GET", "/api/crm", 200, "HubSpot: AbortError: This operation was aborted") for n in range(12)
    ]
    refusals = [Sent(6 * n, message=REFUSED) for n in range(80)]
    judged = findings([*healthy(100), *aborts, *refusals], baseline=before(healthy(200)))
    assert failures(judged) == [(Cause.AUTH_REGRESSION, Recommendation.ROLL_BACK)]


@pytest.mark.parametrize(
    ("refusals", "aborts", "fails"), [(6, 6, False), (6, 5, False), (12, 6, True), (80, 12, True), (80, 60, True)]
)
def test_an_abort_of_an_unnamed_service_leaves_one_refusal_undecided(
    refusals: int, aborts: int, *, fails: bool
) -> None:
    sent = [
        *healthy(200),
        *(Sent(7 * n, message=REFUSED) for n in range(refusals)),
        *(Sent(7 * n + 1, "GET", "/api/x", message=BARE) for n in range(aborts)),
    ]
    found = findings(sent, baseline=before(healthy(400)))
    assert failures(found) == ([REGRESSION] if fails else [])
    assert any(f"{aborts} × “Not authenticated” near" in one for one in warnings(found, LogSubject.SESSIONS))


def test_an_abort_and_a_refusal_in_one_request_are_a_slow_auth_service() -> None:
    refused = [Sent(60 * n, message=REFUSED).rows() for n in range(8)]
    aborted = [msgspec.structs.replace(one[1], message=BARE) for one in refused]
    traffic = [*rows(healthy(100)), *aborted, *(row for one in refused for row in one)]
    tally = compared(tallied(traffic), before(healthy(200)))
    found = ordered.findings(LogEvidence(tally=tally, first=tally, runbook=RUNBOOK, baseline=before(healthy(200))))
    assert failures(found) == []
    assert any("8 × “Not authenticated” near it: latency" in one for one in warnings(found, LogSubject.SESSIONS))
