"""From what was read, counted and found to the log's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from postdeploy.analysis import rates
from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.findings import LogFinding, line_of
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.known_before import KnownSplit
from postdeploy.analysis.log_report import (
    MOST_INCIDENTS,
    FindingLine,
    IncidentLine,
    LogProof,
    LogRecovery,
    LogReport,
    LogTotals,
    LogWindow,
)
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import FINGERPRINT_VERSION, LongMessage, Signal
from postdeploy.analysis.variants import calls
from postdeploy.logs.protocol import Shows, Span
from postdeploy.logs.window import Proof, Seen
from postdeploy.model import Stage
from postdeploy.runbook.app_routes import is_route
from postdeploy.runbook.log_tables import Logs
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times


@dataclass(frozen=True, slots=True)
class ReadLog:
    """Which log was read, and which window of which deployment it is about."""

    source: str
    stage: Stage
    deployment: str | None
    window: Span
    opened_by: str
    """How the window's beginning is known, for people."""
    closed: bool = True
    """Whether nothing more of the window will come."""


@dataclass(frozen=True, slots=True)
class JudgedLog:
    """What was counted, and what follows from it."""

    tally: Tally
    logs: Logs
    """By which schedule a client repeats a failed request."""
    unique: int
    """Unique Server Action errors within the threshold's window."""
    findings: tuple[LogFinding, ...]
    baseline: Baseline | None = None
    kinds: KnownSplit = field(default_factory=KnownSplit)
    allowed: int | None = None
    """How many unique errors the threshold tolerates."""
    raw: bool = False
    """Whether the report shows messages as they were logged; else only the words of their fingerprints."""


_HOURS = 7200
"""Seconds from which on a span is said in hours."""
_MOST_LINES = 8


_EXAMPLE = 600


def report(read: ReadLog, proof: Proof, seen: Seen, judged: JudgedLog, notes: Iterable[str] = ()) -> LogReport:
    """Everything together."""
    tally = judged.tally
    return LogReport(
        stage=read.stage,
        says=_sentence(read.window, proof, judged.unique, tally),
        source=read.source,
        deployment=read.deployment,
        early=not read.closed,
        fingerprint_version=FINGERPRINT_VERSION,
        errors_compared=judged.baseline is None or judged.baseline.fingerprints is not None,
        baseline=judged.baseline.name if judged.baseline else None,
        window=LogWindow(
            opened=iso(read.window.since),
            source=read.opened_by,
            closes=iso(read.window.until),
            judged_since=iso(proof.judged.since),
            judged_until=iso(proof.judged.until),
            seconds=proof.seconds,
        ),
        proof=LogProof(
            proven=proof.proven,
            missing=proof.missing,
            gaps=tuple(f"{clock(gap.span.since)}-{clock(gap.span.until)}: {gap.why}" for gap in proof.gaps),
            unseen=tuple((iso(gap.span.since), iso(gap.span.until)) for gap in proof.gaps),
            sentinels=proof.sentinels,
            sentinels_found=proof.arrived,
            latest=proof.latest,
        ),
        totals=LogTotals(
            requests=tally.requests,
            actions=tally.actions,
            inbox=tally.inbox,
            own=tally.suite_requests,
            unique=judged.unique,
            allowed=judged.allowed,
            malformed=seen.malformed,
            truncated=seen.truncated,
        ),
        findings=tuple(finding_line(one) for one in judged.findings),
        incidents=tuple(
            incident_line(one, calls(tally, one, judged.logs), raw=judged.raw)
            for one in tally.incidents[:MOST_INCIDENTS]
        ),
        recovery=LogRecovery(known=judged.kinds.tolerated_lines, new=judged.kinds.new_lines),
        minutes=tally.by_minute(read.window.since),
        notes=tuple(dict.fromkeys([*notes, *_left_out(tally)])),
    )


def _left_out(tally: Tally) -> list[str]:
    more = len(tally.incidents) - MOST_INCIDENTS
    return [f"{more} incidents more than the {MOST_INCIDENTS} worst are counted, but not listed"] if more > 0 else []


def unreadable(why: str, stage: Stage, cure: str | None = None) -> LogReport:
    """The report where no log could be read."""
    return LogReport(stage=stage, proof=LogProof(missing=(why,)), says=f"the log was not read: {why}", blocked=cure)


def _sentence(window: Span, proof: Proof, unique: int, tally: Tally) -> str:
    whole = (window.until - window.since) / 1000
    counted = f"{unique} unique Server Action error{'' if unique == 1 else 's'}, {tally.requests} requests"
    if proof.seconds >= whole:
        state = "clean" if proof.proven and not unique and tally.requests else "closed"
        empty = "" if tally.requests else ": no user traffic, nothing learned about users"
        return f"window {state}: {_minutes(proof.seconds)}, {counted}{empty}"
    return f"window open until {clock(window.until)} UTC, {_minutes(proof.seconds, whole)} seen, {counted}"


def _minutes(seconds: float, of: float | None = None) -> str:
    if of is None:
        if seconds >= _HOURS:
            return f"{seconds / 3600:.3g} hours"
        return f"{seconds / 60:.3g} minutes" if seconds >= 60 else f"{seconds:.0f} s"
    if of >= 60:
        return f"{seconds / 60:.1f} of {of / 60:g} minutes"
    return f"{seconds:.0f} of {of:.0f} s"


def finding_line(found: LogFinding) -> FindingLine:
    """A finding with its incidents in lines for people."""
    lines = [line_of(one) for one in found.incidents[:_MOST_LINES]]
    if len(found.incidents) > _MOST_LINES:
        lines.append(f"… and {len(found.incidents) - _MOST_LINES} more")
    return FindingLine(
        subject=found.subject,
        severity=found.severity,
        sentence=found.sentence,
        cause=found.cause,
        recommendation=found.recommendation,
        lines=tuple(lines),
        saturated=found.saturated,
    )


def incident_line(incident: Incident, calls: int, *, raw: bool = False) -> IncidentLine:
    """An incident as the table shows it."""
    return IncidentLine(
        fingerprint=incident.fingerprint,
        signal=incident.signal,
        route=incident.place,
        words=incident.shown,
        requests=incident.requests,
        own=incident.suite_requests,
        first=iso(incident.first),
        last=iso(incident.last),
        new=incident.new,
        example=incident.example[:_EXAMPLE] if raw else "",
        variant_of=incident.variant_of,
        also=incident.also,
        calls=calls,
    )


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
    lacking = [one for one in runbook.logs.routes if not is_route(one)]
    if files := runbook.logs.routes_from:
        found = f"{len(runbook.logs.routes)} routes of the app, found in {' and '.join(files)}, name the paths"
        notes.append(f"{found}. To read the log without them: routes = [] in [logs] of runbook.toml")
    return [*notes, *(f"logs.routes: there is no file {one}, so paths alone name the routes" for one in lacking)]


def limits(reader: SignalReader) -> Iterator[str]:
    """What the messages that were read can't show, for people."""
    for known in reader.expired:
        yield f"known noise hides nothing since {known.until}: {known.pattern} ({known.owner})"
    if not reader.inbox_error_lines:
        yield "no error line of the inbox: nothing to confirm about debug ids"
    if reader.truncated_unknown:
        yield f"{reader.truncated_unknown} error messages were cut and fit no signal: unknown, not clean"


def unread(messages: Iterable[LongMessage]) -> list[str]:
    """Of how many messages only the beginning was read, for people: what follows distinguishes no errors."""
    longer = Counter(one.first for one in messages)
    return [
        f"of {count} {'message' if count == 1 else 'messages'} only the first {first} were read"
        for first, count in sorted(longer.items())
    ]


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
        missing.append("messages (errors are distinguished by path and status alone; the runtime log shows them)")
    return [f"the source does not show {each}" for each in missing]


def iso(moment: int) -> str:
    """Epoch milliseconds as ISO, UTC."""
    return times.iso(moment)


def clock(moment: int) -> str:
    """Epoch milliseconds as a time of day, UTC."""
    return times.time_of_day(moment)
