"""The verdict of a run that has only begun."""

from __future__ import annotations

import datetime as dt
import uuid

from postdeploy.redaction import Redactor
from postdeploy.report import note_file
from postdeploy.report.facts import RunFacts
from postdeploy.report.html import pictures
from postdeploy.report.html import writing as html
from postdeploy.report.writing import write
from postdeploy.run.options import Options
from postdeploy.verdict.verdict import UNFINISHED


def replace_verdict(options: Options) -> None:
    """Replace an earlier verdict by INCONCLUSIVE "did not finish": it is not about this run, however this one ends."""
    now = dt.datetime.now(dt.UTC)
    facts = RunFacts(
        run_id=uuid.uuid4().hex, started=now, finished=now, url=options.base_url or "", deployment=None, checks=0
    )
    write(options.reports_folder, UNFINISHED, facts, Redactor())
    pictures.remove(options.reports_folder)
    html.write(options.reports_folder, UNFINISHED, facts, Redactor())
    if options.mode.verifies:  # the proof of a rollback continues the note that is there
        note_file.remove(options.reports_folder)
