"""Where a verdict is read: verdict.json, report.html, the summary, the incident note, Allure, the terminal."""

from __future__ import annotations

import time
from pathlib import Path

from postdeploy.model import CheckResult, Decision, Outcome
from postdeploy.plugin.incident_note import NoteWriter
from postdeploy.plugin.terminal import Terminal
from postdeploy.report import allure, github
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import headline
from postdeploy.report.html import writing as html
from postdeploy.report.markdown import as_markdown
from postdeploy.report.terminal import check_lines, summary_lines
from postdeploy.report.writing import as_document, write
from postdeploy.run.run import Run
from postdeploy.verdict.verdict import Verdict

_GROWS_EVERY = 0.2
"""Seconds between two writings of a verdict that only grows, at least."""
_COLOURS = {Decision.PASS: "green", Decision.FAIL: "red", Decision.INCONCLUSIVE: "yellow"}


class Publisher:
    """Writes all of them. Everything passes the redactor."""

    def __init__(self, run: Run, terminal: Terminal, allure_folder: Path) -> None:
        self._run = run
        self._terminal = terminal
        self._allure_folder = allure_folder
        self._note = NoteWriter(run.plan, run.redact)
        self.unwritten: str | None = None
        """Why what was published last does not stand in the reports folder."""
        self._kept_at = 0.0

    def publish(self, verdict: Verdict, facts: RunFacts) -> None:
        """Write what is known by now, in place of what was written before."""
        self.keep(verdict, facts)
        try:
            self._note.publish(verdict, facts)
            self._describe(verdict, facts)
        except OSError as error:
            self.say(f"incident note or Allure context not written: {error.strerror or error}")
        self._write_page(verdict, facts)

    def grow(self, verdict: Verdict, facts: RunFacts) -> None:
        """Write the verdict alone, unless that was done this moment: a run that is killed leaves almost all of it."""
        if time.monotonic() - self._kept_at >= _GROWS_EVERY:
            self.keep(verdict, facts)

    def keep(self, verdict: Verdict, facts: RunFacts) -> None:
        """Write the verdict alone."""
        self._kept_at = time.monotonic()
        reports = self._run.plan.reports
        try:
            write(reports, verdict, facts, self._run.redact)
            self.unwritten = None
        except OSError as error:
            self.unwritten = (
                f"the verdict can't be written to {reports}: {error.strerror or error}. "
                "Make room, or give another folder: --reports=DIR"
            )

    def _write_page(self, verdict: Verdict, facts: RunFacts) -> None:
        try:
            html.write(self._run.plan.reports, verdict, facts, self._run.redact)
        except Exception as error:  # noqa: BLE001 - the verdict is written, and stands without it
            self.say(f"report.html is not written, {type(error).__name__}: {error}")

    def _describe(self, verdict: Verdict, facts: RunFacts) -> None:
        allure.write_context(
            self._allure_folder,
            {
                "deployment": facts.url,
                "build": facts.deployment.name if facts.deployment else "unknown",
                "verdict": headline(verdict),
                "why": self._run.redact(verdict.summary),
            },
            {"name": "postdeploy", "type": "pytest", "buildName": facts.run_id[:8]},
        )
        allure.write_history(self._allure_folder, facts.results, facts.history)

    def announce(self, result: CheckResult) -> None:
        """Show a check that did not pass, at once."""
        if result.outcome is not Outcome.NOT_REACHED:
            self._terminal.write(check_lines(result, self._run.redact), red=result.outcome is Outcome.FAILED)

    def say(self, line: str) -> None:
        """Show a line."""
        self._terminal.write([self._run.redact(line)])

    def show(self, verdict: Verdict, facts: RunFacts) -> None:
        """Show one screen, its first line what to do."""
        redact = self._run.redact
        document = as_document(verdict, facts)
        annotations = map(redact, github.publish(document, as_markdown(verdict, facts, redact)))
        reports = self._run.plan.reports
        written = {"written to": reports, "report": reports / html.FILE, **self._note.files}
        files = {} if self.unwritten else written
        first, *others = summary_lines(verdict, facts, redact, files)
        self._terminal.write(annotations)
        self._terminal.write(["", first], bold=True, **{_COLOURS[verdict.decision]: True})
        self._terminal.write([*others, *([self.unwritten] if self.unwritten else [])])
        self._terminal.flush()
