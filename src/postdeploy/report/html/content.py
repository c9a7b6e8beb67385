"""What report.html shows besides verdict.json: gathered from the run, and kept as report.json, so that the page can be built again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from postdeploy.model import CheckResult, Decision, EvidenceKind, Outcome, Recommendation, Sent
from postdeploy.record.document import VerdictDocument
from postdeploy.redaction import Redactor, blot
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import action, deployment_line, expected_to_help, headline
from postdeploy.report.html.pictures import picture_name
from postdeploy.report.links import page_about
from postdeploy.system import times
from postdeploy.verdict.verdict import Verdict

if TYPE_CHECKING:
    from postdeploy.record.entries import RecordedVerdict
    from postdeploy.verdict.comparison import Attempt, Comparison

_MOST_PAST = 20
_MOST_REQUESTS = 12


class Line(msgspec.Struct, frozen=True):
    """One line of evidence."""

    kind: EvidenceKind
    text: str


class SeenCheck(msgspec.Struct, frozen=True, kw_only=True):
    """How one check ended, with what it saw."""

    name: str
    part: str
    story: str
    outcome: Outcome
    summary: str = ""
    cure: str = ""
    seconds: float = 0.0
    evidence: tuple[Line, ...] = ()
    requests: tuple[str, ...] = ()
    """Its failed requests, with what leads to their log lines."""
    picture: str = ""
    """The name of its masked screenshot, without the ending."""


class ComparedAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One check on one deployment."""

    outcome: str
    says: str = ""


class ComparedCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A failing check, repeated at the same time on both deployments."""

    check: str
    last_good: ComparedAttempt
    this: ComparedAttempt


class PastDeployment(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on an earlier deployment."""

    name: str
    at: str
    decision: Decision
    recommendation: Recommendation | None = None
    commit: str = ""
    failing: tuple[str, ...] = ()
    seconds: float = 0.0


class ReportContent(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    run_id: str
    """Of the verdict that it belongs to."""
    headline: str
    """What to do, and what was proven."""
    action: str
    """What to do."""
    deployment: str = ""
    """Which one it is about, and its production state."""
    expected_to_help: str = ""
    """Of a rollback; empty: it is not the question."""
    page: str = ""
    """The page of docs/ about it."""
    checks: tuple[SeenCheck, ...] = ()
    compared: tuple[ComparedCheck, ...] = ()
    past: tuple[PastDeployment, ...] = ()
    """Deployments verified before, the newest first."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a page is made from: texts are redacted already."""

    document: VerdictDocument
    content: ReportContent
    note: str | None
    """The incident note."""
    picture: Callable[[str], str | None]
    """The name of a picture → its data URL; None: there is none."""
    allure: bool = False
    """Whether an Allure report stands next to it."""


def gathered(verdict: Verdict, facts: RunFacts, redact: Redactor) -> ReportContent:
    """What is known by now; every text redacted."""
    found = ReportContent(
        run_id=facts.run_id,
        headline=headline(verdict),
        action=action(verdict),
        deployment=deployment_line(facts),
        expected_to_help=expected_to_help(verdict) if verdict.will_help else "",
        page=page_about(verdict) or "",
        checks=tuple(_check(one) for one in (facts.preflight, *facts.results) if one),
        compared=tuple(_compared(one) for one in facts.compared),
        past=tuple(_past(facts.history)),
    )
    return msgspec.convert(blot(msgspec.to_builtins(found), redact), ReportContent)


def _check(result: CheckResult) -> SeenCheck:
    return SeenCheck(
        name=result.name,
        part=result.part,
        story=result.story,
        outcome=result.outcome,
        summary=result.summary,
        cure=result.cure,
        seconds=round(result.seconds, 2),
        evidence=tuple(Line(one.kind, one.text) for one in result.evidence),
        requests=tuple(_request(one) for one in result.sent if one.failed)[:_MOST_REQUESTS],
        picture=picture_name(result.name),
    )


def _request(sent: Sent) -> str:
    marks = {"digest": sent.digest, "ref": sent.ref, "request": sent.request_id}
    known = [f"{name} {value}" for name, value in marks.items() if value]
    return f"{sent.method} {sent.path} {sent.status or 'no answer'}" + (f"  ({', '.join(known)})" if known else "")


def _compared(comparison: Comparison) -> ComparedCheck:
    return ComparedCheck(
        check=comparison.check, last_good=_attempt(comparison.on_last_good), this=_attempt(comparison.on_this)
    )


def _attempt(attempt: Attempt) -> ComparedAttempt:
    return ComparedAttempt(outcome=attempt.ended.value, says=attempt.says)


def _past(entries: Iterable[RecordedVerdict]) -> list[PastDeployment]:
    """The last verdict on each of the newest deployments."""
    last: dict[str, RecordedVerdict] = {one.deployment or one.served.name: one for one in entries}
    newest = sorted(last.items(), key=lambda each: each[1].at, reverse=True)
    return [
        PastDeployment(
            name=name,
            at=times.iso(one.at, "seconds"),
            decision=one.decision,
            recommendation=one.recommendation,
            commit=one.commit,
            failing=one.failing,
            seconds=one.seconds,
        )
        for name, one in newest[:_MOST_PAST]
    ]
