"""The lines of the revision path in the log."""

from __future__ import annotations

import pytest

from postdeploy.canary.lines import LineReader, RevisionLines
from postdeploy.logs.entry import LogEntry
from postdeploy.runbook.reading import read_runbook

PATH = "[Auto-Send Revision] "


def counted(*messages: str, requests: tuple[str | None, ...] = ()) -> RevisionLines:
    ids = requests or tuple(f"request-{each}" for each in range(len(messages)))
    rows = [LogEntry(at, message, request_id=id_) for at, (message, id_) in enumerate(zip(messages, ids, strict=True))]
    return LineReader(read_runbook()).count(rows)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(f"{PATH}draft revised", RevisionLines(1), id="an attempt"),
        pytest.param(f"{PATH}failed: deadline_exceeded", RevisionLines(1, deadline=1), id="deadline"),
        pytest.param("autoSendRevision: Deadline exceeded after 30 s", RevisionLines(1, deadline=1), id="… in words"),
        pytest.param(f"{PATH}Can't reach database server at `db:5432`", RevisionLines(1, database=1), id="database"),
        pytest.param(f"{PATH}code: 'P2024'", RevisionLines(1, database=1), id="the pool is exhausted"),
        pytest.param("Failed to fetch clients: Can't reach database server", RevisionLines(), id="another path"),
        pytest.param("deadline_exceeded in the calendar sync", RevisionLines(), id="a deadline of another path"),
    ],
)
def test_a_line_counts_for_what_it_says(message: str, expected: RevisionLines) -> None:
    assert counted(message) == expected


def test_requests_count_not_rows() -> None:
    lines = [f"{PATH}deadline_exceeded", f"{PATH}deadline_exceeded", f"{PATH}code: 'P1001'"]
    assert counted(*lines, requests=("a", "a", "a")) == RevisionLines(1, deadline=1)
    assert counted(*lines, requests=("a", "b", "c")) == RevisionLines(3, deadline=2, database=1)
    assert counted(*lines, requests=(None, None, None)) == RevisionLines(3, deadline=2, database=1)
