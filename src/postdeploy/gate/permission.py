"""Whether a rollback may be carried out, and by whose decision. Pure; what is not known forbids it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from postdeploy.model import Decision, Recommendation, WillHelp
from postdeploy.production.changes import was_restored
from postdeploy.production.state import ProductionState
from postdeploy.record.document import VerdictDocument
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.system import times

FRESH = dt.timedelta(minutes=30)
"""A verdict that is older proves nothing about now."""
PAUSE = dt.timedelta(hours=24)
"""Between two automatic rollbacks."""
_NOTHING_DONE = (Ending.REFUSED, Ending.UNSENT)


class RollbackMode(StrEnum):
    """By whose decision a rollback is carried out."""

    APPROVAL = "approval"
    """A reviewer of the GitHub environment approves it."""
    AUTOMATIC = "automatic"
    """No one approves it: it is proven to help."""
    PLAN = "plan"
    """It can't be approved here: only the plan is shown."""
    REFUSED = "refused"
    """It must not be carried out."""


class Starter(StrEnum):
    """Who asks for a rollback."""

    PERSON = "person"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for."""

    failed: str
    """The deployment that failed, `dpl_…`."""
    starter: Starter
    target: str = ""
    """Where to roll back to, as it is passed on to the rollback; empty: it looks for the last-good deployment itself."""
    automatic: bool = False
    """Whether the workflow switches automatic rollbacks on."""
    needs_verdict: bool = True
    """False: a person decides without one."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when it is asked for."""

    now: dt.datetime
    state: ProductionState
    verdict: VerdictDocument | None
    """The newest verdict on the failed deployment."""
    reviewers: bool
    """Whether the environment requires a reviewer's approval."""
    earlier: tuple[RollbackReport, ...] | None = ()
    """What earlier rollbacks did; None: it is not known."""
    unknown: str = ""
    """Why it is not known."""


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer, with the reasons."""

    mode: RollbackMode
    why: tuple[str, ...]


def decide(request: Request, situation: Situation) -> Permission:
    """By whose decision the rollback is carried out, if at all."""
    refused = tuple(_refusals(request, situation))
    if refused:
        return Permission(RollbackMode.REFUSED, refused)
    held_back = tuple(_not_automatic(request, situation))
    if not held_back:
        return Permission(RollbackMode.AUTOMATIC, (f"expected to help: yes, by a comparison run on {request.target}",))
    said = tuple(one for one in held_back if request.automatic)
    if situation.reviewers:
        return Permission(RollbackMode.APPROVAL, said)
    return Permission(RollbackMode.PLAN, (*said, "the environment requires no reviewer: nothing is carried out"))


def _refusals(request: Request, situation: Situation) -> Iterator[str]:
    state, verdict = situation.state, situation.verdict
    if request.failed not in state.live:
        yield f"{state.host} does not serve {request.failed}, but {state.serving.id}"
    if request.starter is Starter.PERSON and not request.needs_verdict:
        return
    if verdict is None:
        yield f"there is no verdict on {request.failed}"
        return
    age = situation.now - verdict.ended
    if age > FRESH:
        yield f"the verdict on {request.failed} is {times.span(age.total_seconds())} old: verify it again"
    if verdict.decision is not Decision.FAIL:
        yield f"the verdict on {request.failed} is {verdict.decision}"
    elif request.starter is Starter.GATE and verdict.recommendation is not Recommendation.ROLL_BACK:
        yield f"the verdict on {request.failed} recommends {verdict.recommendation}"


def _not_automatic(request: Request, situation: Situation) -> Iterator[str]:
    """Why it is not carried out without asking."""
    verdict, earlier = situation.verdict, situation.earlier
    if request.starter is not Starter.GATE or not request.automatic:
        yield "automatic rollbacks are not switched on"
        return
    if verdict is None or verdict.will_help is not WillHelp.YES or not verdict.complete or verdict.provisional:
        yield f"not automatic: expected to help: {(verdict and verdict.will_help) or 'unproven'}"
    elif not verdict.target or request.target != verdict.target.id:
        compared = verdict.target.id if verdict.target else "no deployment that it names"
        yield f"not automatic: the comparison run was on {compared}, not on {request.target or 'a target that was given'}"
    if was_restored(situation.state):
        yield "not automatic: production was promoted or rolled back to this deployment by hand"
    if earlier is None:
        why = f" ({situation.unknown})" if situation.unknown else ""
        yield f"not automatic: whether there was one before is not known{why}"
        return
    done = [one for one in earlier if one.outcome not in _NOTHING_DONE]
    if any(one.from_.id == request.failed for one in done):
        yield f"not automatic: {request.failed} was rolled back from before"
    if any(_is_recent(one, situation.now) for one in done) or _recently_restored(situation):
        yield "not automatic: there was a rollback in the last 24 hours"


def _is_recent(report: RollbackReport, now: dt.datetime) -> bool:
    try:
        return now - dt.datetime.fromisoformat(report.requested_at) < PAUSE
    except ValueError:  # it was about to be sent, and nothing else is known
        return True


def _recently_restored(situation: Situation) -> bool:
    """Whether Vercel itself shows a rollback: one that was made elsewhere counts, too."""
    last = situation.state.project.last_request
    return last is not None and last.type == "rollback" and _age(last.at, situation.now) < PAUSE


def _age(at: int | None, now: dt.datetime) -> dt.timedelta:
    return now - dt.datetime.fromtimestamp((at or 0) / 1000, dt.UTC)
