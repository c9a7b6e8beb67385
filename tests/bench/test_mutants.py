"""The page about mutants counts what a test should have noticed, and excuses what none can."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.figures import ROOT
from bench.mutants.results import Equivalent, equivalents, page, survivors
from bench.mutants.running import Group, Mutant, groups

GROUP = Group("verdict", ("src/a.py",), ("tests/a",))
NOTICED = Mutant("postdeploy.a.x_f__mutmut_1", "src/a.py", noticed=True)
LEFT = Mutant("postdeploy.a.x_f__mutmut_2", "src/a.py", noticed=False, change="- a < b\n+ a <= b")
METHOD = Mutant("postdeploy.a.xǁKindǁ_look__mutmut_11", "src/a.py", noticed=False, change="- x\n+ y")
EXCUSED = Equivalent("postdeploy.a.f", "- a < b\n+ a <= b", "they are never equal")


def test_a_mutant_names_its_function() -> None:
    assert [one.function for one in (NOTICED, METHOD)] == ["postdeploy.a.f", "postdeploy.a.Kind._look"]


@pytest.mark.parametrize(
    ("known", "left"),
    [
        pytest.param([], [LEFT, METHOD], id="nothing is excused"),
        pytest.param([EXCUSED], [METHOD], id="what no test can notice"),
        pytest.param(
            [Equivalent("postdeploy.a.g", LEFT.change, "")], [LEFT, METHOD], id="the same in another function"
        ),
        pytest.param([Equivalent("postdeploy.a.f", "- a < b\n+ a > b", "")], [LEFT, METHOD], id="another change of it"),
    ],
)
def test_survivors_are_what_a_test_should_have_noticed(known: list[Equivalent], left: list[Mutant]) -> None:
    assert survivors([NOTICED, LEFT, METHOD], known) == left


def test_the_page_says_the_score_and_what_is_left() -> None:
    text = page([(GROUP, [NOTICED, NOTICED, NOTICED, LEFT, METHOD])], [EXCUSED], "abc1234")
    assert "Measured at abc1234." in text
    assert "| verdict | 1 | 5 | 1 | 3 | 75.0 % |" in text
    assert "| **together** | 1 | 5 | 1 | 3 | 75.0 % |" in text
    assert "| verdict | `postdeploy.a.Kind._look` | 1 |" in text
    assert "- they are never equal (1)" in text


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.name)
def test_what_a_group_names_is_there(group: Group) -> None:
    assert all(list(ROOT.glob(module)) for module in group.modules)
    assert all((ROOT / test).exists() for test in group.tests)


def test_what_is_excused_is_still_there() -> None:
    """A change that the code does not hold any more excuses nothing."""
    stale = []
    for one in equivalents():
        module = next(
            found
            for length in range(one.mutant.count("."), 0, -1)
            if (found := _module(one.mutant, length)) is not None
        )
        lines = {line.strip() for line in module.read_text(encoding="utf-8").splitlines()}
        gone = [line for line in one.change.splitlines() if line[0] == "-" and line[2:].strip() not in lines]
        stale += [f"{one.mutant}: {line}" for line in gone]
    assert stale == []


def _module(name: str, length: int) -> Path | None:
    file = ROOT.joinpath("src", *name.split(".")[:length]).with_suffix(".py")
    return file if file.is_file() else None
