"""Each check: its evidence, in the process that runs it."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from postdeploy.model import (
    Blocked,
    Cause,
    CheckResult,
    Deployment,
    Diagnosis,
    EvidenceKind,
    EvidenceLine,
    Misbehaved,
    NotReached,
    Outcome,
    Sent,
    Unproven,
    evidence_lines,
)
from postdeploy.page.app.answers import is_list, opens_conversation
from postdeploy.page.journal import Kind
from postdeploy.plugin.completion import Completion
from postdeploy.plugin.selection import name_of, subject_of
from postdeploy.plugin.stash import PROPERTY
from postdeploy.report import allure
from postdeploy.report.html import pictures
from postdeploy.report.html.pictures import picture_name
from postdeploy.report.links import web_address
from postdeploy.report.terminal import check_lines
from postdeploy.run.run import Run
from postdeploy.target import drift

_JUMP = 5.0
"""Seconds. A clock that is slewed (NTP) moves by less."""


class Recorder:
    """Turns the end of each check into a CheckResult and sends it along with the report."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self.run = run
        self.allure = allure.listen(run.redact, web_address)
        config.add_cleanup(allure.stop)
        config.add_cleanup(self._scrub)
        self._results = Path(config.option.allure_report_dir)
        self._began = 0.0
        self._clock = 0.0
        self._completion = Completion()
        self._taken = 0
        """How many of the target's requests are in results."""

    def _scrub(self) -> None:
        self.run.redact.scrub(self._results)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Evidence begins before the check's fixtures are set up."""
        self._began, self._clock = time.monotonic(), _clock()
        self.run.evidence.begin()
        self.allure.check = None
        self._completion = Completion()
        self._completion.follow(item)

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Innermost, so that everyone else (Allure, the terminal) sees the redacted report."""
        outcome = yield
        made: pytest.TestReport = outcome.get_result()
        if made.when == "teardown" and made.passed:
            return
        if made.when == "setup" and made.passed:
            return
        self._learn_names()
        result = self._result(item, call, made)
        self.allure.check = result
        self._attach(result)
        self._picture(result)
        if result.outcome in (Outcome.BLOCKED, Outcome.UNPROVEN, Outcome.NOT_REACHED):
            made.outcome = "skipped"
        elif result.outcome is not Outcome.PASSED:
            made.outcome = "failed"
        if made.outcome == "skipped":
            made.longrepr = (str(item.path), 0, self.run.redact(f"{result.outcome}: {result.summary}"))
        elif made.failed:
            made.longrepr = "\n".join(check_lines(result, self.run.redact))
        made.sections = [(name, self.run.redact(text)) for name, text in made.sections]
        made.user_properties.append((PROPERTY, msgspec.json.encode(result).decode()))

    def _result(self, item: pytest.Item, call: pytest.CallInfo[None], made: pytest.TestReport) -> CheckResult:
        name = name_of(item, self.run.plan.subjects)
        part = self.run.runbook.part_of(name) or item.path.stem.removeprefix("test_")
        story = " ".join((getattr(item, "obj", None).__doc__ or "").split())
        subject = subject_of(item, self.run.plan.subjects)
        story = f"{subject}: {story}" if subject else story
        evidence = self.run.evidence
        error = call.excinfo.value if call.excinfo else self._completion.raised
        result = CheckResult(
            name=name,
            part=part,
            outcome=Outcome.PASSED,
            story=story,
            subject=subject or "",
            node_id=item.nodeid,
            warnings=tuple(self.run.redact(warning) for warning in dict.fromkeys(_taken(evidence.warnings))),
            writes=tuple(dict.fromkeys([*evidence.writes, *self._side_effects()])),
            sent=self._sent(whole=error is not None),
            served=self._served(),
            access=tuple(sorted(evidence.seen.answers.access)) if evidence.seen else (),
            seconds=time.monotonic() - self._began,
        )
        doubt = self._completion.doubt() if call.excinfo is None else None
        if doubt:
            return _replace(result, outcome=Outcome.UNPROVEN, summary=doubt)
        if error is None:
            return drift.attributed(result, self.run.deployment)
        if isinstance(error, Blocked):
            return _replace(result, outcome=Outcome.BLOCKED, summary=error.what, cure=error.cure)
        if isinstance(error, Unproven):
            return _replace(result, outcome=Outcome.UNPROVEN, summary=self.run.redact(str(error)))
        if isinstance(error, NotReached) or made.skipped:
            return _replace(result, outcome=Outcome.NOT_REACHED, summary=str(error))
        jump = _clock() - self._clock
        if isinstance(error, AssertionError) and abs(jump) > _JUMP:
            what = f"this machine's clock jumped by {jump:.0f} s during the check (a sleep, or a clock that was set)"
            return _replace(result, outcome=Outcome.UNPROVEN, summary=f"{what}: what it waited for proves nothing")
        if isinstance(error, AssertionError):
            failed = self._misbehaved(result, error, item.get_closest_marker("means"))
            return drift.attributed(failed, self.run.deployment)
        words = self.run.redact(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        trace = evidence_lines(self.run.redact(str(made.longrepr)).splitlines()[-12:])
        return _replace(result, outcome=Outcome.BROKEN, summary=words, evidence=trace)

    def _misbehaved(self, result: CheckResult, error: AssertionError, means: pytest.Mark | None) -> CheckResult:
        evidence = self.run.evidence
        found = (error.diagnosis if isinstance(error, Misbehaved) else None) or evidence.diagnosis
        if found is None and means:
            found = Diagnosis(*means.args)
        expected = str(error).splitlines()[0] if isinstance(error, Misbehaved) else ""
        lines = [EvidenceLine(result.story, EvidenceKind.EXPECTED)]
        if expected:
            lines.append(EvidenceLine(expected, EvidenceKind.HAPPENED))
        screen = evidence.sight.screen if evidence.sight else evidence.seen.screen if evidence.seen else None
        if screen:
            lines.append(EvidenceLine(screen.describe(), EvidenceKind.PAGE))
        if not evidence.diagnosis and not expected:
            lines.append(EvidenceLine(" ".join(str(error).split())[:300], EvidenceKind.COMPARED))
        lines += evidence_lines(found.evidence if found else (), EvidenceKind.SEEN)
        superseded = not evidence.about_pinned and not self.run.still_pinned()
        if superseded:
            lines.append(EvidenceLine("by now another deployment answers", EvidenceKind.SERVED))
        return _replace(
            result,
            outcome=Outcome.FAILED,
            summary=self.run.redact(_sentence(found, expected) or f"not so: {result.story}"),
            cause=found.cause if found else None,
            recommendation=found.recommendation if found else None,
            commands=found.commands if found else (),
            evidence=tuple(replace(line, text=self.run.redact(line.text)) for line in lines),
            superseded=superseded,
            no_read_succeeds=bool(found and found.no_read_succeeds),
            saturated=bool(found and found.saturated) or bool(evidence.sight and evidence.sight.saturated),
        )

    def _sent(self, *, whole: bool) -> tuple[Sent, ...]:
        """The requests of this check's browser and its probes, to be found in the log.

        `whole`: a shared page has a past.
        """
        seen, began = self.run.evidence.seen, 0.0 if whole else self.run.evidence.began
        journal = [one for one in seen.journal if one.started >= began] if seen else []
        return (
            tuple(
                Sent(
                    one.method,
                    one.path.partition("?")[0],
                    one.started,
                    status=one.status,
                    request_id=one.request_id,
                    ref=one.ref,
                    digest=one.digest,
                    failed=one.failed and one.status is not None,
                )
                for one in (*journal, *self.run.evidence.probes)
            )
            + self._answered()
        )

    def _answered(self) -> tuple[Sent, ...]:
        """What the page's own recorder does not report: prefetches, what came after a check, and requests outside the browser."""
        taken = (*self.run.evidence.answered, *self.run.target.sent[self._taken :])
        self.run.evidence.answered.clear()
        self._taken = len(self.run.target.sent)
        return taken

    def _side_effects(self) -> Iterator[tuple[str, str]]:
        """What the requests of this check's browser leave behind in the app, counted from what was sent and answered."""
        seen, runbook = self.run.evidence.seen, self.run.runbook
        for one in seen.journal if seen else ():
            if one.kind is not Kind.API or one.status is None or one.started < self.run.evidence.began:
                continue
            if opens_conversation(one, runbook):
                yield runbook.writes.conversation, one.path
            elif not is_list(one, runbook) and runbook.writes.counts:
                yield runbook.writes.counts, one.path

    def _served(self) -> tuple[Deployment, ...]:
        """The builds that the pages of this check's browser came from."""
        seen = self.run.evidence.seen
        return seen.builds_since(self.run.evidence.began) if seen else ()

    def _attach(self, result: CheckResult) -> None:
        for title, text in self.run.evidence.texts.items():
            allure.attach(title, text, self.run.redact)
        if self.run.evidence.probes:
            allure.attach("probes", "\n".join(one.line() for one in self.run.evidence.probes), self.run.redact)
        seen = self.run.evidence.seen
        if seen is None:
            return
        began = 0.0 if result.outcome is Outcome.FAILED else self.run.evidence.began  # a shared page has a past
        journal = [one.line() for one in seen.journal if one.started >= began]
        errors = [f"console: {text}" for text in seen.console_errors + seen.bystander_lines]
        errors += [f"page error: {text}" for text in seen.page_errors + seen.bystander_errors]
        if journal or errors:
            allure.attach("journal", "\n".join(journal + errors), self.run.redact)
        if result.outcome is Outcome.FAILED and self.run.evidence.screenshot:
            allure.attach("screenshot", self.run.evidence.screenshot, self.run.redact)

    def _picture(self, result: CheckResult) -> None:
        """The page as it was when the check ended, for the report."""
        evidence = self.run.evidence
        if result.outcome not in (Outcome.PASSED, Outcome.FAILED):
            return
        picture = evidence.screenshot or (evidence.frame() if evidence.frame else None)
        if picture:
            pictures.keep(self.run.plan.reports, picture_name(result.name), picture)

    def _learn_names(self) -> None:
        if self.run.evidence.seen:
            nameless = self.run.runbook.meaning.nonsense_texts
            self.run.redact.learn_names(self.run.evidence.seen.answers.names.difference(nameless))


def _taken(warnings: list[str]) -> list[str]:
    taken = warnings[:]
    del warnings[: len(taken)]
    return taken


def _clock() -> float:
    """The time of day against the time that has passed: it stays the same unless the machine sleeps or its clock is set."""
    return time.time() - time.monotonic()


def _sentence(found: Diagnosis | None, expected: str) -> str:
    """What to say first: the cause, where it is known; else what the check was doing, and what is shown."""
    if found is None:
        return expected
    return f"{expected}; {found.sentence}" if found.cause is Cause.UNKNOWN and expected else found.sentence


def _replace(result: CheckResult, **changes: Any) -> CheckResult:
    return replace(result, **changes)
