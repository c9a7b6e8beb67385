"""What people and machines read: verdict.json, verdict.md, the terminal, GitHub."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.log_report import FindingLine, IncidentLine, LogProof, LogReport, LogTotals, LogWindow
from postdeploy.analysis.log_summary import unreadable
from postdeploy.analysis.saved_logs import LogQuery, examine
from postdeploy.model import (
    Cause,
    CheckResult,
    Deployment,
    EvidenceKind,
    EvidenceLine,
    Outcome,
    Recommendation,
    Severity,
    Stage,
)
from postdeploy.redaction import Redactor
from postdeploy.report import github as github_part
from postdeploy.report.facts import RunFacts
from postdeploy.report.links import page_about, web_address
from postdeploy.report.markdown import as_markdown
from postdeploy.report.terminal import summary_lines
from postdeploy.report.writing import as_json, write
from postdeploy.runbook.reading import read_runbook
from postdeploy.verdict.decision import Facts, judge
from postdeploy.verdict.verdict import UNFINISHED, Verdict

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
            result(
                "b",
                Outcome.FAILED,
                summary="hunter2hunter2 leaked",
                cause=Cause.DATABASE,
                evidence=(EvidenceLine("POST / 500", EvidenceKind.SEEN),),
            ),
        ),
        REQUIRED,
        not_measured={"session": "switched off by --without"},
    )
)
BLOCKED = judge(Facts((result("a", Outcome.BLOCKED, summary="a wall", cure="Take it away."),), REQUIRED))
LOG = LogReport(
    stage=Stage.WINDOW,
    says="window closed: 10 minutes, 4 unique Server Action errors, 210 requests",
    source="vercel",
    deployment="dpl_1",
    baseline="dpl_0",
    findings=(
        FindingLine(
            LogSubject.ERRORS,
            Severity.FAIL,
            "4 unique Server Action errors within the first 10 minutes",
            Cause.SERVER_ACTIONS,
            Recommendation.ROLL_BACK,
            ("3 × POST /: TypeError",),
        ),
        FindingLine(LogSubject.LINES, Severity.WARN, "error lines of the inbox without a debug id: 1 request"),
    ),
    incidents=(
        IncidentLine(
            fingerprint="0123456789ab",
            signal="server_action_error",
            route="POST /",
            words="TypeError: …",
            requests=3,
            own=1,
            first="2026-11-20T11:51:00.000+00:00",
            last="2026-11-20T11:53:00.000+00:00",
            new=True,
            example="TypeError: hunter2hunter2 is not a function",
        ),
    ),
    notes=("no error line of the inbox: nothing to confirm about debug ids",),
    window=LogWindow(
        opened="2026-11-20T11:50:00.000+00:00",
        source="by the platform's alias",
        closes="2026-11-20T12:00:00.000+00:00",
        judged_since="2026-11-20T11:50:00.000+00:00",
        judged_until="2026-11-20T12:00:00.000+00:00",
        seconds=600.0,
    ),
    proof=LogProof(
        proven=True, gaps=("11:52:00-11:52:10: the stream broke off",), sentinels=12, sentinels_found=12, latest=3.4
    ),
    totals=LogTotals(requests=210, actions=60, inbox=120, own=24, unique=4),
)
UNREAD = unreadable("no VERCEL_TOKEN", Stage.SMOKE, "Set VERCEL_TOKEN.")
SUPERSEDED = judge(Facts((result("a", Outcome.PASSED), result("b", Outcome.PASSED)), REQUIRED, successor="dpl_2"))


def facts(deployment: Deployment | None = None, log: LogReport | None = None) -> RunFacts:
    return RunFacts(
        "run-1",
        NOON,
        NOON + dt.timedelta(seconds=6),
        "https://app.example.com",
        deployment,
        2,
        stage=log.stage if log else Stage.SMOKE,
        log=log,
    )


@pytest.mark.parametrize("verdict", [PASS, FAIL, BLOCKED, SUPERSEDED, UNFINISHED])
@pytest.mark.parametrize("deployment", [None, Deployment("https://app.example.com", "dpl_1")])
@pytest.mark.parametrize("log", [None, LOG, UNREAD], ids=["no log", "a log", "a log that can't be read"])
def test_the_verdict_is_as_its_schema_says(
    verdict: Verdict, deployment: Deployment | None, log: LogReport | None
) -> None:
    written = json.loads(as_json(verdict, facts(deployment, log), REDACT))
    jsonschema.validate(written, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert (written["log"] is None, written["coverage"]["log"] is None) == (log is None, log is None)


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


@pytest.mark.parametrize(
    ("verdict", "first_line"),
    [
        (PASS, "KEEP this deployment — PASS, 1 warning"),
        (FAIL, "HOLD: do not roll back, as far as is known it would not help — FAIL"),
        (BLOCKED, "MEASURE AGAIN: nothing is proven — INCONCLUSIVE (blocked)"),
        (SUPERSEDED, "MEASURE AGAIN: nothing is proven — INCONCLUSIVE (superseded)"),
    ],
)
def test_the_first_line_says_what_to_do(verdict: Verdict, first_line: str) -> None:
    assert summary_lines(verdict, facts(), REDACT, {})[0] == first_line
    assert as_markdown(verdict, facts(), REDACT).startswith(f"**{first_line}**")


def test_the_first_screen_says_why_where_to_read_on_and_what_was_not_measured() -> None:
    screen = "\n".join(summary_lines(FAIL, facts(), REDACT, {"written to": Path("reports")}))
    assert "why           *** leaked" in screen
    assert "read on       docs/findings/database.md" in screen
    assert "not measured  session (switched off by --without)" in screen
    assert len(screen.splitlines()) <= 24


@pytest.mark.parametrize(
    ("verdict", "page"),
    [(PASS, None), (FAIL, "docs/findings/database.md"), (BLOCKED, "docs/findings/blocked.md")],
)
def test_each_verdict_leads_to_its_page(verdict: Verdict, page: str | None) -> None:
    assert page_about(verdict) == page


def test_a_page_is_linked_where_it_can_be_opened() -> None:
    github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/checks", "GITHUB_SHA": "abc"}
    assert web_address("docs/x.md", github) == "https://github.com/acme/checks/blob/abc/docs/x.md"
    assert web_address("docs/x.md", {}) == "../../docs/x.md"


def test_github_gets_a_summary_outputs_and_one_annotation(tmp_path: Path) -> None:
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    [annotation] = github_part.publish(FAIL, "**markdown**\n", environ)
    assert annotation.startswith("::error title=postdeploy::HOLD")
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "**markdown**\n"
    assert (tmp_path / "output").read_text(encoding="utf-8") == "decision=FAIL\nrecommendation=hold\n"
    assert github_part.publish(FAIL, "", {}) == []


def test_nothing_is_written_unredacted(tmp_path: Path) -> None:
    write(tmp_path, FAIL, facts(log=LOG), REDACT)
    assert [file.name for file in tmp_path.iterdir() if b"hunter2" in file.read_bytes()] == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["verdict.json", "verdict.md"]
