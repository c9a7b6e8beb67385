"""Two logs next to each other."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_diff import diff
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.record import baselines
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import TODAY, export_lines, healthy, rows, throws

RUNBOOK = read_runbook()


def log(folder: Path, **errors: int) -> Path:
    sent = [*healthy(100), *(throws(word, 60 + n) for word, many in errors.items() for n in range(many))]
    file = folder / ("-".join(f"{word}{many}" for word, many in errors.items()) or "healthy")
    file.write_bytes(export_lines(sorted(rows(sent), key=lambda row: row.at)))
    return file


def report(folder: Path, **errors: int) -> LogReport:
    return saved_logs.examine([str(log(folder, **errors))], LogQuery(), RUNBOOK, TODAY)


@pytest.mark.parametrize(
    ("now", "before", "changes"),
    [
        ({}, {}, []),
        ({"A": 2}, {"A": 2}, []),
        ({"A": 3}, {"A": 2}, []),
        ({"A": 1}, {}, [("new", 0, 1)]),
        ({}, {"A": 4}, [("gone", 4, 0)]),
        ({"A": 18}, {"A": 2}, [("more", 2, 18)]),
        ({"A": 1}, {"A": 15}, [("fewer", 15, 1)]),
        (
            {"A": 18, "B": 1, "C": 2},
            {"A": 2, "C": 2, "D": 5},
            [("new", 0, 1), ("more", 2, 18), ("gone", 5, 0)],
        ),
    ],
)
def test_what_is_not_as_before(
    tmp_path: Path, now: dict[str, int], before: dict[str, int], changes: list[tuple[str, int, int]]
) -> None:
    found = diff(report(tmp_path, **now), report(tmp_path, **before))
    assert found is not None
    assert [(one.change, one.before, one.now) for one in found] == changes


def test_fingerprints_of_another_version_are_not_compared(tmp_path: Path) -> None:
    here = report(tmp_path, A=1)
    assert diff(here, msgspec.structs.replace(here, fingerprint_version=1)) is None


def test_a_report_that_was_kept_is_as_good_as_its_log(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    before = report(tmp_path, A=2, B=3)
    kept.write_bytes(msgspec.json.encode(before))
    there = [baselines.report_of(str(file), RUNBOOK) for file in (kept, log(tmp_path, A=2, B=3))]
    assert [diff(report(tmp_path, A=2, C=1), one) for one in there] == [diff(report(tmp_path, A=2, C=1), before)] * 2
