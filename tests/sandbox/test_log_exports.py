"""The logs as files: every format has exactly its fields, and tells of the same rows."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from sandbox.logs import Logs
from sandbox.platform import Project
from sandbox.platform.exports import CSV_FIELDS, FORMATS, JSON_FIELDS, export
from tests.sandbox.conftest import TEAM
from tests.sandbox.rows import DIGEST, happened

PROJECT = Project("prj_1", "inbox", TEAM, 0)


@pytest.fixture
def filled(logs: Logs) -> Logs:
    """One failed Server Action, one healthy read."""
    happened(logs, 1, DIGEST + "x" * 2000, ago=3)
    happened(logs, 2, status=200, ago=2, path="/api/inbox/counts")
    return logs


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def test_the_dashboards_json_repeats_the_status_on_every_row(filled: Logs) -> None:
    rows = json.loads(export(filled, PROJECT, "dashboard-json"))
    assert all(tuple(row) == JSON_FIELDS for row in rows)
    assert [(row["type"], row["function"], row["responseStatusCode"], row["level"]) for row in rows] == [
        ("function", "/api/inbox/counts", 200, ""),
        ("function", "/", 500, ""),
        ("middleware", "middleware", 500, ""),
        ("function", "/", 500, "error"),
    ]
    assert (rows[-1]["requestPath"], rows[-1]["requestQueryString"]) == ("localhost:3000/", "a=1")
    assert len(rows[-1]["message"]) == 1000
    assert len({row["requestId"] for row in rows}) == 2


def test_the_dashboards_csv_has_thirty_columns(filled: Logs) -> None:
    reader = csv.DictReader(io.StringIO(export(filled, PROJECT, "dashboard-csv").decode(), newline=""))
    rows = list(reader)
    assert tuple(reader.fieldnames or ()) == CSV_FIELDS
    assert len(CSV_FIELDS) == 30
    assert "\n" in rows[-1]["message"]
    assert len(rows) == 4


def test_the_older_command_prints_requests(filled: Logs) -> None:
    healthy, failed = lines(export(filled, PROJECT, "cli-63"))
    assert (healthy["responseStatusCode"], failed["responseStatusCode"]) == (200, 500)
    assert (failed["level"], len(failed["logs"])) == ("error", 1)


def test_the_newer_command_prints_what_was_written_and_a_summary(filled: Logs) -> None:
    log, summary = lines(export(filled, PROJECT, "cli-64"))
    assert (log["type"], log["data"]["requestPath"], summary["recordsReturned"]) == ("log", "/", 1)
    assert "httpStatus" not in log["data"]


def test_both_drains_are_sent_the_same(filled: Logs) -> None:
    records = lines(export(filled, PROJECT, "drain-ndjson"))
    assert json.loads(export(filled, PROJECT, "drain-json")) == records
    assert [record["source"] for record in records] == ["lambda", "edge", "lambda", "lambda"]
    assert (records[0]["type"], records[0]["proxy"]["statusCode"]) == ("stderr", 500)
    assert len(records[0]["message"]) > 2000


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_that_happened_is_a_file_as_well(logs: Logs, format_: Any) -> None:
    assert export(logs, PROJECT, format_) is not None
