"""The watch of the inbox, by a simulated clock."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
import pytest

from postdeploy.runbook.reading import read_runbook
from postdeploy.system.decoding import decode
from postdeploy.uptime.journey import UptimeReport
from postdeploy.uptime.schedule import Schedule
from postdeploy.uptime.watch import Unmeasured, watch, watch_recovery

TABLE = read_runbook().uptime
HOUR = 3600.0


@dataclass
class Simulated:
    """`inbox(seconds)` and `page(seconds)`: what fails then; an exception where it can't be measured."""

    inbox: Callable[[float], str] = lambda _: ""
    page: Callable[[float], str] = lambda _: ""
    ends_at: float = 1e9
    sleeps_at: float = 1e9
    seconds: float = 0.0
    took: float = 3.0
    dice: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - a simulation
    journeys: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)
    noted: list[tuple[UptimeReport, Schedule]] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def jitter(self) -> float:
        return self.dice.random()

    def wait(self, seconds: float) -> bool:
        assert seconds >= 0
        self.seconds += seconds
        if self.seconds >= self.sleeps_at:
            self.seconds, self.sleeps_at = self.seconds + 900, 1e9
        return self.seconds >= self.ends_at

    def journey(self) -> str:
        self.journeys.append(self.seconds)
        says = self.inbox(self.seconds)
        self.seconds += self.took
        return says

    def probe(self) -> str:
        self.probes.append(self.seconds)
        return self.page(self.seconds)

    def note(self, so_far: UptimeReport, schedule: Schedule) -> None:
        self.noted.append((so_far, schedule))


def watched(world: Simulated, seconds: float = HOUR) -> UptimeReport:
    return watch(TABLE, seconds, world)


def most_within(moments: list[float], seconds: float) -> int:
    return max(sum(start <= one < start + seconds for one in moments) for start in moments)


def pauses(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


@pytest.mark.parametrize("seed", range(20))
def test_no_ten_minutes_see_more_than_two_journeys_and_sixty_requests(seed: int) -> None:
    world = Simulated(dice=random.Random(seed))  # noqa: S311 - a simulation
    report = watched(world, 4 * HOUR)
    assert most_within(world.journeys, 600) <= 2
    assert 2 * most_within(world.probes, 600) + 600 / 30 <= 60  # a probe is two requests; drift looks every 30 s
    assert len(report.journeys) >= 4 * 10
    assert (report.broken, report.gaps, report.covered) == ("", (), 4 * HOUR)


def down(since: float, until: float = 1e9) -> Callable[[float], str]:
    return lambda now: "the list fails" if since <= now < until else ""


@pytest.mark.parametrize("since", [0.0, 200.0, 1000.0, 3000.0])
def test_an_inbox_that_fails_twice_in_a_row_ends_the_watch(since: float) -> None:
    world = Simulated(down(since))
    report = watched(world)
    assert report.broken == "the list fails"
    assert [one.passed for one in report.journeys][-2:] == [False, False]
    first, second = world.journeys[-2:]
    assert second - first == TABLE.repeat + world.took
    assert report.seconds <= since + TABLE.every + TABLE.jitter + TABLE.repeat + 3 * world.took


def test_a_failure_that_is_over_when_it_is_repeated_fails_nothing() -> None:
    world = Simulated(down(0.0, 20.0))
    report = watched(world)
    assert report.broken == ""
    assert [one.passed for one in report.journeys].count(False) == 1
    assert most_within(world.journeys, 600) == 3  # the repeat


def offline(since: float, until: float) -> Callable[[float], str]:
    def ask(now: float) -> str:
        if since <= now < until:
            raise Unmeasured("the network is down")
        return ""

    return ask


def test_what_cannot_be_measured_is_a_gap_and_tried_again_ever_later() -> None:
    world = Simulated(offline(0.0, 1e9))
    report = watched(world)
    assert pauses(world.journeys)[:4] == [60, 120, 300, 300]
    assert (report.broken, report.journeys, report.covered) == ("", (), 0.0)


def test_an_outage_of_our_network_makes_the_covered_time_honest() -> None:
    world = Simulated(offline(1000.0, 1700.0))
    report = watched(world)
    assert report.broken == ""
    assert 400 < HOUR - report.covered < 1100
    assert report.journeys[-1].passed


def test_a_machine_that_slept_leaves_a_gap() -> None:
    report = watched(Simulated(sleeps_at=1200.0))
    [gap] = report.gaps
    assert gap.seconds == pytest.approx(900, abs=1)
    assert "slept" in gap.why


def test_another_deployment_ends_the_watch() -> None:
    report = watched(Simulated(ends_at=700.0))
    assert 700 <= report.seconds <= 800


def test_a_rate_limit_is_backed_off_from_by_probes_and_journeys() -> None:
    world = Simulated(page=offline(0.0, 1500.0))
    report = watched(world)
    asked = sorted([*world.journeys, *world.probes])
    assert max(pauses([one for one in asked if one < 1500.0])) >= 300 - TABLE.jitter
    assert len([one for one in world.probes if one < 1500.0]) <= 10, "not one a minute"
    assert (report.broken, report.covered < HOUR) == ("", True)
    assert len([one for one in world.probes if one >= 1800.0]) > 20


def test_failing_probes_are_kept_and_fail_nothing() -> None:
    report = watched(Simulated(page=down(600.0, 900.0)))
    assert (report.broken, sum(not one.passed for one in report.probes)) == ("", 5)


def test_a_report_survives_the_way_between_processes() -> None:
    report = watched(Simulated(down(0.0, 20.0), sleeps_at=1200.0))
    assert decode(msgspec.json.encode(report), UptimeReport) == report


def test_who_reads_along_knows_what_is_known_and_what_comes_next() -> None:
    world = Simulated(down(0.0, 20.0))
    watched(world, 2000.0)
    counts = [(len(report.journeys), len(report.probes)) for report, _ in world.noted]
    assert counts == sorted(counts)
    assert counts[0] == (0, 0)
    assert all(schedule.next[1] >= report.seconds - 30 for report, schedule in world.noted)
    assert any(schedule.repeats for _, schedule in world.noted)


def gone_back_from(world: Simulated, seconds: float = HOUR) -> UptimeReport:
    """What a watch saw that goes on after the failure."""
    return watch_recovery(TABLE, seconds, world, watched(world, seconds))


@pytest.mark.parametrize("until", [400.0, 900.0, 2000.0])
def test_a_broken_inbox_is_watched_until_it_works_again(until: float) -> None:
    world = Simulated(down(100.0, until))
    report = gone_back_from(world)
    assert report.broken == "the list fails"
    assert report.failed_at is not None
    assert report.works_since is not None
    assert until <= report.works_since <= until + TABLE.every
    assert [one.passed for one in report.journeys[-2:]] == [True, True]
    assert report.seconds <= report.works_since + TABLE.repeat + 3 * world.took


def test_one_journey_that_passes_is_no_recovery() -> None:
    world = Simulated(lambda now: "the list fails" if now < 1000 or 1240 < now < 1700 else "")
    report = gone_back_from(world)
    assert report.works_since is not None
    assert report.works_since >= 1700


@pytest.mark.parametrize("ends_at", [2500.0, 1e9])
def test_what_stays_broken_is_never_said_to_work_again(ends_at: float) -> None:
    report = gone_back_from(Simulated(down(0.0), ends_at=ends_at))
    assert report.works_since is None
    assert report.seconds == pytest.approx(min(ends_at, HOUR), abs=TABLE.every)


def test_what_is_broken_is_not_asked_more_often_because_it_is() -> None:
    world = Simulated(down(0.0))
    gone_back_from(world, 4 * HOUR)
    repeat, *later = world.journeys[1:]
    assert most_within([repeat, *later], 600) <= 2
    assert [round(one) for one in pauses(world.probes)[:4]] == [120, 300, 300, 300]
    assert world.probes[0] - repeat == pytest.approx(TABLE.back_off[0], abs=world.took)


def test_a_network_that_is_gone_meanwhile_is_a_gap() -> None:
    world = Simulated(down(0.0, 1500.0), offline(600.0, 1200.0))
    report = gone_back_from(world)
    assert report.works_since is not None
    assert any("network" in one.why for one in report.gaps)
