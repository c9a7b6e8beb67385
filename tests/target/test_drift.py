"""Answers of the address → whether the run still measures the pinned deployment; and for which one a result counts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.model import CheckResult, Deployment, Outcome
from postdeploy.target.drift import Drift, attributed, attributed_alternating
from tests.builders import result

A, B, C = (Deployment("u", f"dpl_{name}", f"build-{name}") for name in "abc")
BUILDS = {"A": A, "B": B, "C": C, "-": None, "?": Deployment("u")}
"""`-`: no answer. `?`: a page without marks."""


def after(answers: str, live: tuple[str, ...] = ()) -> Drift:
    drift = Drift(A)
    for one in answers:
        drift = drift.after(BUILDS[one], live)
    return drift


def says(drift: Drift) -> str:
    """What there is to say, and by whom."""
    found = [name for name in ("superseded", "suspected", "alternating", "stray") if getattr(drift, name)]
    return " ".join([*found, drift.other.name if found and drift.other else ""]).strip()


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param("", "", id="no answer yet"),
        pytest.param("AAAA", "", id="it serves"),
        pytest.param("AABB", "superseded dpl_b", id="another one has taken over"),
        pytest.param("AB", "suspected stray dpl_b", id="another one has answered once"),
        pytest.param("ABA", "stray dpl_b", id="one stray answer"),
        pytest.param("ABAB", "suspected alternating dpl_b", id="another one comes again"),
        pytest.param("ABABA", "alternating dpl_b", id="two answer alternately"),
        pytest.param("ABABB", "superseded dpl_b", id="alternately, until one is left"),
        pytest.param("ABC", "superseded dpl_c", id="two deploys in a row"),
        pytest.param("A--B--B", "superseded dpl_b", id="no answer says nothing"),
        pytest.param("A----", "", id="an outage is not a deploy"),
        pytest.param("AB?B", "superseded dpl_b", id="a page without marks says nothing"),
        pytest.param("AABBAA", "superseded dpl_b", id="what has been superseded stays so"),
    ],
)
def test_what_became_of_the_pinned_deployment(answers: str, expected: str) -> None:
    assert says(after(answers)) == expected


ANSWERS = st.text("ABC-?", max_size=30)


@given(ANSWERS)
def test_only_two_answers_in_a_row_end_a_run(answers: str) -> None:
    found = answers.replace("-", "").replace("?", "")
    in_a_row = any(one != "A" and two != "A" for one, two in itertools.pairwise(found))
    assert after(answers).superseded == in_a_row


@given(ANSWERS)
def test_what_says_nothing_changes_nothing(answers: str) -> None:
    assert after(answers) == after(answers.replace("-", "").replace("?", ""))


@given(ANSWERS)
def test_it_is_at_most_one_thing(answers: str) -> None:
    drift = after(answers)
    assert drift.superseded + drift.alternating + drift.stray <= 1


@given(st.text("AB-?", max_size=30))
def test_two_that_share_the_traffic_by_design_are_no_drift(answers: str) -> None:
    drift = after(answers, live=("dpl_a", "dpl_b"))
    assert says(drift) == ""
    assert drift == Drift(A)


def test_a_third_one_is_drift_all_the_same() -> None:
    assert after("ABCC", live=("dpl_a", "dpl_b")).superseded


def test_when_a_release_was_aborted_the_stable_one_has_taken_over() -> None:
    assert after("AB", live=("dpl_a", "dpl_b")).after(B).after(B).superseded


def check(outcome: Outcome, *served: Deployment, superseded: bool = False) -> CheckResult:
    return result(outcome=outcome, story="It works.", summary="it broke", served=served, superseded=superseded)


@pytest.mark.parametrize("served", [(), (A,), (A, A), (Deployment("u", None, "build-a"),), (Deployment("u"),)])
@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED])
def test_what_the_pinned_one_served_stays_as_it_is(outcome: Outcome, served: tuple[Deployment, ...]) -> None:
    result = check(outcome, *served)
    assert attributed(result, A) == result


@pytest.mark.parametrize("served", [(B,), (A, B), (Deployment("u", None, "build-b"),)])
def test_what_another_one_served_proves_nothing_about_the_pinned_one(served: tuple[Deployment, ...]) -> None:
    passed, failed = attributed(check(Outcome.PASSED, *served), A), attributed(check(Outcome.FAILED, *served), A)
    assert passed.outcome is Outcome.UNPROVEN
    assert f"{served[-1].name} served its page, not dpl_a" in passed.summary
    assert (failed.outcome, failed.superseded) == (Outcome.FAILED, True)
    assert str(failed.evidence[-1]) == f"served    {served[-1].name} served its page, not dpl_a"


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.BROKEN, Outcome.NOT_REACHED, Outcome.UNPROVEN])
def test_what_proves_nothing_anyway_stays_as_it_is(outcome: Outcome) -> None:
    result = check(outcome, B)
    assert attributed(result, A) == result


def test_without_a_pinned_one_nothing_is_attributed() -> None:
    assert attributed(check(Outcome.PASSED, B), None) == check(Outcome.PASSED, B)


def test_where_two_are_live_a_failure_counts_for_the_one_that_served_it() -> None:
    mine = check(Outcome.FAILED, A, superseded=True)
    theirs = check(Outcome.FAILED, B, superseded=True)
    assert attributed_alternating(mine, A, "") == replace(mine, superseded=False)
    assert (
        attributed_alternating(theirs, A, ", the stable one,").summary
        == "dpl_b, the stable one, served its page; there it failed: it broke"
    )
    assert attributed_alternating(theirs, A, "").outcome is Outcome.UNPROVEN


def test_where_two_are_live_a_failure_without_a_page_counts_for_neither() -> None:
    found = attributed_alternating(check(Outcome.FAILED, superseded=True), A, "")
    assert (found.outcome, found.superseded) == (Outcome.UNPROVEN, False)


def test_where_two_are_live_a_failure_while_the_pinned_one_answered_stays() -> None:
    assert attributed_alternating(check(Outcome.FAILED), A, "") == check(Outcome.FAILED)
