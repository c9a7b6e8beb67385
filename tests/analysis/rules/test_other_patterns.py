"""Error lines that no signal explains."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.undecidable import undecidable
from tests.analysis.rules.judging import before, evidence, failures, findings, warnings
from tests.logs.rows import Sent, healthy


def test_a_new_pattern_is_a_warning_and_a_known_one_is_not() -> None:
    sent = [*healthy(9), Sent(3, message="Error: never seen before")]
    assert failures(findings(sent)) == []
    [warning] = warnings(findings(sent), LogSubject.PATTERNS)
    assert warning.startswith("1 error pattern that no signal explains, in 1 request: Error: never seen before")
    assert warnings(findings(sent, baseline=before(sent)), LogSubject.PATTERNS) == []


READ, ACTION = ("GET", "/api/inbox/conversations"), ("POST", "/")


def doubts(*sent: Sent) -> list[str]:
    return undecidable(evidence(sent), findings(sent))


@pytest.mark.parametrize("part", [READ, ACTION])
def test_where_nearly_all_write_one_their_status_proves_nothing(part: tuple[str, str]) -> None:
    wrote = [Sent(10 * at, *part, 200, "Error fetching what people see: boom") for at in range(45)]
    [doubt] = doubts(*wrote, *(Sent(10 * at + 5, *part) for at in range(4)))
    assert doubt.startswith("45 of 49 ")
    assert doubts(*wrote, *(Sent(10 * at + 5, *part) for at in range(9))) == []
    assert doubts(*wrote[:9]) == []
    assert doubts(*wrote, Sent(595, *part, own=True)) == []


def test_what_was_there_before_leaves_no_doubt() -> None:
    wrote = [Sent(10 * at, *READ, 200, "Error fetching what people see: boom") for at in range(45)]
    known = findings(wrote, baseline=before(wrote))
    assert undecidable(evidence(wrote, baseline=before(wrote)), known) == []
