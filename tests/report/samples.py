"""Verdicts, and what is known of their runs, for the tests of the reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.log_report import FindingLine, IncidentLine, LogProof, LogReport, LogTotals, LogWindow
from postdeploy.analysis.log_summary import unreadable
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
from postdeploy.report.facts import RunFacts
from postdeploy.verdict.decision import Facts, judge
from tests.builders import result

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
REQUIRED = {"a": "login", "b": "inbox"}
REDACT = Redactor(["hunter2hunter2"])


def ended(name: str, outcome: Outcome, **more: Any) -> CheckResult:
    return result(name, outcome, REQUIRED[name], story=f"The story of {name}.", **more)


PASS = judge(Facts((ended("a", Outcome.PASSED), ended("b", Outcome.PASSED, warnings=("slow",))), REQUIRED))
FAIL = judge(
    Facts(
        (
            ended("a", Outcome.PASSED),
            ended(
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
BLOCKED = judge(Facts((ended("a", Outcome.BLOCKED, summary="a wall", cure="Take it away."),), REQUIRED))
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
SUPERSEDED = judge(Facts((ended("a", Outcome.PASSED), ended("b", Outcome.PASSED)), REQUIRED, successor="dpl_2"))


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
