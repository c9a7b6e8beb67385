"""What the journeys of a watch say of the objective."""

from __future__ import annotations

import pytest

from postdeploy.run.watched_inbox import burning, sentences
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
