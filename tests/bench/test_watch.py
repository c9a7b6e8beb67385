"""The measurement of the watch's rules: few hours of it, and that it can find what it looks for."""

from __future__ import annotations

import random

from bench import watch
from bench.watch import Fault, HealthyInbox, broken_log, evidence, exceeds, fails, healthy_log, row


def test_a_few_healthy_hours_raise_no_alarm() -> None:
    assert set(watch.false_alarms(20).values()) == {0}


def test_an_outage_is_found_and_its_latency_is_that_of_two_journeys() -> None:
    found = watch.outages(20)
    assert all(one is not None and 0 < one < 400 for one in found)


def test_no_log_above_the_threshold_is_missed() -> None:
    found, below = watch.troubles(6)
    assert len(found) + below == 6
    assert None not in found


def test_what_is_above_the_threshold_is_counted_without_the_product() -> None:
    unique = [row(each, each, f"trouble {'abcd'[each]}") for each in range(4)]
    assert (exceeds(unique[:3]), exceeds(unique)) == (False, True)
    flood = [row(each, each, "one" if each % 2 else "") for each in range(20)]
    assert (exceeds(flood), exceeds(flood[:18])) == (True, False)


def test_a_missed_fault_would_be_seen() -> None:
    """The simulated logs do differ: one is broken, the other is not."""
    dice = random.Random(1)  # noqa: S311 - a simulation
    assert fails(evidence(broken_log(dice, Fault(0, 600, 0.9, 6)), closed=True))
    assert not fails(evidence(healthy_log(dice), closed=True))
    assert HealthyInbox(dice, broken_since=0.0).probe() == "the list fails"
