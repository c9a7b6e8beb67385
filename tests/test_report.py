"""What people and machines read: verdict.json, verdict.md, the terminal, GitHub."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from postdeploy import report
from postdeploy.decision import Facts, judge
from postdeploy.model import Cause, CheckResult, Deployment, Outcome, Verdict
from postdeploy.redaction import Redactor

SCHEMA = json.loads((Path(__file__).parents[1] / "docs/verdict.schema.json").read_text(encoding="utf-8"))
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
REQUIRED = {"a": "login", "b": "inbox"}
REDACT = Redactor(["hunter2hunter2"])


def result(name: str, outcome: Outcome, **more: object) -> CheckResult:
    return CheckResult(name, REQUIRED[name], outcome, story=f"The story of {name}.", **more)  # type: ignore[arg-type]


PASS = judge(Facts((result("a", Outcome.PASSED), result("b", Outcome.PASSED, warnings=("slow",))), REQUIRED))
FAIL = judge(
    Facts(
        (
            result("a", Outcome.PASSED),
            result("b", Outcome.FAILED, summary="hunter2hunter2 leaked", cause=Cause.DATABASE, evidence=("seen",)),
        ),
        REQUIRED,
        not_measured={"session": "switched off by --without"},
    )
)
BLOCKED = judge(Facts((result("a", Outcome.BLOCKED, summary="a wall", cure="Take it away."),), REQUIRED))
SUPERSEDED = judge(Facts((result("a", Outcome.PASSED), result("b", Outcome.PASSED)), REQUIRED, successor="dpl_2"))


def facts(deployment: Deployment | None = None) -> report.RunFacts:
    return report.RunFacts("run-1", NOON, NOON + dt.timedelta(seconds=6), "https://app.example.com", deployment, 2)


@pytest.mark.parametrize("verdict", [PASS, FAIL, BLOCKED, SUPERSEDED, report.UNFINISHED])
@pytest.mark.parametrize("deployment", [None, Deployment("https://app.example.com", "dpl_1")])
def test_the_verdict_is_as_its_schema_says(verdict: Verdict, deployment: Deployment | None) -> None:
    written = json.loads(report.as_json(verdict, facts(deployment), REDACT))
    jsonschema.validate(written, SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(
    ("verdict", "first_line"),
    [
        (PASS, "KEEP this deployment — PASS, 1 warning"),
        (FAIL, "HOLD: the database or the auth service is out, a rollback can't bring it back — FAIL"),
        (BLOCKED, "MEASURE AGAIN: nothing is proven — INCONCLUSIVE (blocked)"),
        (SUPERSEDED, "MEASURE AGAIN: nothing is proven — INCONCLUSIVE (superseded)"),
    ],
)
def test_the_first_line_says_what_to_do(verdict: Verdict, first_line: str) -> None:
    assert report.summary_lines(verdict, facts(), REDACT, {})[0] == first_line
    assert report.as_markdown(verdict, facts(), REDACT).startswith(f"**{first_line}**")


def test_the_first_screen_says_why_where_to_read_on_and_what_was_not_measured() -> None:
    screen = "\n".join(report.summary_lines(FAIL, facts(), REDACT, {"written to": Path("reports")}))
    assert "why           *** leaked" in screen
    assert "read on       docs/findings/database.md" in screen
    assert "not measured  session (switched off by --without)" in screen
    assert len(screen.splitlines()) <= 24


@pytest.mark.parametrize(
    ("verdict", "page"),
    [(PASS, None), (FAIL, "docs/findings/database.md"), (BLOCKED, "docs/findings/blocked.md")],
)
def test_each_verdict_leads_to_its_page(verdict: Verdict, page: str | None) -> None:
    assert report.reads_on(verdict) == page


def test_a_page_is_linked_where_it_can_be_opened() -> None:
    github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/checks", "GITHUB_SHA": "abc"}
    assert report.web_address("docs/x.md", github) == "https://github.com/acme/checks/blob/abc/docs/x.md"
    assert report.web_address("docs/x.md", {}) == "../../docs/x.md"


def test_github_gets_a_summary_outputs_and_one_annotation(tmp_path: Path) -> None:
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    [annotation] = report.tell_github(FAIL, "**markdown**\n", environ)
    assert annotation.startswith("::error title=postdeploy::HOLD")
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "**markdown**\n"
    assert (tmp_path / "output").read_text(encoding="utf-8") == "decision=FAIL\nrecommendation=hold\n"
    assert report.tell_github(FAIL, "", {}) == []


def test_nothing_is_written_unredacted(tmp_path: Path) -> None:
    report.write(tmp_path, FAIL, facts(), REDACT)
    assert [file.name for file in tmp_path.iterdir() if b"hunter2" in file.read_bytes()] == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["verdict.json", "verdict.md"]
