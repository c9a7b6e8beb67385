"""`postdeploy verdict`: what a gate asks about a run instead of reading verdict.json itself. It fails closed."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.model import Decision, UsageError
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.reading import Unreadable, read_file
from postdeploy.redaction import shown
from postdeploy.report.writing import LOCK
from postdeploy.system import exclusive, times
from postdeploy.system.exit_codes import ExitCode

_AHEAD = 60.0
"""Seconds that a verdict may be younger than now: two machines' clocks differ."""
_CURE = "Verify the deployment first, postdeploy smoke URL, or name the folder: --reports=DIR"


@dataclass(frozen=True, slots=True)
class Question:
    """Which verdict counts."""

    run_id: str | None
    """None: that of any run."""
    max_age: float
    """Seconds since the run finished."""


def show(
    run_id: Annotated[str | None, typer.Option(metavar="ID", help="Only that of this run (GitHub: run-id).")] = None,
    max_age: Annotated[
        str, typer.Option(metavar="DURATION", help="Only one whose run finished within this time.")
    ] = "10m",
    reports: Annotated[Path, typer.Option(metavar="DIR", help="The folder it was written to.")] = Path("reports"),
) -> None:
    """Show the verdict in reports/, and exit by it. For gates: an earlier run's verdict, or half of one, counts for nothing.

    Exit code 0: PASS. 1: FAIL. 10: nothing is proven, or there is no verdict of such a run.
    """
    try:
        question = Question(run_id, times.seconds_in(max_age))
    except UsageError as error:
        print(f"postdeploy: --max-age: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
    code, lines = _look(reports, question, dt.datetime.now(dt.UTC))
    for line in lines:
        print(shown(line))
    raise typer.Exit(code)


def _look(reports: Path, question: Question, now: dt.datetime) -> tuple[ExitCode, list[str]]:
    running = exclusive.holder(reports / LOCK)
    if running is not None:
        return ExitCode.INCONCLUSIVE, [f"INCONCLUSIVE: a run is still writing its verdict to {reports} ({running})."]
    try:
        document = read_file(reports / VERDICT)
    except (OSError, Unreadable) as error:
        why = error.strerror if isinstance(error, OSError) else error
        return ExitCode.INCONCLUSIVE, [f"INCONCLUSIVE: there is no verdict in {reports} ({why}). {_CURE}"]
    why_not = refused(document, question, now)
    code = ExitCode.INCONCLUSIVE if why_not else answered(document)
    found = f"{document.decision}: {document.summary}"
    about = f"run {document.run_id}, {document.started} to {document.finished}, {document.deployment.url}"
    return code, [f"INCONCLUSIVE: {why_not}." if why_not else found, f"  {about}"]


def refused(document: VerdictDocument, question: Question, now: dt.datetime) -> str | None:
    """Why a verdict is not the answer to the question."""
    if question.run_id is not None and (not question.run_id or document.run_id != question.run_id):
        return f"the verdict is of another run than {question.run_id or '(no run id was given)'}"
    age = (now - document.ended).total_seconds()
    if age > question.max_age:
        return f"the verdict is {times.span(age)} old"
    if age < -_AHEAD:
        return "the verdict is from the future: one of two clocks is wrong"
    return None


def answered(document: VerdictDocument) -> ExitCode:
    """What a verdict says. Of a run that was cut off a FAIL stands, and a PASS proves nothing."""
    if document.decision is Decision.PASS and not document.complete:
        return ExitCode.INCONCLUSIVE
    return ExitCode.of(document.decision)
