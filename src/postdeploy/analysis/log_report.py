"""What the log said, as a value that can be written and read again: by the checks, in verdict.json, as a later run's baseline."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from postdeploy.analysis import rates
from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.findings import LogFinding, LogSubject, line_of
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.known_before import KnownSplit
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import Shows, Span
from postdeploy.logs.window import Proof, Seen
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times


class FindingLine(msgspec.Struct, frozen=True):
    """One judgement, with its incidents in lines for people."""

    subject: LogSubject
    severity: Severity
    sentence: str
    cause: Cause | None = None
    recommendation: Recommendation | None = None
    lines: tuple[str, ...] = ()


class IncidentLine(msgspec.Struct, frozen=True):
    """One incident, as the table shows it."""

    fingerprint: str
    signal: str
    route: str
    words: str
    requests: int
    own: int
    first: str
    """ISO, UTC."""
    last: str
    new: bool | None
    example: str


class LogReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run says about the log."""

    stage: str
    """smoke: what was seen until now; window: the whole window."""
    says: str
    """The first screen's sentence."""
    source: str = ""
    early: bool = False
    """It was decided before the end was waited for: nothing is said about what is missing."""
    deployment: str | None = None
    opened: str = ""
    """When the deployment got production traffic, ISO, UTC by the platform's clock; how that is known stands in `told_by`."""
    told_by: str = ""
    closes: str = ""
    judged_since: str = ""
    judged_until: str = ""
    seconds: float = 0.0
    proven: bool = False
    missing: tuple[str, ...] = ()
    """What is not proven."""
    gaps: tuple[str, ...] = ()
    sentinels: int = 0
    sentinels_found: int = 0
    latest: float = 0.0
    """By how many seconds the latest sentinel came late."""
    requests: int = 0
    actions: int = 0
    inbox: int = 0
    own: int = 0
    """Requests of the suite's own browser; not among the others."""
    unique: int = 0
    """Different Server Action errors."""
    malformed: int = 0
    truncated: int = 0
    baseline: str | None = None
    judged: tuple[FindingLine, ...] = ()
    incidents: tuple[IncidentLine, ...] = ()
    notes: tuple[str, ...] = ()
    borne: tuple[str, ...] = ()
    """After a rollback: incidents that the deployment was known for, in lines for people. They fail nothing."""
    fresh: tuple[str, ...] = ()
    """After a rollback: error patterns that it was not known for."""
    blocked: str | None = None
    """The cure, where something keeps the log from being read at all."""

    def table(self) -> list[str]:
        """All of it in lines for people."""
        lines = [
            self.says,
            f"source        {self.source}" + (f", deployment {self.deployment}" if self.deployment else ""),
            f"window        from {self.opened} ({self.told_by}) to {self.closes}",
            f"judged        {self.judged_since} to {self.judged_until}",
            f"proof         {self.sentinels_found} of {self.sentinels} sentinels found, the latest {self.latest:.1f} s late",
            f"requests      {self.requests} ({self.actions} Server Actions, {self.inbox} inbox reads) + {self.own} of our own",
            f"compared with {self.baseline or 'nothing'}",
        ]
        lines += [f"missing       {each}" for each in self.missing]
        lines += [f"gap           {each}" for each in self.gaps]
        for one in self.judged:
            lines += ["", f"{one.severity.upper():<5} {one.sentence}", *(f"      {line}" for line in one.lines)]
        lines += [f"known before  {each}" for each in self.borne]
        lines += [f"not before    {each}" for each in self.fresh]
        return [*lines, "", *(f"note  {each}" for each in self.notes)]

    def about(self, subject: LogSubject, severity: Severity) -> tuple[FindingLine, ...]:
        """The judgements about one subject."""
        return tuple(one for one in self.judged if one.subject == subject and one.severity is severity)

    @property
    def fails(self) -> bool:
        """Whether the log alone fails the deployment."""
        return any(one.severity is Severity.FAIL for one in self.judged)


_MOST_LINES = 8
_EXAMPLE = 600


def report(  # noqa: PLR0913 - everything that a run knows of its log
    *,
    source: str,
    stage: str,
    closed: bool,
    deployment: str | None,
    told_by: str,
    window: Span,
    proof: Proof,
    seen: Seen,
    tally: Tally,
    unique: int,
    judged: Iterable[LogFinding],
    baseline: Baseline | None,
    notes: Iterable[str] = (),
    kinds: KnownSplit | None = None,
) -> LogReport:
    """Everything together."""
    return LogReport(
        source=source,
        stage=stage,
        early=not closed,
        deployment=deployment,
        opened=iso(window.since),
        told_by=told_by,
        closes=iso(window.until),
        judged_since=iso(proof.judged.since),
        judged_until=iso(proof.judged.until),
        seconds=proof.seconds,
        proven=proof.proven,
        missing=proof.missing,
        gaps=tuple(f"{clock(gap.span.since)}-{clock(gap.span.until)}: {gap.why}" for gap in proof.gaps),
        sentinels=proof.sentinels,
        sentinels_found=proof.arrived,
        latest=proof.latest,
        requests=tally.requests,
        actions=tally.actions,
        inbox=tally.inbox,
        own=tally.own,
        unique=unique,
        malformed=seen.malformed,
        truncated=seen.truncated,
        baseline=baseline.name if baseline else None,
        says=_sentence(window, proof, unique, tally),
        judged=tuple(judged_line(one) for one in judged),
        incidents=tuple(incident_line(one) for one in tally.incidents),
        notes=tuple(dict.fromkeys(notes)),
        borne=kinds.tolerated_lines if kinds else (),
        fresh=kinds.new_lines if kinds else (),
    )


def unreadable(why: str, stage: str, cure: str | None = None) -> LogReport:
    """What is said where there is no log to speak of."""
    return LogReport(stage=stage, missing=(why,), says=f"the log was not read: {why}", blocked=cure)


def _sentence(window: Span, proof: Proof, unique: int, tally: Tally) -> str:
    whole = (window.until - window.since) / 1000
    counted = f"{unique} unique Server Action error{'' if unique == 1 else 's'}, {tally.requests} requests"
    if proof.seconds >= whole:
        state = "clean" if proof.proven and not unique else "closed"
        return f"window {state}: {_minutes(proof.seconds)}, {counted}"
    return f"window open until {clock(window.until)} UTC, {_minutes(proof.seconds, whole)} seen, {counted}"


def _minutes(seconds: float, of: float | None = None) -> str:
    if of is None:
        return f"{seconds / 60:.3g} minutes" if seconds >= 60 else f"{seconds:.0f} s"
    if of >= 60:
        return f"{seconds / 60:.1f} of {of / 60:g} minutes"
    return f"{seconds:.0f} of {of:.0f} s"


def judged_line(judged: LogFinding) -> FindingLine:
    """A judgement in lines for people."""
    lines = [line_of(one) for one in judged.incidents[:_MOST_LINES]]
    if len(judged.incidents) > _MOST_LINES:
        lines.append(f"… and {len(judged.incidents) - _MOST_LINES} more")
    return FindingLine(
        judged.subject, judged.severity, judged.sentence, judged.cause, judged.recommendation, tuple(lines)
    )


def incident_line(incident: Incident) -> IncidentLine:
    """An incident as the table shows it."""
    return IncidentLine(
        fingerprint=incident.fingerprint,
        signal=incident.signal,
        route=incident.route,
        words=incident.words,
        requests=incident.requests,
        own=incident.own,
        first=iso(incident.first),
        last=iso(incident.last),
        new=incident.new,
        example=incident.example[:_EXAMPLE],
    )


def as_baseline(earlier: LogReport) -> Baseline:
    """An earlier run's report as something to compare with."""
    counts: dict[str, int] = {}
    for one in earlier.incidents:
        counts[one.signal] = counts.get(one.signal, 0) + one.requests
    fingerprints = frozenset(one.fingerprint for one in earlier.incidents)
    name = f"the verdict on {earlier.deployment or 'an earlier deployment'}"
    return Baseline(name, fingerprints, counts, earlier.requests, earlier.seconds)


def certainty(tally: Tally, runbook: Runbook, baseline: Baseline | None) -> list[str]:
    """How much could have been missed, in sentences."""
    failed = len(tally.times(tally.of(Signal.SERVER_ACTION_ERROR)))
    notes = []
    if tally.actions and not failed:
        notes.append(
            f"no error in {tally.actions} Server Action requests: the true rate is below {rates.bound(tally.actions):.1%}"
            " (95 %, rule of three)"
        )
    unique = runbook.threshold.unique
    notes.append(
        f"a fault that leads to 4, 6 or 8 different errors in such a window is caught with "
        f"{rates.caught(4, unique):.0%}, {rates.caught(6, unique):.0%} or {rates.caught(8, unique):.0%}"
    )
    if baseline and tally.requests and baseline.requests:
        before = baseline.counts.get(Signal.NOT_AUTHENTICATED, 0)
        least = rates.noticed_from(tally.requests, before, baseline.requests)
        notes.append(f"“Not authenticated” would be noticed from {least} requests on ({before} before)")
    return notes


def shortcomings(shows: Shows) -> list[str]:
    """What a source can't show, and what would."""
    missing = []
    if Shows.STATUS not in shows:
        missing.append(
            "statuses (estimated by the lines of uncaught errors; the live stream, an export, or Observability Plus shows them)"
        )
    if Shows.REQUEST_ID not in shows:
        missing.append("request ids (estimated by path, method, status and time; history or an export shows them)")
    if Shows.MESSAGES not in shows:
        missing.append("messages (errors are told apart by path and status alone; the runtime log shows them)")
    return [f"the source does not show {each}" for each in missing]


def iso(moment: int) -> str:
    """Epoch milliseconds as ISO, UTC."""
    return times.iso(moment)


def clock(moment: int) -> str:
    """Epoch milliseconds as a time of day, UTC."""
    return times.time_of_day(moment)
