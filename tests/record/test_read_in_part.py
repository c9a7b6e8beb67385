"""What of the record was not read is said wherever something is concluded from it: with the verdict of every stage, in each place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.record import places
from tests.plugin.calls import LOGIN, run
from tests.record.runs import run as earlier_run

pytestmark = pytest.mark.processes

STAGES = {
    "smoke": ("-m", "smoke"),
    "watch": ("-m", "watch", "--watch=10m", "--logs=vercel"),
    "rollback": ("-m", "rollback", "--target=dpl_1"),
    "canary": ("-m", "canary", "--phase=before"),
}
PLACES = ("verdict.json", "verdict.md", "report.html", "summary", "terminal")
RUNBOOK = """schema = 1
[canary]
workspace = "00000000-0000-4000-8000-000000000001"
"""
KEYS = {
    "VERCEL_TOKEN": "the_token_of_nobody",
    "VERCEL_PROJECT_ID": "prj_1",
    "CANARY_DATABASE_URL": "postgresql://reader@127.0.0.1:1/none",
}


@pytest.fixture
def app(httpserver: HTTPServer) -> str:
    """A deployment whose page is there; signing in is impossible, and its platform knows nothing."""
    httpserver.expect_request("/").respond_with_data(LOGIN)
    httpserver.expect_request("/auth/login").respond_with_data(LOGIN)
    return httpserver.url_for("").rstrip("/")


def said(app: str, folder: Path, stage: str, record: Path) -> dict[str, str]:
    """Place → what a run of this stage writes there."""
    (folder / "runbook.toml").write_text(RUNBOOK, encoding="utf-8")
    reports, summary = folder / "reports", folder / "summary.md"
    given = (f"--base-url={app}", f"--reports={reports}", f"--record={record}", f"--runbook={folder / 'runbook.toml'}")
    keys = KEYS | {"VERCEL_API_URL": app, "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTIONS": "true"}
    _, output = run(*STAGES[stage], *given, **keys)
    written = {name: (reports / name).read_text(encoding="utf-8") for name in PLACES[:3]}
    return {**written, "summary": summary.read_text(encoding="utf-8"), "terminal": output}


def torn(folder: Path) -> Path:
    """A file whose first line was cut."""
    record = folder / "record.jsonl"
    record.write_bytes(b'{"schema": 1, "st\n' + json.dumps(json.loads(earlier_run("dpl_0"))).encode() + b"\n")
    return record


def of_a_later_version(folder: Path) -> Path:
    record = folder / "record.jsonl"
    record.write_bytes(b'{"schema": 7}\n' + json.dumps(json.loads(earlier_run("dpl_0"))).encode() + b"\n")
    return record


def too_many(folder: Path) -> Path:
    """A directory with more files than are read."""
    record = folder / "earlier"
    record.mkdir()
    for number in range(places._MOST_FILES + 1):
        (record / f"verdict-{number}.json").write_bytes(earlier_run("dpl_0"))
    return record


def too_large(folder: Path) -> Path:
    """A directory with a file that is larger than any verdict."""
    record = folder / "earlier"
    record.mkdir()
    os.truncate(os.open(record / "verdict.json", os.O_CREAT | os.O_RDWR), places._LARGEST + 1)
    return record


RECORDS = {
    torn: "line 1: not a verdict",
    of_a_later_version: "line 1: written by a newer version (schema 7)",
    too_many: "only the newest 500 of 501 files were read",
    too_large: "verdict.json: larger than 64 MB",
}


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_it_in_every_place(app: str, tmp_path: Path, stage: str) -> None:
    expected = "the record was read in part: line 1: not a verdict"
    told = said(app, tmp_path, stage, torn(tmp_path))
    assert [place for place in PLACES if expected not in told[place]] == [], told["terminal"]
    [finding] = [one for one in json.loads(told["verdict.json"])["findings"] if one["part"] == "record"]
    assert (finding["severity"], "nothing follows from what is missing there" in finding["summary"]) == ("warn", True)


@pytest.mark.parametrize(("record", "expected"), RECORDS.items(), ids=[each.__name__ for each in RECORDS])
def test_whatever_was_not_read_is_said(app: str, tmp_path: Path, record: object, expected: str) -> None:
    assert callable(record)
    told = said(app, tmp_path, "smoke", record(tmp_path))
    assert [place for place in PLACES if f"the record was read in part: {expected}" not in told[place]] == []


def test_a_record_that_was_read_whole_says_nothing(app: str, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    record.write_bytes(json.dumps(json.loads(earlier_run("dpl_0"))).encode() + b"\n")
    told = said(app, tmp_path, "rollback", record)
    assert [place for place in PLACES if "read in part" in told[place]] == []
