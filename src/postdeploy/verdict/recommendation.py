"""What to do about a deployment that failed: pure. docs/decisions.md shows this table to people; a test holds both together.

Each failure leans towards something: by its cause, and by what the trial of the same check showed at the last good deployment's
own address. What a rollback can't mend comes first, so that nobody rolls back during an outage; but a fault that a fresh load
shows here, and that the last good deployment lacks at the same moment, beats all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from postdeploy.model import Cause, CheckResult, Recommendation, WillHelp
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.verdict.comparison import AttemptOutcome, Comparison
from postdeploy.verdict.table import ORDER, TABLE, CauseRow

LOG = "logs"
"""The part whose failures were seen in the log, not by a browser."""


_ROW = {cause: row for row in TABLE for cause in row.causes}
_OUTAGES = frozenset({Cause.DATABASE, Cause.AUTH_SERVICE})
_EXPLAINS = frozenset({Cause.DATABASE, Cause.ENVIRONMENT, Cause.SCHEMA, Cause.AUTH_SERVICE})
_SHARED = _OUTAGES | {Cause.SESSION_REJECTED}
"""Causes that both deployments depend on: that it passes at one a moment later proves nothing."""
_HANGS = frozenset({Cause.NO_ANSWER, Cause.UNREACHABLE})
"""What an outage may look like at the one, and not at the other."""
_LATENCY = frozenset({Cause.AUTH_SERVICE, Cause.AUTH_REGRESSION, Cause.SESSION_REJECTED, Cause.NO_ANSWER})
"""Causes that a slow auth service can look like."""
_OLD_SETTINGS = "the last good one carries the settings of its own build: a rollback helps only until the next deploy"


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """All that the advice may rest on."""

    failures: tuple[CheckResult, ...]
    """At least one."""
    last_good: LastGood | NoLastGood | None = None
    """None: it was not looked for yet."""
    trials: tuple[Comparison, ...] = ()
    untried: str = ""
    """Why no check was tried there."""
    changed: tuple[str, ...] = ()
    """Variables of Production that were changed after the last good deployment was built."""
    compared_with: str | None = None
    """What the log was compared with."""
    beside: frozenset[str] = frozenset()
    """Variables that the inbox does not need."""
    logged: bool = False
    """Whether the log was judged, so that it would name a database, a setting or a schema that is behind a digest."""
    auth_slow: bool = False
    """Whether the log shows that the auth service was slow."""
    saturated: bool = False
    """Whether the database's connections ran out."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, and what speaks for it and against it."""

    recommendation: Recommendation
    leading: CheckResult
    """The failure that it is about."""
    will_help: WillHelp | None = None
    target: LastGood | None = None
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lean:
    """What one failure calls for."""

    result: CheckResult
    to: Recommendation
    helps: WillHelp | None = None
    because: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    not_tried: str | None = None
    """Why its check was not tried on the last-good deployment (empty: not known); None: it was, or need not be."""
    beats_all: bool = False


def worth_trying(result: CheckResult) -> bool:
    """Whether trying it at the last good deployment could change the advice."""
    row = _row(result)
    told = result.recommendation if result.part == LOG else None
    if told is not None:
        return told not in (Recommendation.INVESTIGATE, Recommendation.FIX_ENVIRONMENT)
    return len({row.untried, row.helps, row.fails_there}) > 1


def advise(question: FailureFacts) -> Advice:
    """What all failures together call for."""
    leans = [_lean(result, question) for result in question.failures if not _is_echo(result, question)]
    chosen = next((lean for lean in leans if lean.beats_all), None)
    if chosen is None:
        chosen = min(leans, key=lambda lean: ORDER.index(lean.to))
    others = [_beside(lean) for lean in leans if lean.to is not chosen.to]
    chosen = replace(chosen, but=(*chosen.but, *_doubt(chosen, question), *dict.fromkeys(others)))
    return _with_target(chosen, question)


def _with_target(lean: _Lean, question: FailureFacts) -> Advice:
    """A rollback needs somewhere to go."""
    target = question.last_good if isinstance(question.last_good, LastGood) else None
    advice = Advice(lean.to, lean.result, lean.helps, target, lean.because, lean.but)
    if lean.to is not Recommendation.ROLL_BACK:
        return advice
    if target:
        failing = f"; {', '.join(target.failing)} failed there already" if target.failing else ""
        return replace(advice, evidence_for=(*lean.because, f"{target.id} {target.says}{failing}"))
    if isinstance(question.last_good, NoLastGood) and question.last_good.looked:
        why = f"there is nothing to roll back to: {question.last_good.why}"
        return replace(
            advice,
            recommendation=Recommendation.FIX_FORWARD,
            will_help=WillHelp.NO,
            evidence_for=(*lean.because, why),
        )
    nobody = question.last_good
    why = nobody.why if isinstance(nobody, NoLastGood) else "it was not looked for yet"
    doubt = f"a rollback may help, but no last good deployment is known: {why}"
    return replace(
        advice,
        recommendation=Recommendation.INVESTIGATE,
        will_help=WillHelp.NOT_PROVEN,
        evidence_against=(*lean.but, doubt),
    )


def _doubt(lean: _Lean, question: FailureFacts) -> tuple[str, ...]:
    """That nothing was tried. Where a rollback has no target, that says it all."""
    if lean.not_tried is None or (lean.to is Recommendation.ROLL_BACK and isinstance(question.last_good, NoLastGood)):
        return ()
    why = f": {lean.not_tried}" if lean.not_tried else ""
    return (f"will it help: not proven. It was not tried at the last good deployment{why}",)


def _lean(result: CheckResult, question: FailureFacts) -> _Lean:
    trial = _trial_of(result, question)
    lean = _by_log(result, trial, question) if result.part == LOG else _by_browser(result, trial, question)
    if question.auth_slow and result.cause in _LATENCY and lean.helps is not WillHelp.YES:
        slow = "the log shows a slow auth service, and that is what it looks like"
        return replace(lean, to=Recommendation.HOLD, because=(*lean.because, slow))
    return lean


def _by_browser(result: CheckResult, trial: Comparison | None, question: FailureFacts) -> _Lean:
    """By the table, and by what the trial showed."""
    row = _row(result)
    if not worth_trying(result):
        return _Lean(result, row.untried)
    if trial is None or trial.there.ended is AttemptOutcome.UNTRIED:
        return _Lean(result, row.untried, WillHelp.NOT_PROVEN, not_tried=_not_tried(trial, question))
    where = _where(question)
    if trial.there.ended is AttemptOutcome.FAILED:
        return _fails_there(result, trial, question)
    if trial.here.ended is AttemptOutcome.PASSED:
        gone = f"{trial.check} passes {where}, and by now here as well: the trouble comes and goes"
        stays = row.untried in (Recommendation.FIX_ENVIRONMENT, Recommendation.FIX_FORWARD)
        to = row.untried if stays else Recommendation.INVESTIGATE
        return _Lean(result, to, WillHelp.NOT_PROVEN, but=(gone,))
    if trial.here.ended is AttemptOutcome.UNTRIED:
        to = row.untried if result.cause in _SHARED else row.helps
        alone = f"here it came to no result at the same moment{_because(trial.here.says)}"
        return _Lean(result, to, WillHelp.NOT_PROVEN, (f"{trial.check} passes {where}",), (alone,))
    return _proven(result, row, f"{trial.check} passes {where}, and fails here once more", question, again=True)


def _fails_there(result: CheckResult, trial: Comparison, question: FailureFacts) -> _Lean:
    """The last good deployment can't do it either; for another reason, where what both depend on need not be out."""
    cause, said = trial.there.cause, f"{trial.check} fails {_where(question)}, too"
    another = cause is not None and cause is not result.cause and not {cause, result.cause} & (_SHARED | _HANGS)
    if another:
        why = f"{said}, of something else{_quoted(trial.there.says)}: a rollback would exchange one fault for another"
    else:
        why = f"{said}{_quoted(trial.there.says)}: a rollback would bring that back"
    return _Lean(result, _row(result).fails_there, WillHelp.NO, (why,))


def _proven(result: CheckResult, row: CauseRow, proof: str, question: FailureFacts, *, again: bool) -> _Lean:
    """The last good deployment lacks what fails here."""
    if result.cause is Cause.DATABASE and question.saturated:
        maybe = "at its own address it has no traffic: whether its connections would run out as well is not known"
        return _Lean(result, Recommendation.INVESTIGATE, WillHelp.NOT_PROVEN, (proof,), (maybe,))
    if result.cause is Cause.DATABASE and question.changed:
        names = f"changed since the last good one was built: {', '.join(question.changed)}"
        return _Lean(result, Recommendation.FIX_ENVIRONMENT, WillHelp.YES, (proof, names), (_OLD_SETTINGS,))
    if row.helps is Recommendation.FIX_ENVIRONMENT:
        return _Lean(result, Recommendation.FIX_ENVIRONMENT, WillHelp.YES, (proof,), (_OLD_SETTINGS,))
    code = row.helps is Recommendation.ROLL_BACK and result.cause not in _OUTAGES
    by_setting = row.echo and not question.logged and any(_may_explain(one, question) for one in question.failures)
    return _Lean(result, row.helps, WillHelp.YES, (proof,), beats_all=code and again and not by_setting)


def _may_explain(result: CheckResult, question: FailureFacts) -> bool:
    """Whether a wrong setting may be what breaks the inbox: a secret of crons and webhooks is not."""
    return result.part != LOG and result.cause is Cause.ENVIRONMENT and result.subject not in question.beside


def _is_echo(result: CheckResult, question: FailureFacts) -> bool:
    """Whether the log names what is behind a failure that a browser saw: then the log's word counts."""
    named = any(one.part == LOG and one.cause in _EXPLAINS for one in question.failures)
    return named and result.part != LOG and _row(result).echo


def _by_log(result: CheckResult, trial: Comparison | None, question: FailureFacts) -> _Lean:
    """What the log called for, unless the inbox of the last good deployment says otherwise."""
    row = _row(result)
    told = result.recommendation or row.untried
    there = trial.there.ended if trial else AttemptOutcome.UNTRIED
    if told is Recommendation.INVESTIGATE:
        return _Lean(result, told, WillHelp.NO)
    if told is Recommendation.FIX_ENVIRONMENT:
        if trial is None or there is not AttemptOutcome.PASSED:
            return _Lean(result, told)
        return _Lean(result, told, WillHelp.YES, (f"{trial.check} passes {_where(question)}",), (_OLD_SETTINGS,))
    if trial and there is AttemptOutcome.FAILED:
        too = f"{trial.check} fails {_where(question)}{_quoted(trial.there.says)}: a rollback would bring that back"
        return _Lean(
            result,
            Recommendation.FIX_FORWARD if told is Recommendation.FIX_FORWARD else Recommendation.HOLD,
            WillHelp.NO,
            (too,),
        )
    if told is Recommendation.ROLL_BACK:
        compared = question.compared_with
        new = (f"new against {compared}",) if compared else ()
        doubts = () if compared else ("not compared with the deployment before",)
        if trial and there is AttemptOutcome.PASSED:
            proof = f"{trial.check} passes {_where(question)}"
            return _Lean(result, told, WillHelp.YES if compared else WillHelp.NOT_PROVEN, (*new, proof), doubts)
        return _Lean(result, told, WillHelp.NOT_PROVEN, new, doubts, _not_tried(trial, question))
    if trial is None or there is AttemptOutcome.UNTRIED:
        return _Lean(result, told, WillHelp.NOT_PROVEN, not_tried=_not_tried(trial, question))
    proof = f"{trial.check} passes {_where(question)}"
    if told is Recommendation.FIX_FORWARD:
        return _proven(result, row, proof, question, again=False)
    if trial.here.ended is AttemptOutcome.FAILED:
        return _proven(result, row, f"{proof}, and fails here", question, again=False)
    return _Lean(result, told, WillHelp.NOT_PROVEN, but=(f"{proof}, and here as well",))


def _row(result: CheckResult) -> CauseRow:
    return _ROW[result.cause or Cause.UNKNOWN]


def _trial_of(result: CheckResult, question: FailureFacts) -> Comparison | None:
    """The trial of this check; else of one that failed for the same cause; for the log, of whichever was tried."""
    by_name = {trial.check: trial for trial in question.trials}
    if result.name in by_name:
        return by_name[result.name]
    if result.part == LOG:
        return next(iter(question.trials), None)
    same = [one for one in question.failures if one.cause == result.cause and one.part != LOG]
    return next((by_name[one.name] for one in same if one.name in by_name), None)


def _where(question: FailureFacts) -> str:
    good = question.last_good
    return f"at {good.id} ({good.url})" if isinstance(good, LastGood) else "at the last good deployment"


def _quoted(says: str) -> str:
    return f" ({says})" if says else ""


def _because(says: str) -> str:
    return f": {says}" if says else ""


def _not_tried(trial: Comparison | None, question: FailureFacts) -> str:
    return trial.there.says if trial else question.untried


def _beside(lean: _Lean) -> str:
    proven = ", and that would help" if lean.to is Recommendation.ROLL_BACK and lean.helps is WillHelp.YES else ""
    return f"{lean.result.part}: {lean.result.summary or lean.result.story} (alone: {lean.to}{proven})"
