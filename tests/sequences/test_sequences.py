"""Each sequence leads to its decision, recommendation and rollback target."""

from __future__ import annotations

import pytest

from postdeploy.record.last_good import LastGood
from tests.sequences.table import PAGE, Sequence, page, sequences
from tests.sequences.world import world

ROWS = sequences()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_sequence_ends_as_expected(row: Sequence) -> None:
    with world() as one:
        for step in row.steps:
            one.do(step)
        verdict, good = one.verdict, one.last_good()
        newer = one.advice()
    assert verdict
    assert (verdict.decision, verdict.recommendation) == (row.decision, row.recommendation), verdict
    assert (verdict.target.id if verdict.target else "") == row.target, verdict
    assert (good.id if isinstance(good, LastGood) else "") == row.last_good, good
    assert row.newer in newer
    assert bool(row.newer) is bool(newer)


def test_there_are_many_and_each_is_another_one() -> None:
    assert len(ROWS) >= 40
    assert len({row.name for row in ROWS}) == len({row.steps for row in ROWS}) == len(ROWS)


def test_the_page_shows_them() -> None:
    """`python -m tests.sequences.table` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page(ROWS)
