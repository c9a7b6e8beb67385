"""Where the rules' amounts begin: just enough, and just too little of each."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from tests.analysis.rules.judging import CODE, RUNBOOK, before, failures, findings, warnings
from tests.analysis.rules.test_sessions import ABORTED, BARE, REFUSED, REGRESSION
from tests.logs.rows import Sent, healthy, throws

NEAR = RUNBOOK.logs.neighbour
"""Seconds within which a slow auth service explains a refusal."""


def lasting(count: int, seconds: float, begin: float = 100) -> list[Sent]:
    """So many requests that fail with one error, the last so many seconds after the first."""
    return [throws("A", begin + seconds * at / (count - 1)) for at in range(count)]


@pytest.mark.parametrize(
    ("failing", "others", "seconds", "enough"),
    [
        pytest.param(10, 10, 1, True, id="a flood: ten, and half"),
        pytest.param(9, 9, 1, False, id="a flood: one too few"),
        pytest.param(10, 11, 1, False, id="a flood: less than half"),
        pytest.param(11, 10, 0, True, id="a flood needs no time"),
        pytest.param(5, 95, 60, True, id="widespread: five, a twentieth, a minute"),
        pytest.param(4, 60, 60, False, id="widespread: one too few"),
        pytest.param(5, 96, 60, False, id="widespread: less than a twentieth"),
        pytest.param(5, 95, 59.9, False, id="widespread: less than a minute"),
        pytest.param(5, 15, 60, True, id="widespread: of twenty"),
        pytest.param(5, 14, 60, False, id="widespread: of fewer than twenty"),
    ],
)
def test_one_error_is_widespread_from_here_on(failing: int, others: int, seconds: float, *, enough: bool) -> None:
    found = failures(findings([*healthy(others), *lasting(failing, seconds)]))
    assert found == ([CODE] if enough else [])


@pytest.mark.parametrize(
    ("apart", "explained"),
    [
        pytest.param(NEAR, True, id="just near enough, after it"),
        pytest.param(-NEAR, True, id="just near enough, before it"),
        pytest.param(NEAR + 0.001, False, id="just too far, after it"),
        pytest.param(-NEAR - 0.001, False, id="just too far, before it"),
        pytest.param(0, True, id="at once"),
    ],
)
def test_a_refusal_is_explained_by_a_slow_auth_service_this_near(apart: float, *, explained: bool) -> None:
    sent = [*healthy(100), Sent(300, message=REFUSED), Sent(300 + apart, message=ABORTED)]
    unexplained = [one for one in warnings(findings(sent), LogSubject.SESSIONS) if "without a slow" in one]
    assert (not unexplained) == explained


@pytest.mark.parametrize(
    ("refusals", "aborts", "undecided"),
    [
        pytest.param([300], [300 + NEAR], 1, id="just near enough, after it"),
        pytest.param([300], [300 - NEAR], 1, id="just near enough, before it"),
        pytest.param([300], [300 + NEAR + 0.001], 0, id="just too far, after it"),
        pytest.param([300], [300 - NEAR - 0.001], 0, id="just too far, before it"),
        pytest.param([300, 300.5], [300], 1, id="one abort for one refusal"),
        pytest.param([300, 300.5], [300, 300.5], 2, id="each has its own"),
        pytest.param([300, 500], [100, 500], 1, id="one that is too early is left behind"),
        pytest.param([300], [299, 300, 301], 1, id="more aborts than refusals"),
    ],
)
def test_a_refusal_is_not_decided_by_an_abort_this_near(
    refusals: list[float], aborts: list[float], undecided: int
) -> None:
    sent = [
        *healthy(100),
        *(Sent(at, message=REFUSED) for at in refusals),
        *(Sent(at, "GET", "/api/x", message=BARE) for at in aborts),
    ]
    said = warnings(findings(sent), LogSubject.SESSIONS)
    assert [one.split(" ×")[0] for one in said if "not decided" in one] == ([str(undecided)] if undecided else [])
    left = len(refusals) - undecided
    plural = "" if left == 1 else "s"
    assert any(f"near it: {left} request{plural} (" in one for one in said) == (left > 0)


def test_what_is_as_rare_as_a_twentieth_by_chance_fails_and_no_more() -> None:
    """One-sided, exact: against none before in as much traffic, five are too many, four are not."""
    for refusals, expected in ((5, [REGRESSION]), (4, [])):
        sent = [*healthy(200 - refusals), *(Sent(60 * at, message=REFUSED) for at in range(refusals))]
        assert failures(findings(sent, baseline=before(healthy(200)))) == expected
