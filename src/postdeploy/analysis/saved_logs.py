"""Logs without a run: what an export says of a deployment, in the middle of the night and with nothing configured."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from postdeploy.analysis import log_summary
from postdeploy.analysis.baseline import Baseline, compared
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_summary import JudgedLog, ReadLog
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.files import PipeSource, open_source
from postdeploy.logs.protocol import News, Source, Span
from postdeploy.logs.sentinel import answered
from postdeploy.logs.window import Proof, Seen, prove_from_file, traffic_since
from postdeploy.model import Stage
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is asked of the logs; times in epoch milliseconds."""

    since: int | None = None
    """When the deployment got production traffic; None: with its first row."""
    until: int | None = None
    deployment: str | None = None
    """None: the newest that the log holds."""
    baseline: Baseline | None = None
    follow: bool = False
    """The log goes on: what is appended is read until the window closes."""


def examine(
    specs: Sequence[str],
    question: LogQuery,
    runbook: Runbook,
    today: dt.date,
    clock: Callable[[], float] = time.time,
) -> LogReport:
    """Read files, and what is piped in, to their ends and judge them. `clock`: epoch seconds.

    Raises:
        UsageError: one of them can't be used.
    """
    sources = [open_source(spec) for spec in specs]
    logs = Ingestion(runbook, today)
    seen = Seen()
    for source in sources:
        for news in logs.read(source, done=_end_of(source, question, runbook.threshold.window, clock)):
            _note(news, seen)
    length = round(runbook.threshold.window * 1000)
    began = logs.ledger.beginnings(length)
    deployment = question.deployment or max(began, key=lambda name: began[name], default=None)
    everything = logs.ledger.tally(None, deployment)
    if everything.first is None:
        elsewhere = f"; it is of {', '.join(sorted(began)[:3])}" if began else ""
        return log_summary.unreadable(
            f"it holds no request of {deployment or 'any deployment'}{elsewhere}", Stage.WINDOW
        )
    since, opened_by = _beginning(question, began, deployment, everything, length)
    until = question.until or (everything.last + 1 if everything.last is not None else since)
    window = Span(since, since + length)
    first = logs.ledger.tally(Span(window.since, min(window.until, until)), deployment)
    shows = reduce(and_, (source.shows for source in sources))
    evidence = LogEvidence(
        tally=compared(logs.ledger.tally(Span(since, until), deployment), question.baseline),
        first=compared(first, question.baseline),
        runbook=runbook,
        baseline=question.baseline,
        shows=shows,
    )
    judged = findings(evidence)
    doubts = [*_doubts(window, until, seen, runbook), *undecidable(evidence, judged)]
    notes = [*seen.notes, *log_summary.shortcomings(shows), *log_summary.certainty(first, runbook, question.baseline)]
    others = sorted(set(began) - {deployment})
    if others:
        notes.insert(
            0, f"rows of {len(others)} other deployments are left out: {', '.join(others[:3])} (choose: --deployment)"
        )
    if everything.first < since and question.since is None:
        early = int((everything.at < since).sum())
        notes.insert(0, f"{early} requests are left out: from {times.iso(everything.first)} on, long before the others")
    if logs.other_environments:
        notes.insert(0, f"rows of {', '.join(sorted(logs.other_environments))} are left out: only production counts")
    seen.truncated = logs.truncated_unknown
    return log_summary.report(
        ReadLog(", ".join(source.name for source in sources), Stage.WINDOW, deployment, window, opened_by),
        Proof(
            Span(since, until),
            proven=not doubts,
            missing=tuple(doubts),
            sentinels=len(seen.of_other_runs),
            arrived=len(seen.of_other_runs),
        ),
        seen,
        JudgedLog(
            evidence.tally,
            len([one for one in first.of(Signal.SERVER_ACTION_ERROR) if one.requests]),
            judged,
            question.baseline,
        ),
        notes,
    )


def _end_of(source: Source, question: LogQuery, window: float, clock: Callable[[], float]) -> Callable[[], bool]:
    """Until when more is waited for: a stream ends by itself, however slowly it comes; one that goes on, when the window closes."""
    if question.follow:
        began = clock() if question.since is None else question.since / 1000
        return lambda: clock() >= began + window
    return lambda: not isinstance(source, PipeSource)


def _note(news: News, seen: Seen) -> None:
    seen.of_other_runs |= {found for entry in news.entries if (found := answered(entry))}
    if news.gap:
        seen.gaps.append(news.gap)
    if news.unread:
        seen.unread.append(news.unread)
    if news.malformed:
        seen.malformed += news.malformed
        if news.malformed_example:
            seen.notes.append(f"a row that could not be read: {news.malformed_example[:120]}")
    if news.note:
        seen.notes.append(news.note)


def _beginning(
    question: LogQuery, began: dict[str, int], deployment: str | None, everything: Tally, quiet: int
) -> tuple[int, str]:
    if question.since is not None:
        return question.since, "given by --since"
    if deployment in began:
        return began[deployment], "assumed: the deployment's first row"
    moments = everything.at[everything.inside].tolist()
    return traffic_since(moments, quiet) or everything.first or 0, "assumed: the log's first row"


def _doubts(window: Span, until: int, seen: Seen, runbook: Runbook) -> list[str]:
    """What is not proven of the window."""
    doubts = list(seen.unread)
    if until < window.until - 1000:
        doubts.append(f"the log ends {(window.until - until) / 1000:.0f} s before the window closes")
    doubts += prove_from_file(window, seen.of_other_runs, runbook.logs.sentinel_every)
    doubts += [gap.why for gap in seen.gaps if gap.span.since < window.until and gap.span.until > window.since]
    if seen.malformed:
        doubts.append(f"{seen.malformed} rows could not be read")
    return doubts
