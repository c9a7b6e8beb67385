"""What saved logs say of a deployment, without a run and with nothing configured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from postdeploy.analysis import log_summary
from postdeploy.analysis.baseline import Baseline, compared
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_summary import JudgedLog, ReadLog
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.files import open_source
from postdeploy.logs.protocol import News, Span
from postdeploy.logs.sentinel import sentinel_in
from postdeploy.logs.window import Proof, Seen, prove_from_file
from postdeploy.model import Stage
from postdeploy.runbook.tables import Runbook


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is asked of the logs; times in epoch milliseconds."""

    since: int | None = None
    """When the deployment got production traffic; None: with its first row."""
    until: int | None = None
    deployment: str | None = None
    """None: the newest that the log holds."""
    baseline: Baseline | None = None


def examine(specs: Sequence[str], query: LogQuery, runbook: Runbook, today: dt.date) -> LogReport:
    """Read files to their ends and report what they say.

    Raises:
        UsageError: one of them can't be used.
    """
    sources = [open_source(spec) for spec in specs]
    logs, seen = Ingestion(runbook, today), Seen()
    for source in sources:
        for news in logs.read(source):
            _note(news, seen)
    seen.truncated = logs.truncated_unknown
    first_rows = logs.ledger.first_rows()
    deployment = query.deployment or max(first_rows, key=lambda name: first_rows[name], default=None)
    everything = logs.ledger.tally(None, deployment)
    if everything.first is None or everything.last is None:
        others = f"; it is of {', '.join(sorted(first_rows)[:3])}" if first_rows else ""
        return log_summary.unreadable(f"it holds no request of {deployment or 'any deployment'}{others}", Stage.WINDOW)
    since, opened_by = _opening(query, first_rows.get(deployment or ""), everything.first)
    judged = Span(since, query.until or everything.last + 1)
    window = Span(since, since + round(runbook.threshold.window * 1000))
    first = logs.ledger.tally(Span(since, min(window.until, judged.until)), deployment)
    evidence = LogEvidence(
        tally=compared(logs.ledger.tally(judged, deployment), query.baseline),
        first=compared(first, query.baseline),
        runbook=runbook,
        baseline=query.baseline,
        shows=reduce(and_, (source.shows for source in sources)),
    )
    found = findings(evidence)
    doubts = [*_doubts(window, judged.until, seen, runbook), *undecidable(evidence, found)]
    sentinels = len(seen.of_other_runs)
    return log_summary.report(
        ReadLog(", ".join(source.name for source in sources), Stage.WINDOW, deployment, window, opened_by),
        Proof(judged, not doubts, tuple(doubts), sentinels=sentinels, arrived=sentinels),
        seen,
        JudgedLog(evidence.tally, len(first.server_action_errors), found, query.baseline),
        [
            *_left_out(logs, sorted(set(first_rows) - {deployment})),
            *seen.notes,
            *log_summary.shortcomings(evidence.shows),
            *log_summary.certainty(first, runbook, query.baseline),
        ],
    )


def _note(news: News, seen: Seen) -> None:
    seen.of_other_runs |= {found for entry in news.entries if (found := sentinel_in(entry.path))}
    if news.gap:
        seen.gaps.append(news.gap)
    if news.malformed:
        seen.malformed += news.malformed
        if news.malformed_example:
            seen.notes.append(f"a row that could not be read: {news.malformed_example[:120]}")
    if news.note:
        seen.notes.append(news.note)


def _opening(query: LogQuery, first_row: int | None, first_request: int) -> tuple[int, str]:
    """When the window begins, and how that is known."""
    if query.since is not None:
        return query.since, "given by --since"
    if first_row is not None:
        return first_row, "assumed: the deployment's first row"
    return first_request, "assumed: the log's first row"


def _left_out(logs: Ingestion, others: Sequence[str]) -> Iterator[str]:
    if logs.other_environments:
        yield f"rows of {', '.join(sorted(logs.other_environments))} are left out: only production counts"
    if others:
        yield f"rows of {len(others)} other deployments are left out: {', '.join(others[:3])} (choose: --deployment)"


def _doubts(window: Span, until: int, seen: Seen, runbook: Runbook) -> list[str]:
    """What is not proven of the window."""
    doubts = []
    if until < window.until - 1000:
        doubts.append(f"the log ends {(window.until - until) / 1000:.0f} s before the window closes")
    doubts += prove_from_file(window, seen.of_other_runs, runbook.logs.sentinel_every)
    doubts += [gap.why for gap in seen.gaps if gap.span.since < window.until and gap.span.until > window.since]
    if seen.malformed:
        doubts.append(f"{seen.malformed} rows could not be read")
    return doubts
