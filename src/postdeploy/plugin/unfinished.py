"""What stands in the reports folder while a run is not finished, in place of an earlier verdict."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from postdeploy.model import Decision
from postdeploy.record.document import VERDICT
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.html import pictures
from postdeploy.report.html import writing as html
from postdeploy.report.writing import write
from postdeploy.verdict.verdict import UNFINISHED


def write_unfinished(reports: Path, run_id: str, started: dt.datetime, url: str) -> None:
    """Write that the run did not finish.

    Raises:
        OSError: it can't be written; what could be removed of an earlier verdict is.
    """
    facts = RunFacts(run_id=run_id, started=started, finished=started, url=url, deployment=None, checks=0)
    try:
        write(reports, UNFINISHED, facts, Redactor())
        pictures.remove(reports)
        html.write(reports, UNFINISHED, facts, Redactor())
    except OSError:  # a full disk: what can't be replaced can still be removed
        (reports / VERDICT).unlink(missing_ok=True)
        (reports / html.FILE).unlink(missing_ok=True)
        raise


def stands(reports: Path) -> bool:
    """Whether there is a verdict."""
    return (reports / VERDICT).exists()


def is_written(reports: Path, run_id: str, decision: Decision) -> bool:
    """Whether verdict.json is this run's, with its decision: another option, or GitHub's summary, may be written to the same file."""
    try:
        found = json.loads((reports / VERDICT).read_bytes())
        return bool((found["run_id"], found["decision"]) == (run_id, decision))
    except (OSError, ValueError, LookupError, TypeError):
        return False
