"""Which checks a run consists of: made for its subjects, in the order of the parts, without what the plan leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from postdeploy.plugin.selection import function_of
from postdeploy.run.plan import Plan
from postdeploy.runbook.aliases import earlier_names
from postdeploy.runbook.parts import impossible

_SIGNS_IN = {"login", "own_session"}
"""Fixtures of a check that signs in by itself."""


class Collection:
    """In every process of a run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module:
        """A check has the same id wherever the suite is installed: ids lead to its history."""
        return pytest.Module.from_parent(parent, path=module_path, nodeid=f"smoke/{module_path.name}")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """A check is selected by its earlier names, too (-k)."""
        item.extra_keyword_matches.update(earlier_names(function_of(item)))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A check that asks for a variable, a route or an endpoint is made once for each there is."""
        for kind, subjects in self._plan.subjects.items():
            if kind in metafunc.fixturenames:
                metafunc.parametrize(kind, subjects, ids=list(subjects))

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Checks run in the order of the runbook's parts: what others depend on comes first."""
        order = self._plan.runbook.check_order
        items.sort(key=lambda item: order.get(function_of(item), len(order)))
        dropped = set(not_compared(items, self._plan.only) if self._plan.only else self._left_out(items))
        dropped |= set(self._without_subject(items))
        if dropped:
            config.hook.pytest_deselected(items=[item for item in items if item in dropped])
            items[:] = [item for item in items if item not in dropped]

    def _left_out(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        runbook = self._plan.runbook
        return (
            item
            for item in items
            if runbook.part_of(function_of(item)) in self._plan.left_out or function_of(item) in impossible(runbook)
        )

    def _without_subject(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        """Without a subject there is no check, not one that is skipped."""
        empty = {kind for kind, subjects in self._plan.subjects.items() if not subjects}
        return (item for item in items if empty & set(getattr(item, "fixturenames", ())))


def not_compared(items: list[pytest.Item], only: tuple[str, ...]) -> Iterator[pytest.Item]:
    """What a comparison run leaves out: other checks, and those that would sign in besides the shared session or each other."""
    chosen = [item for item in items if function_of(item) in only]
    alone = [item for item in chosen if _SIGNS_IN.intersection(getattr(item, "fixturenames", ()))]
    extra = alone if len(alone) < len(chosen) else alone[1:]
    return (item for item in items if item not in chosen or item in extra)
