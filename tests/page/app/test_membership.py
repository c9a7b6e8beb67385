"""Whose fault it is when the smoke user does not see what it should."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.model import Blocked, Misbehaved
from postdeploy.page.app.membership import objection
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook, Workspace


def runbook(*names: str, allow_foreign: bool = False) -> Runbook:
    plain = read_runbook()
    user = msgspec.structs.replace(plain.smoke_user, allow_foreign=allow_foreign)
    return msgspec.structs.replace(plain, workspace=tuple(Workspace(name) for name in names), smoke_user=user)


def test_that_only_others_workspaces_are_seen_is_said() -> None:
    wrong = objection(["X", "Y"], ["X", "Y"], runbook("A", "B"))
    assert isinstance(wrong, Blocked)
    assert "none of the workspaces that runbook.toml names, but 2 other(s)" in str(wrong)


@pytest.mark.parametrize(
    ("offered", "sent", "book", "outcome"),
    [
        pytest.param(["A", "B"], ["A", "B"], runbook("A", "B"), None, id="as named"),
        pytest.param(["A", "B"], [], runbook(), None, id="nothing is named"),
        pytest.param(["A", "B", "X"], [], runbook("A", "B", allow_foreign=True), None, id="foreign ones are allowed"),
        pytest.param(["A", "B", "X"], [], runbook("A", "B"), Blocked, id="a foreign one"),
        pytest.param(["A"], ["A"], runbook("A", "B"), Blocked, id="one only, and no more were sent"),
        pytest.param([], [], runbook(), Blocked, id="none at all"),
        pytest.param(["A", "B"], ["A", "B"], runbook("A", "B", "C"), Blocked, id="a membership was lost"),
        pytest.param(["A"], ["A", "B"], runbook("A", "B"), Misbehaved, id="one only, but two were sent"),
        pytest.param(["A", "B"], ["A", "B", "C"], runbook("A", "B", "C"), Misbehaved, id="one is kept from the person"),
    ],
)
def test_whose_fault_it_is(
    offered: list[str], sent: list[str], book: Runbook, outcome: type[Blocked | Misbehaved] | None
) -> None:
    wrong = objection(offered, sent, book)
    assert (None if wrong is None else type(wrong)) is outcome
