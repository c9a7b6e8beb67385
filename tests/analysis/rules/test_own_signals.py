"""The app's own signals."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.log_tables import OwnSignal
from tests.analysis.rules.judging import RUNBOOK, before, failures, findings
from tests.logs.rows import Sent, healthy

QUOTA = OwnSignal("quota", "insufficient_quota", "the quota is used up", "fail", 2, "hold")


@pytest.mark.parametrize(
    ("requests", "severity", "expected"),
    [
        pytest.param(2, "fail", [(Cause.LOG_PATTERN, Recommendation.HOLD)], id="enough"),
        pytest.param(1, "fail", [], id="too few"),
        pytest.param(2, "warn", [], id="only a warning"),
    ],
)
def test_it_fails_the_deployment_as_the_runbook_says(requests: int, severity: str, expected: list[object]) -> None:
    runbook = msgspec.structs.replace(RUNBOOK, signal=(msgspec.structs.replace(QUOTA, severity=severity),))
    lines = [Sent(n, "GET", "/api/x", message="Error: insufficient_quota", level="info") for n in range(requests)]
    found = findings([*healthy(9), *lines], runbook)
    assert failures(found) == expected
    assert any(one.sentence.startswith("the quota is used up") for one in found)


def test_a_signal_that_does_not_come_hides_none_behind_it() -> None:
    other = msgspec.structs.replace(QUOTA, name="other", pattern="never_said")
    runbook = msgspec.structs.replace(RUNBOOK, signal=(other, QUOTA))
    lines = [Sent(n, "GET", "/api/x", message="Error: insufficient_quota", level="info") for n in range(2)]
    found = findings([*healthy(9), *lines], runbook, baseline=before(lines))
    [failure] = [one for one in found if one.severity is Severity.FAIL]
    assert failure.sentence.startswith("the quota is used up: 2 requests")
    assert failure.sentence != "the quota is used up: 2 requests", "whether it is new is said"
