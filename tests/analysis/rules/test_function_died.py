"""Functions that die without an answer."""

from __future__ import annotations

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import before, failures, findings, warnings
from tests.logs.rows import Sent, healthy


def test_five_percent_of_the_inbox_requests_fail_the_deployment() -> None:
    died = [Sent(n * 30, "POST", "/", -1) for n in range(3)]
    assert failures(findings([*healthy(40), *died])) == [(Cause.FUNCTION_DIED, Recommendation.ROLL_BACK)]
    assert failures(findings([*healthy(60), *died])) == []


def test_outside_the_inbox_it_is_a_warning() -> None:
    found = findings([*healthy(40), *(Sent(n * 30, "GET", "/api/cron/followups", -1) for n in range(9))])
    assert failures(found) == []
    assert any("died in 9 requests outside the inbox" in one for one in warnings(found, LogSubject.ROUTES))


def test_what_died_before_too_is_said() -> None:
    died = [Sent(n * 30, "POST", "/", -1) for n in range(3)]
    fault, *_ = findings([*healthy(40), *died], baseline=before([*healthy(40), *died]))
    assert fault.sentence.endswith("; all of this existed before (dpl_before), a rollback does not remove it")
