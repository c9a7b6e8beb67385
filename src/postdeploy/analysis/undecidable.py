"""What a log can't decide: for what its source does not show, or for errors that may be variants of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.rules import server_actions
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.logs.protocol import Shows
from postdeploy.model import Cause, Severity
from postdeploy.page.journal import path_template

_FEW = 0.01
"""Of the Server Actions of hours."""


def undecidable(evidence: LogEvidence, findings: Collection[LogFinding]) -> list[str]:
    """Sentences that say what would show it; nothing where the log fails the deployment anyway."""
    if any(one.severity is Severity.FAIL for one in findings):
        return []
    errors = evidence.first.server_action_errors
    failed = len(evidence.first.times(errors))
    limit = evidence.runbook.threshold
    doubts = list(dict.fromkeys(one.unproven for one in findings if one.unproven))
    if unique := server_actions.undecided(evidence):
        doubts.append(unique)
    if Shows.MESSAGES not in evidence.shows and failed > limit.unique:
        doubts.append(
            f"{failed} Server Action requests failed, and the source shows no messages to distinguish their errors"
            " (the runtime log, vercel.log, does)"
        )
    if evidence.filtered:
        doubts.append(
            "the log holds no request that succeeded: it was filtered or sampled, and shares are not judged"
            " (export it without a filter)"
        )
    if Shows.STATUS in evidence.shows and Shows.LIVE not in evidence.shows:
        doubts += _of_the_unfinished(evidence)
    if Shows.STATUS not in evidence.shows:
        doubts += _of_how_many(evidence, findings)
    return doubts


def _of_the_unfinished(evidence: LogEvidence) -> Iterator[str]:
    """Server Actions without a status: in the first minutes more than may be errors; in hours some always lack it."""
    early, all_of_them = (one.answers_of(Part.ACTION) for one in (evidence.first, evidence.tally))
    allowed = evidence.runbook.threshold.unique
    many = max(allowed, _FEW * all_of_them.requests)
    unfinished = early.unfinished if early.unfinished > allowed else all_of_them.unfinished
    if early.unfinished > allowed or all_of_them.unfinished > many:
        yield f"{unfinished} Server Action requests have no status: whether they failed is not known"


def unused(evidence: LogEvidence) -> Iterator[str]:
    """Where the inbox was not used with success, by our own browser either, a log without errors says nothing of it."""
    page = evidence.tally.by_route.get(f"GET {path_template(evidence.runbook.app.inbox_path)}")
    used = [evidence.tally.answers_of(Part.ACTION), evidence.tally.answers_of(Part.INBOX), *([page] if page else ())]
    if evidence.browser_reads.size or any(one.suite_succeeded for one in used):
        return
    if evidence.shows_totals and not any(one.succeeded for one in used):
        yield "the inbox was not used: no Server Action, no read and no page of it succeeded"
    if Shows.STATUS not in evidence.shows and not _seen_well(evidence):
        yield "no row is of the inbox, but for errors: the source shows only requests that wrote something"


def _seen_well(evidence: LogEvidence) -> bool:
    """Whether a request of the inbox wrote something else than trouble."""
    tally, page = evidence.tally, f"GET {path_template(evidence.runbook.app.inbox_path)}"
    well = tally.of_users & (tally.is_of(Part.ACTION) | tally.is_of(Part.INBOX))
    well[tally.members(*{one.signal for one in tally.incidents})] = False
    troubled = sum(one.requests for one in tally.incidents if one.route == page)
    return bool(well.any()) or tally.requests_to(page) > troubled


def _of_how_many(evidence: LogEvidence, findings: Collection[LogFinding]) -> Iterator[str]:
    """Errors that may be many, where the source shows only what wrote something."""
    explained = [incident.members for one in findings if one.cause is Cause.DATABASE for incident in one.incidents]
    outage = np.concatenate(explained) if explained else np.empty(0, np.int64)  # known to be over, or named above
    actions, pages = evidence.counted_first(Signal.SERVER_ACTION_ERROR), evidence.counted(Signal.RENDER_ERROR)
    for errors, what in ((actions, "Server Action"), (pages, "page")):
        most = max((len(np.setdiff1d(one.members, outage)) for one in errors), default=0)
        if most >= evidence.runbook.threshold.widespread_requests:
            yield (
                f"one error failed {most} {what} requests, and the source does not show how many there were in all"
                " (the live stream, a dashboard export, or Observability Plus does)"
            )
