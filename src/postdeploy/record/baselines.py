"""What a deployment's log is compared with: the log of the deployment before, or an earlier run's report of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from postdeploy.analysis import log_report, saved_logs
from postdeploy.analysis.baseline import Baseline, baseline_of
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.attribution import identified
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import STDIN, open_source
from postdeploy.logs.progress import NOT_SHOWN, ReadProgress, shown
from postdeploy.logs.protocol import Span
from postdeploy.logs.sentinel import answered
from postdeploy.model import Decision, UsageError
from postdeploy.record import reading
from postdeploy.record.entries import RecordedVerdict
from postdeploy.record.reading import NewerSchema, Unreadable
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times
from postdeploy.system.files import read_start

if TYPE_CHECKING:
    from postdeploy.logs.vercel.source import VercelLogs

_LARGEST_VERDICT = 1 << 24
_READ = 60.0
"""Seconds that reading the previous deployment's log may take."""


def from_platform(source: VercelLogs, span: Span, name: str, runbook: Runbook) -> Baseline | None:
    """The baseline from a deployment's log of a stretch, or None where the source has no history of it."""
    rows: dict[str, LogEntry] = {}
    limit = time.monotonic() + _READ
    covered: list[Span] = []

    def done() -> bool:
        return time.monotonic() > limit or any(each.until >= span.until for each in covered)

    for news in source.read(span.since, done):
        rows.update({entry.row_id or str(len(rows)): entry for entry in news.entries})
        if news.covered and news.covered.since < span.until:
            covered.append(news.covered)
        if source.lacks_history:
            return None
    if not covered:
        return None
    reader, ledger = SignalReader(runbook, dt.datetime.now(dt.UTC).date()), Ledger()
    for row in identified(row for row in rows.values() if answered(row) is None):
        ledger.add(row, reader.read(row))
    tally = ledger.tally(span)
    if tally.first is None or tally.last is None:
        return None  # it was there, but had no traffic
    return baseline_of(name, tally, source.shows)


def from_file(spec: str, runbook: Runbook, progress: ReadProgress = NOT_SHOWN) -> Baseline:
    """An earlier verdict.json, or a log."""
    earlier = _verdict(Path(spec))
    if earlier is not None:
        found = log_report.as_baseline(earlier)
        return replace(found, without=lambda judged: None if judged == earlier.deployment else found)
    source = open_source(spec, runbook=runbook)
    log = Ingestion(runbook, dt.datetime.now(dt.UTC).date())
    read = shown(progress, source, log.read(source))
    missing = [news.gap.why if news.gap else news.unread for news in read if news.gap or news.unread]
    tally = log.ledger.tally()
    if tally.first is None or tally.last is None:
        why = missing[0] if missing else "no request stands in it"
        raise UsageError(f"--baseline {source.name}: {why}. Give the log of a deployment, or its verdict.json.")
    name = f"{source.name} (not all of it: {missing[0]})" if missing else source.name
    found = baseline_of(name, tally, source.shows)

    def without(judged: str) -> Baseline | None:
        if judged not in log.ledger.deployments:
            return found
        others = log.ledger.tally_without(judged)
        return None if others.first is None else baseline_of(f"{name} without {judged}", others, source.shows)

    return replace(found, without=without)


def report_of(spec: str, runbook: Runbook, progress: ReadProgress = NOT_SHOWN) -> LogReport:
    """What a log says, or what was said of one: in a verdict.json, or by `postdeploy logs --json`.

    Raises:
        UsageError: it is none of them.
    """
    today = dt.datetime.now(dt.UTC).date()
    return _verdict(Path(spec)) or saved_logs.examine([spec], saved_logs.LogQuery(progress=progress), runbook, today)


def demand_file(spec: str) -> None:
    """Raise where a log is piped in, that is read as a baseline and as a report.

    Raises:
        UsageError: it is.
    """
    if spec == STDIN or Path(spec).is_fifo():
        raise UsageError(f"--diff {spec}: what is piped in can't be read twice. Save it, and give the file.")


def from_record(entries: Sequence[RecordedVerdict], deployment: str) -> Baseline | None:
    """What earlier runs saw in the log of a deployment while it was good: the whole window, if one of them did."""
    runs = [
        (one, one.log)
        for one in entries
        if one.deployment == deployment and one.decision is Decision.PASS and one.log and one.log.totals.requests
    ]
    best = max(runs, key=lambda run: (run[0].whole and run[1].proof.proven, run[0].at), default=None)
    if best is None:
        return None
    earlier, report = best
    name = f"{deployment} according to the record of {times.to_the_minute(earlier.at)}, {report.window.seconds / 60:.3g} minutes of its log"
    name += log_report.not_compared(report)
    return replace(log_report.as_baseline(report), name=name)


def of_its_own(entries: Sequence[RecordedVerdict], deployment: str) -> Baseline | None:
    """What earlier runs saw in the log of a deployment, whatever their verdicts were: what was known of it.

    Everything that any of them saw is known; the rates are those of the run that saw most.
    """
    runs = [(one, one.log) for one in entries if one.deployment == deployment and one.log and one.log.totals.requests]
    best = max(
        runs, key=lambda run: (run[0].whole and run[1].proof.proven, run[1].totals.requests, run[0].at), default=None
    )
    if best is None:
        return None
    earlier, report = best
    known = log_report.fingerprints_of(each for _, each in runs)
    note = log_report.not_compared(report) if known is None else ""
    name = f"{deployment} according to its own record of {times.to_the_minute(earlier.at)}{note}"
    return replace(log_report.as_baseline(report), name=name, fingerprints=known)


def _report(content: bytes) -> LogReport | None:
    """What `postdeploy logs --json` printed, or None."""
    try:
        return msgspec.json.decode(content, type=LogReport)
    except (msgspec.DecodeError, RecursionError):
        return None


def _verdict(path: Path) -> LogReport | None:
    """The log's report in a verdict.json, or None where the file is something else.

    Raises:
        UsageError: it is a verdict without a log that can be read.
    """
    try:
        content = read_start(path, _LARGEST_VERDICT + 1)
        if len(content) > _LARGEST_VERDICT:
            return None
        if (report := _report(content)) is not None:
            return report
        found = reading.read(content)
    except NewerSchema as error:
        raise UsageError(f"--baseline {path}: {error}. Give another one.") from None
    except (OSError, Unreadable):
        return None
    if found.log is None:
        raise UsageError(
            f"--baseline {path}: that run read no log, or wrote it in a way that can't be read here."
            " Give the verdict of a run with --logs."
        )
    return found.log
