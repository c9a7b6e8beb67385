"""Which of our marks a `-m` expression asks for."""

from __future__ import annotations

import pytest

from postdeploy.plugin.selection import marks_in


@pytest.mark.parametrize(
    ("expression", "marks"),
    [
        pytest.param("", set(), id="none"),
        pytest.param("smoke", {"smoke"}, id="one"),
        pytest.param("smoke or watch", {"smoke", "watch"}, id="two"),
        pytest.param("smoke or nightly", {"smoke"}, id="together with a mark of another kind"),
        pytest.param("smoke and not nightly", {"smoke"}, id="less some checks"),
        pytest.param("not slow", set(), id="what selects unmarked tests asks for none of ours"),
        pytest.param("slow", set(), id="another mark"),
        pytest.param("smoke and watch", set(), id="what no check carries alone"),
        pytest.param("smoke or (", set(), id="what pytest itself refuses"),
    ],
)
def test_an_expression_asks_for_our_marks(expression: str, marks: set[str]) -> None:
    assert marks_in(expression) == marks
