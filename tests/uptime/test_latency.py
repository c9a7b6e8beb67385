"""A watch warns of what has become slower, and of nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from postdeploy.runbook.reading import read_runbook
from postdeploy.uptime.journey import Latency, Sample, UptimeLatency, UptimeReport
from postdeploy.uptime.latency import compared, of_watch, slowed_down, slower_than

SLO = read_runbook().slo
HOUR = 3600.0


def probed(times: Iterable[float]) -> UptimeReport:
    """A probe a minute, each as long as that."""
    samples = tuple(Sample(60.0 * at, seconds, passed=True) for at, seconds in enumerate(times))
    return UptimeReport(60.0 * len(samples), probes=samples)


@pytest.mark.parametrize(
    ("now", "before", "warns"),
    [
        pytest.param(Latency(9, 1.6, 1.9), Latency(9, 0.9, 1.1), True, id="clearly slower"),
        pytest.param(Latency(9, 0.9, 9.0), Latency(9, 0.9, 1.1), False, id="one slow sample"),
        pytest.param(Latency(9, 1.2, 1.5), Latency(9, 0.9, 1.1), False, id="a little slower"),
        pytest.param(Latency(9, 0.04, 0.09), Latency(9, 0.01, 0.02), False, id="milliseconds that nobody feels"),
        pytest.param(Latency(4, 9.0, 9.0), Latency(9, 0.9, 1.1), False, id="too few now"),
        pytest.param(Latency(9, 9.0, 9.0), Latency(4, 0.9, 1.1), False, id="too few before"),
        pytest.param(Latency(9, 0.9, 1.1), Latency(9, 1.6, 1.9), False, id="faster"),
    ],
)
def test_only_what_is_clearly_slower_is_said(now: Latency, before: Latency, warns: bool) -> None:
    says = compared("journeys", now, before, "in the hour before", SLO)
    assert says == (["journeys: p95 1.9 s instead of 1.1 s in the hour before: investigate"] if warns else [])


def test_a_watch_that_gets_slower_is_a_warning() -> None:
    [says] = slowed_down(probed([0.3] * 50 + [1.0] * 10), SLO)
    assert says == "probes of the last 10 minutes: p95 1.0 s instead of 0.3 s before: investigate"


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([1.0] * 10 + [0.3] * 50, id="slow at the beginning"),
        pytest.param([0.3] * 25 + [1.0] * 10 + [0.3] * 25, id="slow for a while, and over"),
        pytest.param([0.3] * 10, id="no more than ten minutes"),
        pytest.param([1.0] * 60, id="always as slow"),
    ],
)
def test_what_is_not_slower_now_is_no_warning(times: list[float]) -> None:
    assert slowed_down(probed(times), SLO) == []


def test_healthy_hours_are_hardly_ever_called_slow() -> None:
    dice = random.Random(5)  # noqa: S311 - a simulation
    hours = [probed(dice.lognormvariate(-1.0, 0.4) for _ in range(60)) for _ in range(2000)]
    assert sum(bool(slowed_down(one, SLO)) for one in hours) <= 2


def test_another_deployments_watch_is_compared_by_journeys_and_probes() -> None:
    journeys = tuple(Sample(300.0 * at, 3.0, passed=True) for at in range(6))
    report = UptimeReport(HOUR / 2, journeys, tuple(Sample(60.0 * at, 0.2, passed=True) for at in range(30)))
    before = UptimeLatency(Latency(12, 1.4, 1.6), Latency(60, 0.2, 0.3))
    assert slower_than(report, before, "in the watch of dpl_a, 38 minutes ago", SLO) == [
        "journeys: p95 3.0 s instead of 1.6 s in the watch of dpl_a, 38 minutes ago: investigate"
    ]


def test_what_failed_is_no_latency() -> None:
    samples = (Sample(0.0, 30.0, passed=False), Sample(300.0, 2.0, passed=True))
    assert of_watch(UptimeReport(600.0, samples)) == UptimeLatency(Latency(1, 2.0, 2.0), Latency())
