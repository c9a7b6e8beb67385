"""Error lines that no signal explains."""

from __future__ import annotations

from postdeploy.analysis.findings import LogSubject
from tests.analysis.rules.judging import before, failures, findings, warnings
from tests.logs.rows import Sent, healthy


def test_a_new_pattern_is_a_warning_and_a_known_one_is_not() -> None:
    sent = [*healthy(9), Sent(3, message="Error: never seen before")]
    assert failures(findings(sent)) == []
    [warning] = warnings(findings(sent), LogSubject.PATTERNS)
    assert warning.startswith("1 error pattern that no signal explains, in 1 request: Error: never seen before")
    assert warnings(findings(sent, baseline=before(sent)), LogSubject.PATTERNS) == []
