"""What saved logs say of a deployment, without a run and with nothing configured."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import msgspec
import numpy as np

from postdeploy.analysis import log_summary
from postdeploy.analysis.baseline import Baseline, compared
from postdeploy.analysis.course import course, onset
from postdeploy.analysis.fingerprint import named_slots, words
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.linked_tallies import LinkedTallies
from postdeploy.analysis.log_deployments import deployments, in_order
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_summary import JudgedLog, ReadLog
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.files import WAREHOUSE, PipeSource, open_source
from postdeploy.logs.progress import NOT_SHOWN, ReadProgress, shown
from postdeploy.logs.protocol import News, Shows, Source, Span
from postdeploy.logs.sentinel import answered
from postdeploy.logs.window import Proof, Seen, prove_from_file, traffic_since
from postdeploy.model import Stage, UsageError
from postdeploy.page.journal import path_template
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
        since = (
            (query.since or 0) if spec.startswith(WAREHOUSE) else 0
        )  # of a file all is read, to say what is left out
        read = logs.read(source, since, _end_of(source, query, runbook.threshold.window, clock))
        is_endless = query.follow and isinstance(source, PipeSource)
        for news in read if is_endless else shown(query.progress, source, read):
            _note(news, seen)
    seen.truncated = logs.truncated_unknown
    length = round(runbook.threshold.window * 1000)
    began = logs.ledger.beginnings(length)
    if query.deployment is not None and began and query.deployment not in began:
        known = ", ".join(sorted(began, key=lambda name: -began[name])[:_MOST_NAMED])
        raise UsageError(f"--deployment {query.deployment}: the log holds no row of it. It holds {known}.")
    tallies = LinkedTallies(logs.ledger, runbook.logs)
    began = in_order(tallies, _of_one_project(began, logs.projects, query.deployment))
    deployment = query.deployment or max(began, key=lambda name: (began[name], name), default=None)
    everything = tallies.totals(deployment)
    if everything.first is None or everything.last is None:
        others = f"; it is of {', '.join(sorted(began)[:3])}" if began else ""
        return log_summary.unreadable(f"it holds no request of {deployment or 'any deployment'}{others}", Stage.WINDOW)
    since, opened_by = _opening(query, began.get(deployment or ""), everything, length)
    judged = Span(since, query.until or everything.last + 1)
    window = Span(since, since + length)
    shows = reduce(and_, (source.shows for source in sources))
    several = deployments(tallies, began, runbook, shows) if len(began) > 1 else None
    baseline = query.baseline or (several.before(deployment, shows) if several and deployment else None)
    opening = tallies.of(deployment, Span(since, min(window.until, judged.until)))
    first = compared(opening, baseline)
    whole = logs.ledger.tally() if several else logs.ledger.totals()
    evidence = LogEvidence(
        tally=compared(tallies.of(deployment, judged), baseline),
        first=first,
        runbook=runbook,
        baseline=baseline,
        failing_before=several.failing_before(deployment) if several and deployment else frozenset(),
        shows=shows,
        filtered=Shows.STATUS in shows and not (seen.of_other_runs or everything.healthy or whole.healthy),
    )
    found = findings(evidence)
    doubts = [*_doubts(window, judged.until, seen, runbook), *undecidable(evidence, found), *_unused(evidence)]
    sentinels = len(seen.of_other_runs)
    shared = tuple(several.shared(whole)) if several else ()
    said = log_summary.report(
        ReadLog(", ".join(source.name for source in sources), Stage.WINDOW, deployment, window, opened_by),
        Proof(judged, not doubts, tuple(doubts), sentinels=sentinels, arrived=sentinels),
        seen,
        JudgedLog(
            evidence.tally, first.unique, found + shared, baseline, allowed=runbook.threshold.unique, raw=query.raw
        ),
        [
            *_left_out(logs, sorted(set(began) - {deployment}), everything, since, assumed=query.since is None),
            *seen.notes,
            *log_summary.shortcomings(evidence.shows),
            *log_summary.certainty(first, runbook, baseline),
        ],
    )
    began_at = onset(found, evidence.tally, runbook.threshold.window)
    said = msgspec.structs.replace(said, course=course(evidence.tally, first, judged, runbook.threshold, began_at))
    if several is None:
        return said
    return msgspec.structs.replace(
        said, deployments=len(began), all_requests=whole.requests, by_deployment=several.lines()
    )


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


def _end_of(source: Source, query: LogQuery, window: float, clock: Callable[[], float]) -> Callable[[], bool]:
    """Until when more is waited for: a stream ends by itself, however slowly it comes; one that goes on, when the window closes."""
    if query.follow:
        began = clock() if query.since is None else query.since / 1000
        return lambda: clock() >= began + window
    return lambda: not isinstance(source, PipeSource)


def _note(news: News, seen: Seen) -> None:
    seen.of_other_runs |= {found for entry in news.entries if (found := answered(entry))}
    if news.gap:
        seen.gaps.append(news.gap)
    if news.unread:
        seen.unread.append(news.unread)
    if news.malformed:
        is_first, seen.malformed = not seen.malformed, seen.malformed + news.malformed
        if news.malformed_example and is_first:
            seen.notes.append(f"a row that could not be read: {named_slots(words(news.malformed_example))[:120]}")
    if news.note:
        seen.notes.append(news.note)


def _opening(query: LogQuery, traffic: int | None, everything: Tally, quiet: int) -> tuple[int, str]:
    """When the window begins, and how that is known. `traffic`: when the deployment's began, where rows name it."""
    if query.since is not None:
        return query.since, "given by --since"
    if traffic is not None:
        return traffic, "assumed: the deployment's first row"
    moments = everything.at[everything.inside].tolist()
    return traffic_since(moments, quiet) or everything.first or 0, "assumed: the log's first row"


def _left_out(logs: Ingestion, others: Sequence[str], everything: Tally, since: int, *, assumed: bool) -> Iterator[str]:
    if logs.other_environments:
        yield f"rows of {', '.join(sorted(logs.other_environments))} are left out: only production counts"
    if everything.first is not None and everything.first < since:
        early = int(np.count_nonzero(everything.at < since))
        why = f"long before the others: from {times.iso(everything.first)} on" if assumed else "before --since"
        yield f"requests left out: {early}, {why}"
    if others:
        those = wording.count(len(others), "other deployment")
        yield f"rows of {those} are left out: {', '.join(others[:3])} (choose: --deployment)"


def _unused(evidence: LogEvidence) -> Iterator[str]:
    """Where the inbox was not used with success, a log without errors says nothing of it."""
    page = evidence.tally.by_route.get(f"GET {path_template(evidence.runbook.app.inbox_path)}")
    used = [evidence.tally.answers_of(Part.ACTION), evidence.tally.answers_of(Part.INBOX), *([page] if page else ())]
    if evidence.shows_totals and not any(one.succeeded or one.suite_succeeded for one in used):
        yield "the inbox was not used: no Server Action, no read and no page of it succeeded"


def _doubts(window: Span, until: int, seen: Seen, runbook: Runbook) -> list[str]:
    """What is not proven of the window."""
    doubts = list(seen.unread)
    if until < window.until - 1000:
        doubts.append(f"the log ends {(window.until - until) / 1000:.0f} s before the window closes")
    doubts += prove_from_file(window, seen.of_other_runs, runbook.logs.sentinel_every)
    doubts += [gap.why for gap in seen.gaps if gap.span.since < window.until and gap.span.until > window.since]
    if seen.malformed:
        doubts.append(f"{wording.count(seen.malformed, 'row')} could not be read")
    return doubts
