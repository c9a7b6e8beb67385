"""Sessions fail a deployment only above the rate of before, and a slow auth service explains refusals near it."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.analysis.baseline import compared
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.model import Cause, Recommendation, Severity
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


REJECTED = "AuthApiError: Invalid Refresh Token: Not Found"


@pytest.mark.parametrize(
    ("baseline", "severity", "end"),
    [
        pytest.param([], Severity.WARN, "sessions were rejected: 8 requests (nothing to compare with)", id="none"),
        pytest.param(
            [Sent(60 * n, message=REJECTED) for n in range(8)],
            Severity.WARN,
            "sessions were rejected: 8 requests; 8 before (dpl_before), p = 0.6",
            id="as many",
        ),
        pytest.param(
            list(healthy(1000)),
            Severity.FAIL,
            "sessions were rejected: 8 requests; 0 before (dpl_before), p = 4.1e-09",
            id="none before",
        ),
    ],
)
def test_the_finding_says_what_it_was_compared_with(baseline: list[Sent], severity: Severity, end: str) -> None:
    sent = [*healthy(100), *(Sent(60 * n, message=REJECTED) for n in range(8))]
    compared_with = before([*healthy(100), *baseline]) if baseline else None
    [found] = [one for one in findings(sent, baseline=compared_with) if one.subject is LogSubject.SESSIONS]
    assert (found.severity, found.sentence.startswith(end)) == (severity, True), found.sentence
    assert [one.requests for one in found.incidents] == [8]


@pytest.mark.parametrize("refusals", [0, 3])
def test_a_slow_auth_service_is_said_with_its_requests(refusals: int) -> None:
    aborted, refused = Sent(300, message=ABORTED), [Sent(300 + n, message=REFUSED) for n in range(refusals)]
    [found] = [one for one in findings([*healthy(40), aborted, *refused]) if one.subject is LogSubject.SESSIONS]
    near = f"; {refusals} × “Not authenticated” near it: latency, not an auth regression" if refusals else ""
    assert found.sentence == f"the auth service was slow for 1 request{near}"
    assert sum(one.requests for one in found.incidents) == 1 + refusals


def test_a_slow_auth_service_is_not_said_of_refusals_far_away() -> None:
    refused = [Sent(500 + n, message=REFUSED) for n in range(3)]
    [slow, far] = [
        one
        for one in findings([*healthy(40), Sent(100, message=ABORTED), *refused])
        if one.subject is LogSubject.SESSIONS
    ]
    assert slow.sentence == "the auth service was slow for 1 request"
    assert [sum(each.requests for each in one.incidents) for one in (slow, far)] == [1, 3]


@pytest.mark.parametrize(
    ("message", "path"),
    [pytest.param(ABORTED, "/", id="named"), pytest.param(BARE, "/api/x", id="of an unnamed service")],
)
def test_a_refusal_is_explained_by_the_last_of_many_slow_answers(message: str, path: str) -> None:
    aborts = [Sent(at, message=message, path=path) for at in (50, 150, 250, 400)]
    found = findings([*healthy(40), *aborts, Sent(260, message=REFUSED)])
    assert any("1 × “Not authenticated” near" in one for one in warnings(found, LogSubject.SESSIONS))
    assert not any("without a slow auth service" in one for one in warnings(found, LogSubject.SESSIONS))
