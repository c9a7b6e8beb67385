"""verdict.json and verdict.md."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery, examine
from postdeploy.model import Deployment
from postdeploy.report.markdown import as_markdown
from postdeploy.report.writing import as_json, write
from postdeploy.runbook.reading import read_runbook
from postdeploy.verdict.verdict import UNFINISHED, Verdict
from tests.report.samples import BLOCKED, FAIL, LOG, NOON, PASS, REDACT, SUPERSEDED, UNREAD, facts

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/verdict.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("verdict", [PASS, FAIL, BLOCKED, SUPERSEDED, UNFINISHED])
@pytest.mark.parametrize("deployment", [None, Deployment("https://app.example.com", "dpl_1")])
@pytest.mark.parametrize("log", [None, LOG, UNREAD], ids=["no log", "a log", "a log that can't be read"])
def test_the_verdict_is_as_its_schema_says(
    verdict: Verdict, deployment: Deployment | None, log: LogReport | None
) -> None:
    written = json.loads(as_json(verdict, facts(deployment, log), REDACT))
    jsonschema.validate(written, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert (written["log"] is None, written["coverage"]["log"] is None) == (log is None, log is None)


@pytest.mark.parametrize("awaited", ["", "comparing with the last-good deployment, if one is known: up to 30 s"])
@pytest.mark.parametrize("verdict", [PASS, FAIL, BLOCKED])
def test_what_is_awaited_stands_in_both(verdict: Verdict, awaited: str, tmp_path: Path) -> None:
    write(tmp_path, replace(verdict, provisional=awaited), facts(), REDACT)
    assert json.loads((tmp_path / "verdict.json").read_bytes())["provisional"] is bool(awaited)
    text = (tmp_path / "verdict.md").read_text(encoding="utf-8")
    assert (f"| provisional | {awaited} |" in text) is bool(awaited)
    assert ("provisional" in text) is bool(awaited)


def test_what_a_real_log_says_is_as_the_schema_says(tmp_path: Path) -> None:
    row = {
        "timestampInMs": 1795608000000,
        "requestPath": "x.test/",
        "requestMethod": "POST",
        "environment": "production",
    }
    rows = [
        row | {"responseStatusCode": 500, "requestId": f"a-{at}-b", "level": "error", "message": message}
        for at, message in enumerate(
            ["TypeError: boom", "P1001: Can't reach database server", "mail to a@example.com failed"]
        )
    ]
    (tmp_path / "log.ndjson").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    log = examine([str(tmp_path / "log.ndjson")], LogQuery(), read_runbook(), NOON.date())
    written = json.loads(as_json(PASS, facts(log=log), REDACT))
    jsonschema.validate(written, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert len(written["log"]["incidents"]) > 3
    assert "a@example.com" not in json.dumps(written)


def test_nothing_is_written_unredacted(tmp_path: Path) -> None:
    write(tmp_path, FAIL, facts(log=LOG), REDACT)
    assert [file.name for file in tmp_path.iterdir() if b"hunter2" in file.read_bytes()] == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["verdict.json", "verdict.md"]


@pytest.mark.parametrize(
    "said",
    [
        "![x](https://evil.test/p.png)",
        "<img src=x>",
        "@everyone",
        "a | b",
        "`code`",
        "one\n## two",
        "[a](https://b.test)",
    ],
)
def test_what_a_page_wrote_is_text_in_verdict_md(said: str) -> None:
    verdict = replace(UNFINISHED, summary=f"the page says {said}")
    text = as_markdown(verdict, facts(None, None), REDACT)
    for raw in ("![", "<img", "@everyone", "`code`", "\n## two", "[a]("):
        assert raw not in text.replace("\\|", "").replace("\\[", "")
