"""Server Actions that refuse an origin."""

from __future__ import annotations

from postdeploy.analysis.findings import LogSubject
from tests.analysis.rules.judging import ENVIRONMENT, failures, findings, warnings
from tests.logs.rows import Sent, healthy

REFUSED = "`x-forwarded-host` header with value `a` does not match `origin` header"


def test_three_refused_origins_fail_the_deployment_and_two_are_a_warning() -> None:
    three = [*healthy(40), *(Sent(n, message=REFUSED) for n in (1, 2, 3))]
    assert failures(findings(three)) == [ENVIRONMENT]
    assert failures(findings(three[:-1])) == []
    assert len(warnings(findings(three[:-1]), LogSubject.ORIGINS)) == 1
