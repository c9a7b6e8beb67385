"""Runs of the past, as verdict.json and as values."""

from __future__ import annotations

import datetime as dt
from itertools import count

from postdeploy.analysis.log_report import IncidentLine, LogProof, LogReport, LogTotals, LogWindow
from postdeploy.analysis.signals import FINGERPRINT_VERSION
from postdeploy.model import Decision, Deployment, PlatformIdentity, Recommendation, Severity, Stage
from postdeploy.record import entries
from postdeploy.record.entries import RecordedVerdict
from postdeploy.record.places import Place
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.writing import as_json
from postdeploy.verdict.verdict import Coverage, Finding, Verdict

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
HOST = "app.example.com"
PASS, FAIL, INCONCLUSIVE = Decision
_numbers = count(1)


def run(
    deployment: str | None,
    decision: Decision = PASS,
    stage: str = "smoke",
    minutes: float = 0.0,
    *,
    host: str = HOST,
    recommendation: Recommendation = Recommendation.INVESTIGATE,
    failing: tuple[str, ...] = ("test_a",),
    measured: tuple[str, ...] = ("login", "inbox"),
    log: LogReport | None = None,
    url: str = "",
    project: str = "",
    run_id: str = "",
    created: str = "",
    since: str = "",
) -> bytes:
    """The verdict.json of a run that ended so many minutes after noon."""
    verdict = Verdict(
        decision,
        recommendation if decision is FAIL else Recommendation.KEEP,
        f"{decision} it is",
        findings=tuple(Finding("inbox", Severity.FAIL, "broken", check=one) for one in failing if decision is FAIL),
        coverage=Coverage(measured),
    )
    ended = NOON + dt.timedelta(minutes=minutes)
    facts = RunFacts(
        run_id or f"run-{next(_numbers)}",
        ended - dt.timedelta(seconds=9),
        ended,
        f"https://{host}",
        Deployment(f"https://{host}", deployment),
        9,
        stage=Stage(stage),
        log=log,
        platform=PlatformIdentity(deployment, url, "c0ffee", created, project, since)
        if deployment and (url or project)
        else None,
    )
    return as_json(verdict, facts, Redactor())


def earlier(*arguments: object, **options: object) -> RecordedVerdict:
    """The same as a value."""
    return entries.parse(run(*arguments, **options))  # type: ignore[arg-type]


def log(
    deployment: str,
    *fingerprints: str,
    proven: bool = True,
    requests: int = 200,
    example: str = "",
    version: int = FINGERPRINT_VERSION,
) -> LogReport:
    """What the log of a deployment said in its first ten minutes."""
    moment = NOON.isoformat()
    return LogReport(
        stage=Stage.WINDOW,
        says="window clean",
        deployment=deployment,
        fingerprint_version=version,
        incidents=tuple(
            IncidentLine(one, "server_action_error", "POST /", "Error", 2, 0, moment, moment, None, example)
            for one in fingerprints
        ),
        window=LogWindow(opened=moment, closes=moment, judged_since=moment, judged_until=moment, seconds=600.0),
        proof=LogProof(proven=proven),
        totals=LogTotals(requests=requests),
    )


def deployments(place: Place) -> list[str]:
    """The deployments of a record, from old to new."""
    return [one.deployment for one in place.read().entries]
