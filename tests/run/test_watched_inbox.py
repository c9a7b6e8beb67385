"""What the journeys of a watch say of the objective."""

from __future__ import annotations

import pytest

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Stage
from postdeploy.run.watched_inbox import burning, sentences, user_traffic
from postdeploy.runbook.reading import read_runbook
from postdeploy.uptime.journey import Sample, UptimeReport

SLO = read_runbook().slo


def watched(journeys: int, failed: int = 0) -> UptimeReport:
    """A journey each three minutes; the last ones failed."""
    samples = tuple(Sample(each * 180.0, 2.0, each < journeys - failed) for each in range(journeys))
    return UptimeReport(journeys * 180.0, samples)


@pytest.mark.parametrize(
    ("report", "says"),
    [
        pytest.param(
            watched(20), "20 of 20 journeys passed: availability at least 86.1% with 95 % confidence", id="all"
        ),
        pytest.param(
            watched(20, 1), "19 of 20 journeys passed: availability at least 78.4% with 95 %", id="one failed"
        ),
        pytest.param(watched(20), "20 samples cannot prove 99.5 % ([slo] inbox): that takes 598", id="too few"),
        pytest.param(watched(3), "median 2.0 s, p95 2.0 s", id="latency"),
    ],
)
def test_what_so_few_samples_prove_is_said(report: UptimeReport, says: str) -> None:
    assert any(says in one for one in sentences(report, SLO))


def test_enough_samples_prove_the_objective() -> None:
    assert not any("cannot prove" in one for one in sentences(watched(598), SLO))


@pytest.mark.parametrize(
    ("report", "burns"),
    [
        pytest.param(watched(20), False, id="no failure"),
        pytest.param(watched(20, 1), False, id="a single one"),
        pytest.param(watched(20, 3), True, id="three in a row"),
        pytest.param(UptimeReport(600.0), False, id="no samples"),
    ],
)
def test_a_budget_that_burns_is_a_warning(report: UptimeReport, burns: bool) -> None:
    assert bool(burning(report, SLO)) is burns


def logged(*errors: int, requests: int = 40) -> LogReport:
    """A minute each, with so many errors."""
    minutes = tuple((minute, requests, each) for minute, each in enumerate(errors))
    return LogReport(stage=Stage.WINDOW, says="", minutes=minutes)


@pytest.mark.parametrize(
    ("log", "burns"),
    [
        pytest.param(logged(*[0] * 60), False, id="no error"),
        pytest.param(logged(*[0] * 59, 4), False, id="four errors, now"),
        pytest.param(logged(*[0] * 45, *[20] * 15), True, id="half of a quarter of an hour, until now"),
        pytest.param(logged(*[40] * 5, *[0] * 55), False, id="all of five minutes, long ago"),
        pytest.param(logged(*[0] * 59, 40), False, id="one bad minute: the long window does not burn"),
        pytest.param(None, False, id="no log"),
    ],
)
def test_user_traffic_burns_where_both_windows_do(log: LogReport | None, burns: bool) -> None:
    assert bool(user_traffic(log, SLO).burns) is burns


def test_user_traffic_is_said_against_the_objective() -> None:
    says = user_traffic(logged(0, 1, 1), SLO).says
    assert says == "user traffic: 2 of 120 requests failed or wrote an error: 98.33%, the objective is 99.5 %"
    assert "not measured" in user_traffic(None, SLO).says
