"""The bench's arithmetic and its table; that its contenders run, and can fail, it finds out itself."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bench.contenders import FLOOR, LOGGED, NODE, OURS, PLAIN, SMOKE, contenders
from bench.page import page
from bench.plugins import without_the_plugins_of_tests
from bench.results import FRESH, KEPT, Aim, Timing, rows, turns

CPU = (1.0, 1.5, 3.0)
TIMINGS = {
    FLOOR: Timing((2.0, 9.0, 1.0), CPU),
    OURS: Timing((2.1, 2.1, 2.1), CPU),
    NODE: Timing((2.5, 2.5, 2.5), CPU),
    PLAIN: Timing((3.0, 3.0, 3.0), CPU),
    SMOKE: Timing((5.0, 5.0, 5.0), CPU),
    LOGGED: Timing((6.0, 6.0, 6.0), CPU),
}
ALL = contenders("http://localhost:1", Path("scratch"), {})
STEPS = Path(__file__).parents[2] / "bench/steps"


def test_a_disturbed_run_does_not_move_the_median() -> None:
    assert TIMINGS[FLOOR].median == 2.0


def test_the_table_compares_medians_with_the_floor() -> None:
    assert rows(TIMINGS)[:2] == [
        (FLOOR, "2.00 s", "1.00 s", "9.00 s", "1.00", "1.50 s"),
        (OURS, "2.10 s", "2.10 s", "2.10 s", "1.05", "1.50 s"),
    ]


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        pytest.param(Aim(OURS, 1.10, FLOOR), "ours ≤ 1.10 x floor: met (1.05)", id="less than it may take"),
        pytest.param(Aim(SMOKE, 2.50, FLOOR), "whole smoke ≤ 2.50 x floor: met (2.50)", id="just what it may take"),
        pytest.param(
            Aim(SMOKE, 1.25, FLOOR, besides=3.0), "whole smoke ≤ 3 s + 1.25 x floor: met (1.00)", id="besides"
        ),
        pytest.param(Aim(OURS, 0.80, NODE), "ours ≤ 0.80 x @playwright/test: missed (0.84)", id="more"),
    ],
)
def test_an_aim_is_told_with_what_was_measured(aim: Aim, said: str) -> None:
    assert aim.outcome(TIMINGS) == said


def test_everybody_has_as_many_turns() -> None:
    assert Counter(turns("abc", 7)) == {"a": 7, "b": 7, "c": 7}


def test_each_round_is_begun_by_another() -> None:
    assert "".join(turns("abc", 4)) == "abcbcacababc"


def test_nobody_runs_twice_in_a_row() -> None:
    assert all(earlier != later for earlier, later in pairwise(turns("abcde", 7)))


@pytest.mark.parametrize(
    ("exit_code", "output", "came_true"),
    [
        pytest.param(10, "4 passed in 2 s", True, id="all of them, too few for a PASS"),
        pytest.param(10, "3 passed, 1 skipped", False, id="one was not reached"),
        pytest.param(10, "14 passed", False, id="other checks than these"),
        pytest.param(1, "4 passed", False, id="the deployment fails"),
    ],
)
def test_ours_did_its_steps_when_each_check_passed(exit_code: int, output: str, came_true: bool) -> None:
    [ours] = [one for one in ALL if one.name == OURS]
    assert ours.came_true(exit_code, output) is came_true


def test_only_plugins_of_the_projects_own_tests_are_left_out() -> None:
    left_out = without_the_plugins_of_tests()
    assert "no:hypothesispytest" in left_out
    assert not {"no:postdeploy", "no:playwright", "no:allure_pytest", "no:xdist"} & set(left_out)


def test_the_page_names_machine_contenders_and_aims() -> None:
    stages = [
        [("loaded", 0.5), ("checked", 2.0)],
        [("loaded", 0.7), ("checked", 4.0)],
        [("loaded", 0.6), ("checked", 2.2)],
    ]
    text = page(ALL, {FRESH: TIMINGS, KEPT: TIMINGS}, stages, "2 cores.")
    assert "| loaded | 0.60 s | 0.60 s |" in text
    assert "| checked | 1.60 s | 2.20 s |" in text
    assert "3 runs each" in text
    assert "2 cores." in text
    assert "met" in text
    assert all(f"| {one.name} | {one.does} |" in text for one in ALL)


def test_both_languages_expect_the_same_in_the_same_order() -> None:
    """A step that is missing in one of them would be a head start."""
    python = (STEPS / "journey.py").read_text(encoding="utf-8")
    typescript = (STEPS / "journey.spec.ts").read_text(encoding="utf-8")
    assert _calls(python) == _calls(typescript)


def _calls(source: str) -> list[str]:
    """The driver's methods in the order of the text, in the spelling of neither language."""
    names = re.findall(r"\.(goto|fill|click|reload|inner_?text|to_?(?:be|have|contain)_?\w+)\(", source, re.IGNORECASE)
    return [name.replace("_", "").lower() for name in names]
