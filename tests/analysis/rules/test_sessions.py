"""Sessions fail a deployment only above the rate of before, and a slow auth service explains refusals near it."""

from __future__ import annotations

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import before, failures, findings, warnings
from tests.logs.rows import Sent, healthy

REFUSED = (
    "Failed to fetch clients: { debugId: 'b3e1c7a0-1111-4222-8333-123456789abc', errorClass: 'not_authenticated' }"
    " Error: Not authenticated"
)
ABORTED = "AbortError: This operation was aborted\n    at node:internal/deps/undici/undici:1:2"
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
