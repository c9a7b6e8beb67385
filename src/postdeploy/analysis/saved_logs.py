"""What saved logs say of a deployment, without a run and with nothing configured."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import msgspec
import numpy as np

from postdeploy.analysis import log_ends, log_summary, saved_log_doubts
from postdeploy.analysis.baseline import Baseline, compared
from postdeploy.analysis.course import course, onset
from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.fingerprint import named_slots, words
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.linked_tallies import LinkedTallies
from postdeploy.analysis.log_deployments import LogDeployments, Order, deployments, in_order
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_summary import JudgedLog, ReadLog
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable, unused
from postdeploy.logs.files import WAREHOUSE, open_source
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.progress import NOT_SHOWN, ReadProgress, shown
from postdeploy.logs.protocol import News, Shows, Span
from postdeploy.logs.sentinel import answered
from postdeploy.logs.window import Proof, Seen, traffic_since
from postdeploy.model import Severity, Stage, UsageError
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is asked of the logs; times in epoch milliseconds."""

    since: int | None = None
    """When the deployment got production traffic; None: with its first row."""
    until: int | None = None
    deployment: str | None = None
    """None: the newest that the log holds."""
    baseline: Baseline | None = None
    raw: bool = False
    """One message of each incident is shown as it was logged."""
    follow: bool = False
    """The log goes on: what is appended is read until the window closes."""
    progress: ReadProgress = NOT_SHOWN
    """Where it is shown how far the reading is."""


def examine(
    specs: Sequence[str],
    query: LogQuery,
    runbook: Runbook,
    today: dt.date,
    clock: Callable[[], float] = time.time,
) -> LogReport:
    """Read files, and what is piped in, to their ends and judge them. `clock`: epoch seconds.

    Raises:
        UsageError: one of them can't be used, or the deployment is in none of them.
    """
    sources = [open_source(spec, runbook=runbook) for spec in specs]
    logs, seen = Ingestion(runbook, today), Seen()
    for spec, source in zip(specs, sources, strict=True):
        since = (query.since or 0) if spec.startswith(WAREHOUSE) else 0  # files are read whole, to say what is left out
        read = logs.read(source, since, _end_of(query, runbook.threshold.window, clock))
        is_endless = query.follow and isinstance(source, PipeSource)
        for news in read if is_endless else shown(query.progress, source, read):
            _note(news, seen)
    seen.truncated = logs.truncated_unknown
    tallies = LinkedTallies(logs.ledger, runbook.logs)
    order = in_order(tallies, _asked_for(logs, query, runbook))
    deployment = query.deployment or max(order.ranks, key=lambda name: (order.ranks[name], name), default=None)
    everything = tallies.totals(deployment)
    if everything.first is None or everything.last is None:
        return log_summary.unreadable(_nothing(deployment, order, seen), Stage.WINDOW)
    length = round(runbook.threshold.window * 1000)
    since, opened_by = _opening(query, order.began.get(deployment or ""), everything, length)
    shows = reduce(and_, (source.shows for source in sources))
    log = _SavedLog(
        read=logs,
        of=ReadLog(
            ", ".join(source.name for source in sources),
            Stage.WINDOW,
            deployment,
            Span(since, since + length),
            opened_by,
        ),
        seen=seen,
        tallies=tallies,
        order=order,
        everything=everything,
        judged=Span(since, query.until or everything.last + 1),
        several=deployments(tallies, order, runbook, shows) if len(order.began) > 1 else None,
    )
    return _judged(log, query, _evidence(log, query, runbook, shows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SavedLog:
    """What was read, and the deployment of it that is judged."""

    read: Ingestion
    of: ReadLog
    """Its window is the threshold's, the first minutes of what is judged."""
    seen: Seen
    tallies: LinkedTallies
    order: Order
    everything: Tally
    """Of the deployment, without incidents."""
    judged: Span
    several: LogDeployments | None
    """None: the log is of one deployment."""

    @property
    def others(self) -> list[str]:
        """The deployments that are not judged."""
        return sorted(set(self.order.began) - {self.of.deployment})


def _nothing(deployment: str | None, order: Order, seen: Seen) -> str:
    others = f"; it is of {', '.join(sorted(order.began)[:3])}" if order.began else ""
    unread = f"; {wording.count(seen.malformed, 'row')} could not be read" if seen.malformed else ""
    return f"it holds no request of {deployment or 'any deployment'}{others}{unread}"


def _judged(log: _SavedLog, query: LogQuery, evidence: LogEvidence) -> LogReport:
    tally, first, threshold = evidence.tally, evidence.first, evidence.runbook.threshold
    found = findings(evidence)
    doubts = tuple(_doubts(log, query, evidence, found))
    sentinels = len(log.seen.of_other_runs)
    whole = log.read.ledger.tally() if log.several else Tally()
    shared = tuple(log.several.shared(whole)) if log.several else ()
    said = log_summary.report(
        log.of,
        Proof(log.judged, not doubts, doubts, sentinels=sentinels, arrived=sentinels),
        log.seen,
        JudgedLog(
            tally,
            evidence.runbook.logs,
            first.unique,
            found + shared,
            evidence.baseline,
            allowed=threshold.unique,
            raw=query.raw,
        ),
        [
            *_left_out(log, assumed=query.since is None),
            *log.seen.notes,
            *_compared_with_itself(log, query),
            *log_summary.unread(log.read.unread),
            *log_summary.shortcomings(evidence.shows),
            *log_summary.certainty(first, evidence.runbook, evidence.baseline),
        ],
    )
    began_at = onset(found, tally, threshold.window)
    said = msgspec.structs.replace(said, course=course(tally, first, log.judged, threshold, began_at))
    if log.several is None:
        return said
    return msgspec.structs.replace(
        said, deployments=len(log.order.began), all_requests=whole.requests, by_deployment=log.several.lines()
    )


def _evidence(log: _SavedLog, query: LogQuery, runbook: Runbook, shows: Shows) -> LogEvidence:
    several = log.several if log.of.deployment else None
    baseline = (query.baseline and query.baseline.apart_from(log.of.deployment)) or (
        several.before(log.of.deployment or "", shows) if several else None
    )
    first = Span(log.of.window.since, min(log.of.window.until, log.judged.until))
    succeeded = log.seen.of_other_runs or log.everything.healthy or log.read.ledger.totals().healthy
    return LogEvidence(
        tally=compared(log.tallies.of(log.of.deployment, log.judged), baseline),
        first=compared(log.tallies.of(log.of.deployment, first), baseline),
        runbook=runbook,
        baseline=baseline,
        failing_before=several.failing_before(log.of.deployment or "") if several else frozenset(),
        shows=shows,
        filtered=Shows.STATUS in shows and not succeeded,
    )


def _doubts(log: _SavedLog, query: LogQuery, evidence: LogEvidence, found: Collection[LogFinding]) -> list[str]:
    """What is not proven."""
    ends = log.judged.until if query.until else max(log.judged.until, log.seen.last_of_other_runs)
    doubts = saved_log_doubts.uncovered(log.of.window, ends, log.seen, evidence.runbook)
    of_the_whole = undecidable(evidence, found)
    doubts += [*of_the_whole, *unused(evidence)]
    if query.deployment is None and log.several:
        doubts += saved_log_doubts.newest_unknown(log.order, log.several)
    if any(one.severity is Severity.FAIL for one in found):
        return doubts
    if not of_the_whole:
        doubts += log_ends.end_badly(
            lambda span: compared(log.tallies.of(log.of.deployment, span), evidence.baseline),
            evidence,
            found,
            log.judged,
        )
    if query.since is None:
        doubts += saved_log_doubts.opened_later(log.tallies, log.of.deployment, evidence, log.of.window)
    return doubts


def _asked_for(logs: Ingestion, query: LogQuery, runbook: Runbook) -> dict[str, int]:
    """When the traffic of each deployment of the project began.

    Raises:
        UsageError: the log holds none that is asked for, or several projects.
    """
    began = logs.ledger.beginnings(round(runbook.threshold.window * 1000))
    if query.deployment is not None and began and query.deployment not in began:
        known = ", ".join(sorted(began, key=lambda name: -began[name])[:_MOST_NAMED])
        raise UsageError(f"--deployment {query.deployment}: the log holds no row of it. It holds {known}.")
    return _of_one_project(began, logs.projects, query.deployment)


def _of_one_project(began: Mapping[str, int], projects: Mapping[str, str], wanted: str | None) -> dict[str, int]:
    """The deployments of the project that is asked for: a drain may deliver those of a whole team.

    Raises:
        UsageError: there are several projects, and none is asked for.
    """
    newest = {projects.get(name, ""): name for name in sorted(began, key=lambda name: (began[name], name))}
    newest.pop("", None)
    if len(newest) < 2:
        return dict(began)
    if wanted is None:
        those = ", ".join(f"--deployment={name} ({project})" for project, name in sorted(newest.items())[:_MOST_NAMED])
        raise UsageError(f"the log holds {len(newest)} projects. Choose a deployment; the newest of each: {those}.")
    return {name: at for name, at in began.items() if projects.get(name, "") in ("", projects.get(wanted, ""))}


def _end_of(query: LogQuery, window: float, clock: Callable[[], float]) -> Callable[[], bool] | None:
    """Until when more is waited for; None: the log is read to its end, however slowly it comes."""
    if not query.follow:
        return None
    began = clock() if query.since is None else query.since / 1000
    return lambda: clock() >= began + window


def _note(news: News, seen: Seen) -> None:
    for entry in news.entries:
        if found := answered(entry):
            seen.of_other_runs.add(found)
            seen.last_of_other_runs = max(seen.last_of_other_runs, entry.at)
    if news.malformed:
        is_first, seen.malformed = not seen.malformed, seen.malformed + news.malformed
        if news.malformed_example and is_first:
            seen.notes.append(f"a row that could not be read: {named_slots(words(news.malformed_example))[:120]}")
    seen.add(news)


def _opening(query: LogQuery, traffic: int | None, everything: Tally, quiet: int) -> tuple[int, str]:
    """When the window begins, and how that is known. `traffic`: when the deployment's began, where rows name it."""
    if query.since is not None:
        return query.since, "given by --since"
    if traffic is not None:
        return traffic, "assumed: the deployment's first row"
    moments = everything.at[everything.inside].tolist()
    return traffic_since(moments, quiet) or everything.first or 0, "assumed: the log's first row"


def _compared_with_itself(log: _SavedLog, query: LogQuery) -> Iterator[str]:
    if query.baseline and query.baseline.apart_from(log.of.deployment) is None:
        yield f"not compared: {query.baseline.name} holds {log.of.deployment} alone, which is judged here"


def _left_out(log: _SavedLog, *, assumed: bool) -> Iterator[str]:
    if log.read.other_environments:
        yield f"rows of {', '.join(sorted(log.read.other_environments))} are left out: only production counts"
    since = log.judged.since
    if log.everything.first is not None and log.everything.first < since:
        early = int(np.count_nonzero(log.everything.at < since))
        why = f"long before the others: from {times.iso(log.everything.first)} on" if assumed else "before --since"
        yield f"requests left out: {early}, {why}"
    if log.others:
        those = wording.count(len(log.others), "other deployment")
        yield f"rows of {those} are left out: {', '.join(log.others[:3])} (choose: --deployment)"
