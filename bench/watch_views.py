"""Views of a watch as they come and go in an hour: for the picture and for the tests. Made up, by the types of the real ones."""

from __future__ import annotations

from postdeploy.analysis.log_report import IncidentLine, LogReport, LogTotals
from postdeploy.model import Stage
from postdeploy.report.watch_view import WatchView
from postdeploy.uptime.journey import Sample, SampleGap, UptimeReport

URL, DEPLOYMENT = "https://app.example.com", "dpl_8Vq2mT5xKc"


def incident(at: int, words: str, *, new: bool | None, requests: int = 3) -> IncidentLine:
    """One line of the incidents."""
    when = "2026-11-30T12:00:00+00:00"
    return IncidentLine(f"f{at}", "server_action_error", "POST /", words, requests, 0, when, when, new, "")


def quiet(**differs: object) -> WatchView:
    """Eleven minutes of traffic without an error."""
    minutes = tuple((minute, 20 + 7 * (minute % 4), 0) for minute in range(11))
    requests = sum(each for _, each, _ in minutes)
    log = LogReport(
        stage=Stage.WINDOW, says="", totals=LogTotals(requests=requests), minutes=minutes, deployment=DEPLOYMENT
    )
    journeys = tuple(Sample(300.0 * each, 1.4 + 0.2 * each, passed=True) for each in range(3))
    facts: dict[str, object] = {
        "url": URL,
        "deployment": DEPLOYMENT,
        "verdict": "no failure; PASS is only given at the end",
        "log": log,
        "left": 2940.0,
        "whole": 3600.0,
        "inbox": UptimeReport(660.0, journeys),
        "watches_inbox": True,
        "slo": ("3 of 3 journeys passed: availability at least 36.8 % with 95 % confidence; median 1.6 s, p95 1.8 s",),
        "next": (("probe", 24.0), ("journey", 261.0), ("verdict", 2940.0)),
    }
    return WatchView(**(facts | differs))  # type: ignore[arg-type]


def troubled() -> WatchView:
    """Three errors that the last-good deployment does not have, one it has, and a journey that failed."""
    minutes = tuple((minute, 30 + 9 * (minute % 3), max(0, minute - 30)) for minute in range(36))
    incidents = (
        incident(1, "TypeError: Cannot read properties of undefined (reading …)", new=True, requests=14),
        incident(2, "Invariant: the draft … has no revision", new=True, requests=5),
        incident(3, "PrismaClientKnownRequestError: P2025, an operation failed", new=True),
        incident(4, "Failed to find Server Action …", new=False, requests=9),
    )
    totals = LogTotals(requests=1_404, unique=3)
    log = LogReport(stage=Stage.WINDOW, says="", totals=totals, minutes=minutes, incidents=incidents)
    journeys = (
        *(Sample(300.0 * each, 1.5, passed=True) for each in range(6)),
        Sample(1800.0, 9.0, False, "the list fails"),
    )
    report = UptimeReport(2160.0, journeys, gaps=(SampleGap(900.0, 960.0, "no network"),))
    verdict = "a journey failed: it is repeated once before it counts"
    slo = ("6 of 7 journeys passed: availability at least 47.9 % with 95 % confidence; median 1.5 s, p95 9.0 s",)
    return quiet(log=log, inbox=report, slo=slo, verdict=verdict, left=1440.0, next=(("journey (the repeat)", 21.0),))
