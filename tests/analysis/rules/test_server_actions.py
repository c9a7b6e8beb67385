"""The threshold: many different Server Action errors, or one that is widespread."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import CODE, before, failures, findings, warnings
from tests.logs.rows import Sent, healthy, rows, tallied, throws

SKEW = 'Error: Failed to find Server Action "7f3a". This request might be from an older or newer deployment.'


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param([*healthy(100)], [], id="healthy"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABC")], [], id="three unique"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABCD")], [CODE], id="four unique"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABC"), throws("D", 601)], [], id="the fourth at 10:01"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABC"), throws("D", 599)], [CODE], id="the fourth at 9:59"),
        pytest.param([throws("A", 20 * n) for n in range(18)], [CODE], id="18 of 18 with one cause"),
        pytest.param([*healthy(188), *(throws("A", 60 + n) for n in range(12))], [], id="12 of 200 in one burst"),
        pytest.param([*healthy(188), *(throws("A", 60 + 10 * n) for n in range(12))], [CODE], id="12 of 200 over two minutes"),
        pytest.param([*healthy(18), throws("A", 1), throws("A", 300)], [], id="2 of 20"),
        pytest.param([*healthy(50), *(Sent(n, status=404, message=SKEW) for n in range(40))], [], id="version skew"),
        pytest.param(
            [*healthy(50), *(Sent(n, status=500, message=SKEW) for n in range(40))], [], id="version skew that answers 500"
        ),
    ],
)  # fmt: skip
def test_more_than_three_or_one_widespread_error_fails(sent: list[Sent], expected: list[object]) -> None:
    assert failures(findings(sent)) == expected


def test_errors_below_the_threshold_are_a_warning_with_the_numbers() -> None:
    found = findings([*healthy(97), *(throws(w, 60) for w in "ABC")])
    assert warnings(found, LogSubject.ERRORS) == ["3 Server Action requests of 100 failed, 3 unique (3 allowed)"]


def test_errors_that_existed_before_are_not_removed_by_a_rollback() -> None:
    errors = [throws(w, 60) for w in "ABCD"]
    known = (Cause.SERVER_ACTIONS, Recommendation.INVESTIGATE)
    assert failures(findings(errors, baseline=before(errors))) == [known]
    assert failures(findings(errors, baseline=before(errors[:3]))) == [CODE]


def test_an_error_has_the_same_fingerprint_in_another_build() -> None:
    now = " ⨯ [le [AuthApiError]: no such user 17 at 10.0.0.1\n    at x (/var/task/.next/server/chunks/12.js:1:9)\n  digest: '1'"
    then = " ⨯ [aa [AuthApiError]: no such user 4 at 10.9.0.1\n    at y (/var/task/.next/server/chunks/7.js:5:1)\n  digest: '2'"
    one, other = (tallied(rows([Sent(1, status=500, message=m)])).incidents[0].fingerprint for m in (now, then))
    assert one == other
