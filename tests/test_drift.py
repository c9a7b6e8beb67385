"""Looks at what the address serves → whether the run still measures what it began with; and whose a result is."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.model import CheckResult, Deployment, Outcome
from postdeploy.target.drift import Serving, attributed, by_turns

A, B, C = (Deployment("u", f"dpl_{name}", f"build-{name}") for name in "abc")
BUILDS = {"A": A, "B": B, "C": C, "-": None, "?": Deployment("u")}
"""`-`: no answer. `?`: a page without marks."""


def after(looks: str, live: tuple[str, ...] = ()) -> Serving:
    serving = Serving(A)
    for look in looks:
        serving = serving.after(BUILDS[look], live)
    return serving


def says(serving: Serving) -> str:
    """What there is to say, and by whom."""
    told = [name for name in ("superseded", "doubted", "mixed", "odd") if getattr(serving, name)]
    return " ".join([*told, serving.other.name if told and serving.other else ""]).strip()


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param("", "", id="nobody has looked"),
        pytest.param("AAAA", "", id="it serves"),
        pytest.param("AABB", "superseded dpl_b", id="another one has taken over"),
        pytest.param("AB", "doubted odd dpl_b", id="another one has answered once"),
        pytest.param("ABA", "odd dpl_b", id="one odd answer"),
        pytest.param("ABAB", "doubted mixed dpl_b", id="another one comes again"),
        pytest.param("ABABA", "mixed dpl_b", id="two answer by turns"),
        pytest.param("ABABB", "superseded dpl_b", id="by turns, until one is left"),
        pytest.param("ABC", "superseded dpl_c", id="two deploys in a row"),
        pytest.param("A--B--B", "superseded dpl_b", id="no answer says nothing"),
        pytest.param("A----", "", id="an outage is no deploy"),
        pytest.param("AB?B", "superseded dpl_b", id="a page without marks says nothing"),
        pytest.param("AABBAA", "superseded dpl_b", id="what has been superseded stays so"),
    ],
)
def test_what_became_of_the_pinned_deployment(looks: str, expected: str) -> None:
    assert says(after(looks)) == expected


LOOKS = st.text("ABC-?", max_size=30)


@given(LOOKS)
def test_only_two_looks_in_a_row_end_a_run(looks: str) -> None:
    told = looks.replace("-", "").replace("?", "")
    in_a_row = any(one != "A" and two != "A" for one, two in itertools.pairwise(told))
    assert after(looks).superseded == in_a_row


@given(LOOKS)
def test_what_says_nothing_changes_nothing(looks: str) -> None:
    assert after(looks) == after(looks.replace("-", "").replace("?", ""))


@given(LOOKS)
def test_it_is_at_most_one_thing(looks: str) -> None:
    serving = after(looks)
    assert serving.superseded + serving.mixed + serving.odd <= 1


@given(st.text("AB-?", max_size=30))
def test_two_that_share_the_traffic_by_design_are_no_drift(looks: str) -> None:
    serving = after(looks, live=("dpl_a", "dpl_b"))
    assert says(serving) == ""
    assert serving.beside == (B if "B" in looks else None)


def test_a_third_one_is_drift_all_the_same() -> None:
    assert after("ABCC", live=("dpl_a", "dpl_b")).superseded


def test_when_a_release_was_aborted_the_stable_one_has_taken_over() -> None:
    assert after("AB", live=("dpl_a", "dpl_b")).after(B).after(B).superseded


def check(outcome: Outcome, *served: Deployment, superseded: bool = False) -> CheckResult:
    return CheckResult("test_x", "inbox", outcome, "It works.", "it broke", served=served, superseded=superseded)


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
    assert by_turns(mine, A, "") == replace(mine, superseded=False)
    assert (
        by_turns(theirs, A, ", the stable one,").summary
        == "dpl_b, the stable one, served its page; there it failed: it broke"
    )
    assert by_turns(theirs, A, "").outcome is Outcome.UNPROVEN


def test_where_two_are_live_a_failure_without_a_page_is_nobodys() -> None:
    found = by_turns(check(Outcome.FAILED, superseded=True), A, "")
    assert (found.outcome, found.superseded) == (Outcome.UNPROVEN, False)


def test_where_two_are_live_a_failure_while_the_pinned_one_answered_stays() -> None:
    assert by_turns(check(Outcome.FAILED), A, "") == check(Outcome.FAILED)
