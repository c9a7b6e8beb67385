"""The threshold: many different Server Action errors, or one that is widespread."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.undecidable import undecidable
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import CODE, RUNBOOK, before, evidence, failures, findings, warnings
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


NAMES = ("Anna", "Ben", "Cem", "Dora")


def about(name: str, at: float) -> Sent:
    return throws(f"the tag {name} is not known here", at)


def test_four_variants_of_one_text_are_not_decided_and_both_counts_are_said() -> None:
    given = evidence([*healthy(96), *(about(name, 60) for name in NAMES)])
    found = ordered.findings(given)
    assert failures(found) == []
    [doubt] = undecidable(given, found)
    assert doubt.startswith("4 unique Server Action errors (more than 3 are too many), or 1 if variants of one text")
    assert "4 variants: Error: the tag ‹text› is not known here" in doubt
    assert warnings(found, LogSubject.ERRORS)[0].endswith(
        "4 unique, 1 if variants of one text are one error (3 allowed)"
    )


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param((7, 40, 55, 58, 66, 67), [CODE], id="over a minute"),
        pytest.param((7, 8, 55, 58, 65, 66.9), [], id="in less than a minute"),
        pytest.param((7, 40, 67, 68), [], id="too few requests"),
    ],
)
def test_four_variants_fail_if_they_are_widespread_as_one(times: tuple[float, ...], expected: list[object]) -> None:
    errors = [about(NAMES[at % 4], time) for at, time in enumerate(times)]
    given = evidence([*healthy(100 - len(errors)), *errors])
    found = ordered.findings(given)
    assert failures(found) == expected
    assert len(undecidable(given, found)) == (not expected)


def test_four_variants_and_three_other_errors_fail_either_way() -> None:
    errors = [*(about(name, 60) for name in NAMES), *(throws(word, 90) for word in "ABC")]
    assert failures(findings([*healthy(96), *errors])) == [CODE]


def test_four_variants_that_together_fail_half_of_the_requests_fail_either_way() -> None:
    errors = [about(name, 60 + 30 * at) for at in range(4) for name in NAMES]
    assert failures(findings([*healthy(10), *errors])) == [CODE]


def test_three_variants_are_below_the_threshold_whatever_they_are() -> None:
    given = evidence([*healthy(96), *(about(name, 60) for name in NAMES[:3])])
    assert undecidable(given, ordered.findings(given)) == []


def test_variants_on_two_routes_are_different_errors() -> None:
    errors = [throws(f"the tag {name} is not known here", 60, path=f"/{'ab'[at % 2]}") for at, name in enumerate(NAMES)]
    assert failures(findings([*healthy(96), *errors])) == [CODE]


def test_where_as_many_are_left_as_are_allowed_it_is_not_decided_either() -> None:
    given = evidence([*healthy(96), *(about(name, 60) for name in NAMES), *(throws(word, 90) for word in "AB")])
    found = ordered.findings(given)
    assert failures(found) == []
    [doubt] = undecidable(given, found)
    assert doubt.startswith("6 unique Server Action errors (more than 3 are too many), or 3 if variants of one text")
    assert doubt.endswith("one error: 4 variants: Error: the tag ‹text› is not known here")


def test_two_variants_are_named_where_one_of_them_shows_an_instance() -> None:
    names = ("Anna", "5f0c1d2e-7a4b-4c3d-9e8f-0a1b2c3d4e5f")
    given = evidence([*healthy(96), *(about(name, 60) for name in names), throws("A", 90), throws("B", 90)])
    [doubt] = undecidable(given, ordered.findings(given))
    assert doubt.endswith("one error: 2 variants: Error: the tag ‹text› is not known here")


def test_one_failed_request_of_one_is_all_of_them() -> None:
    threshold = replace(RUNBOOK.threshold, flood_requests=1, flood_share=1.0)
    assert failures(findings([throws("A", 60)], replace(RUNBOOK, threshold=threshold))) == [CODE]
