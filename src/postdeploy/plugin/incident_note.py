"""The incident note of a run: written with FAIL, removed with the verdict that it belongs to, continued by the proof of a rollback."""

from __future__ import annotations

from pathlib import Path

from postdeploy.model import Decision, UsageError
from postdeploy.redaction import Redactor
from postdeploy.report import incident_note, note_file
from postdeploy.report.facts import RunFacts
from postdeploy.report.links import place_of, web_address
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.report import RollbackReport
from postdeploy.run.options import Mode
from postdeploy.run.plan import Plan
from postdeploy.verdict.verdict import Verdict


class NoteWriter:
    """In the process that a person started."""

    def __init__(self, plan: Plan, redact: Redactor) -> None:
        self._directory = plan.reports
        self._redact = redact
        self._silent = plan.mode is Mode.CANARY
        """Whether no note is about this run, and one that is there stays."""
        self._continues = not plan.mode.verifies
        self._before = note_file.read(self._directory) if self._continues else None

    @property
    def files(self) -> dict[str, Path]:
        """The note, if there is one, under its label on the terminal."""
        path = self._directory / note_file.FILE
        return {"to paste": path} if path.is_file() else {}

    def publish(self, verdict: Verdict, facts: RunFacts) -> None:
        """Write the note, or remove that of an earlier verdict."""
        if self._silent:
            return
        if self._continues:
            text = incident_note.after_proof(self._before, verdict, facts, self._last_rollback())
        elif verdict.decision is Decision.FAIL:
            text = incident_note.written(verdict, facts, _link, self._last_rollback())
        else:
            note_file.remove(self._directory)
            return
        note_file.write(self._directory, text, self._redact)

    def _last_rollback(self) -> RollbackReport | None:
        try:
            return rollback_report.read(self._directory)
        except UsageError:
            return None


def _link(page: str) -> str:
    """The address of a page of docs/ for readers elsewhere: at GitHub, if the run was there; else its name."""
    address = web_address(page)
    return address if "://" in address else place_of(page)
