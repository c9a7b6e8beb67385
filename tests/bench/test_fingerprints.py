"""The bench of fingerprints measures what its page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fingerprints import Accuracy, accuracy, measured


@pytest.mark.parametrize(
    ("groups", "events", "expected"),
    [
        pytest.param("aabb", "xxyy", Accuracy(1.0, 1.0, 1.0), id="as they are"),
        pytest.param("aaaa", "xxyy", Accuracy(0.0, 2 / 6, 1.0), id="too much alike"),
        pytest.param("abcd", "xxyy", Accuracy(0.0, 1.0, 0.0), id="too different"),
        pytest.param("aabc", "xxyy", Accuracy(0.5, 1.0, 0.5), id="one event of two"),
    ],
)
def test_accuracy_counts_rows_and_pairs(groups: str, events: str, expected: Accuracy) -> None:
    assert accuracy(groups, events) == expected


def test_a_system_is_measured_with_and_without_the_grouping(tmp_path: Path) -> None:
    names = ("Anna", "Ben", "Cem", "Dora")
    file = tmp_path / "rows.csv"
    file.write_text("Content,EventId\n" + "".join(f"the tag {name} is not known,E1\n" for name in names), "utf-8")
    assert measured(file) == (Accuracy(0.0, 1.0, 0.0), Accuracy(1.0, 1.0, 1.0))
