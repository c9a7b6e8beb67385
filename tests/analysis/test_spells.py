"""Spells by chance: what few errors all along look like, and what a fault that goes on does. Simulated logs, each with its seed."""

from __future__ import annotations

import numpy as np
import pytest

from postdeploy.analysis.spells import Asked, Spell, last_spell
from postdeploy.runbook.reading import read_runbook

LIMIT = read_runbook().threshold
MINUTE = 60_000
LOGS = 100


def doubts(hours: int, per_window: int, rate: float, since: int = 0, until: int = 10**9) -> int:
    """In how many logs a spell goes on, where this share of the requests fails between two minutes."""
    found = 0
    for seed in range(LOGS):
        chance = np.random.default_rng(seed)
        asked = np.sort(chance.integers(10 * MINUTE, hours * 60 * MINUTE, chance.poisson(per_window * 6 * hours)))
        within = (asked >= since * MINUTE) & (asked < until * MINUTE)
        fails = within & (chance.random(len(asked)) < rate)
        spell = last_spell(LIMIT, asked[fails], Asked(asked, asked[~fails])) if fails.any() else None
        found += spell is not None and not spell.is_over(LIMIT)
    return found


@pytest.mark.parametrize("hours", [1, 2, 8])
@pytest.mark.parametrize("per_window", [10, 50, 200, 2000])
def test_an_error_of_one_percent_all_along_leaves_no_doubt(hours: int, per_window: int) -> None:
    assert doubts(hours, per_window, 0.01) <= 1


@pytest.mark.parametrize("hours", [2, 8])
@pytest.mark.parametrize("per_window", [50, 200, 2000])
def test_a_fault_of_a_tenth_that_goes_on_does(hours: int, per_window: int) -> None:
    assert doubts(hours, per_window, 0.1, since=60) >= 0.97 * LOGS


@pytest.mark.parametrize("per_window", [50, 200, 2000])
def test_a_fault_of_a_tenth_that_was_over_an_hour_ago_does_not(per_window: int) -> None:
    assert doubts(2, per_window, 0.1, since=20, until=29) <= 1


def test_nothing_is_a_spell_below_rule_2() -> None:
    asked = np.arange(0, 120 * MINUTE, 10_000)
    assert last_spell(LIMIT, asked[:4], Asked(asked, asked[4:])) is None
    assert last_spell(LIMIT, asked[:5], Asked(asked[:19], asked[5:19])) is None
    assert last_spell(LIMIT, asked[:5], None) is None
    assert last_spell(LIMIT, asked[:7], None) == Spell(0, 60_000, 7, 0, 0, 0, 0)
