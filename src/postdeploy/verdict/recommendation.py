"""What to do about a deployment that failed: pure. docs/decisions/recommendation.md shows the table to people; a test holds both together.

Each failure calls for something: by its cause, and by what a comparison run of the same check showed on the last-good deployment's own
address. What a rollback can't repair comes first, so that an outage never leads to a rollback; but a fault that a fresh load shows here,
and that the last-good deployment lacks at the same moment, beats all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from postdeploy.model import Cause, CheckResult, Recommendation, WillHelp
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore
from postdeploy.verdict.comparison import AttemptOutcome, Comparison
from postdeploy.verdict.table import ORDER, TABLE, CauseRow
from postdeploy.verdict.uncompared import not_compared, uncompared

LOG = "logs"
"""The part whose failures were seen in the log, not by a browser."""


_ROW = {cause: row for row in TABLE for cause in row.causes}
_OUTAGES = frozenset({Cause.DATABASE, Cause.AUTH_SERVICE})
_EXPLAINS = frozenset({Cause.DATABASE, Cause.ENVIRONMENT, Cause.SCHEMA, Cause.AUTH_SERVICE})
_SHARED = _OUTAGES | {Cause.SESSION_REJECTED}
"""Causes that both deployments depend on: passing on one a moment later proves nothing."""
_HANGS = frozenset({Cause.NO_ANSWER, Cause.UNREACHABLE})
"""What an outage may look like on one deployment, and not on the other."""
_LATENCY = frozenset({Cause.AUTH_SERVICE, Cause.AUTH_REGRESSION, Cause.SESSION_REJECTED, Cause.NO_ANSWER})
"""Causes that a slow auth service can look like."""
_OLD_SETTINGS = (
    "the last-good deployment keeps the settings of its own build: a rollback helps only until the next deploy"
)


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """All that a recommendation may rest on."""

    failures: tuple[CheckResult, ...]
    """At least one."""
    last_good: LastGood | NoLastGood | None = None
    """None: it was not looked for yet."""
    comparisons: tuple[Comparison, ...] = ()
    not_tried_reason: str = ""
    """Why there was no comparison run."""
    changed: tuple[str, ...] = ()
    """Variables of Production that were changed after the last-good deployment was built."""
    compared_with: str | None = None
    """What the log was compared with."""
    outside_the_inbox: frozenset[str] = frozenset()
    """Variables that the inbox does not need."""
    logged: bool = False
    """Whether the log was judged, so that it would name a database, a setting or a schema that is behind a digest."""
    unlogged: str = ""
    """That the log, which was read, does not show what the server wrote about the requests that failed; empty: it does."""
    auth_slow: bool = False
    """Whether the log shows that the auth service was slow."""
    saturated: bool = False
    """Whether the database's connections ran out."""
    passed_before: Mapping[str, PassedBefore] = field(default_factory=dict)
    """Check → how it passed on the build before, by the record."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """What to do, with the evidence for it and against it."""

    recommendation: Recommendation
    leading: CheckResult
    """The failure that it is about."""
    will_help: WillHelp | None = None
    target: LastGood | None = None
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Call:
    """What one failure calls for."""

    result: CheckResult
    to: Recommendation
    helps: WillHelp | None = None
    because: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    not_tried: str | None = None
    """Why its check was not tried on the last-good deployment (empty: not known); None: it was, or need not be."""
    beats_all: bool = False


def worth_comparing(result: CheckResult) -> bool:
    """Whether a comparison run could change the recommendation."""
    row = _row(result)
    called = result.recommendation if result.part == LOG else None
    if called is not None:
        return called not in (Recommendation.INVESTIGATE, Recommendation.FIX_ENVIRONMENT)
    return len({row.not_tried, row.helps, row.fails_there}) > 1


def recommend(facts: FailureFacts) -> Recommended:
    """What all failures together call for."""
    calls = [_call(result, facts) for result in facts.failures if not _is_echo(result, facts)]
    chosen = next((call for call in calls if call.beats_all), None)
    if chosen is None:
        chosen = min(calls, key=lambda call: ORDER.index(call.to))
    others = [_alone(call) for call in calls if call.to is not chosen.to]
    chosen = replace(chosen, but=(*chosen.but, *_doubts(chosen, facts), *dict.fromkeys(others)))
    return _with_target(chosen, facts)


def _with_target(call: _Call, facts: FailureFacts) -> Recommended:
    """A rollback is recommended without a target only where none could be looked for: then the command lists the candidates."""
    good = facts.last_good
    target = good if isinstance(good, LastGood) else None
    found = Recommended(
        recommendation=call.to,
        leading=call.result,
        will_help=call.helps,
        target=target,
        evidence_for=call.because,
        evidence_against=call.but,
    )
    if call.to is not Recommendation.ROLL_BACK:
        return found
    if target:
        failing = f"; {', '.join(target.failing)} failed on it before" if target.failing else ""
        skipped = (f"newer, but not the target: {'; '.join(target.skipped)}",) if target.skipped else ()
        return replace(found, evidence_for=(*call.because, f"{target.id} {target.says}{failing}", *skipped))
    if isinstance(good, NoLastGood) and good.looked:
        return replace(
            found,
            recommendation=Recommendation.FIX_FORWARD,
            will_help=WillHelp.NO,
            evidence_for=(*call.because, f"there is no rollback target: {good.why}"),
        )
    if isinstance(good, NoLastGood):
        return replace(found, evidence_against=(*call.but, f"no rollback target is known: {good.why}"))
    but = (*call.but, "a rollback may help: its target is not looked for yet")
    return replace(
        found, recommendation=Recommendation.INVESTIGATE, will_help=WillHelp.NOT_PROVEN, evidence_against=but
    )


def _doubts(call: _Call, facts: FailureFacts) -> tuple[str, ...]:
    """That there was no comparison, and that the log does not name the reason. Where a rollback has no target, that says the first."""
    no_target = call.to is Recommendation.ROLL_BACK and isinstance(facts.last_good, NoLastGood)
    unlogged = (facts.unlogged,) if facts.unlogged and _row(call.result).echo else ()
    return (*(() if no_target else not_compared(call.helps, call.not_tried)), *unlogged)


def _call(result: CheckResult, facts: FailureFacts) -> _Call:
    comparison = _comparison_of(result, facts)
    call = _by_log(result, comparison, facts) if result.part == LOG else _by_browser(result, comparison, facts)
    if facts.auth_slow and result.cause in _LATENCY and call.helps is not WillHelp.YES:
        slow = "the log shows a slow auth service, which looks like this failure"
        return replace(call, to=Recommendation.HOLD, because=(*call.because, slow))
    return call


def _by_browser(result: CheckResult, comparison: Comparison | None, facts: FailureFacts) -> _Call:
    """By the table, and by what the comparison run showed."""
    row = _row(result)
    if not worth_comparing(result):
        return _Call(result, row.not_tried)
    if comparison is None or comparison.on_last_good.ended is AttemptOutcome.NOT_TRIED:
        blind = any(one.no_read_succeeds for one in facts.failures)
        found = uncompared(result, row, facts.passed_before.get(result.name), no_read_succeeds=blind)
        not_tried = _not_tried(comparison, facts)
        return _Call(result, found.to, found.helps, found.because, found.but, not_tried=not_tried)
    passes = f"{comparison.check} passes {_there(facts)}"
    here = comparison.on_this
    if comparison.on_last_good.ended is AttemptOutcome.FAILED:
        return _also_fails(result, comparison, facts)
    if here.ended is AttemptOutcome.PASSED:
        gone = f"{passes}, and now on this deployment too: the failure is intermittent"
        stays = row.not_tried in (Recommendation.FIX_ENVIRONMENT, Recommendation.FIX_FORWARD)
        to = row.not_tried if stays else Recommendation.INVESTIGATE
        return _Call(result, to, WillHelp.NOT_PROVEN, but=(gone,))
    if here.ended is AttemptOutcome.NOT_TRIED:
        to = row.not_tried if result.cause in _SHARED else row.helps
        why = f": {here.says}" if here.says else ""
        return _Call(
            result,
            to,
            WillHelp.NOT_PROVEN,
            (passes,),
            (f"it had no result on this deployment at the same moment{why}",),
        )
    return _proven(result, f"{passes}, and fails again on this deployment", facts, again=True)


def _also_fails(result: CheckResult, comparison: Comparison, facts: FailureFacts) -> _Call:
    """It fails on the last-good deployment; for another reason, where what both depend on need not be out."""
    cause, shown = comparison.on_last_good.cause, _quoted(comparison.on_last_good.says)
    also = f"{comparison.check} also fails {_there(facts)}"
    another = cause is not None and cause is not result.cause and not {cause, result.cause} & (_SHARED | _HANGS)
    if another:
        why = f"{also}, for another reason{shown}: a rollback would exchange one fault for another"
    else:
        why = f"{also}{shown}: a rollback would bring that failure back"
    return _Call(result, _row(result).fails_there, WillHelp.NO, (why,))


def _proven(result: CheckResult, proof: str, facts: FailureFacts, *, again: bool) -> _Call:
    """The last-good deployment lacks what fails here."""
    row = _row(result)
    if result.cause is Cause.DATABASE and facts.saturated:
        maybe = "it has no traffic there: whether its connections would run out too is not known"
        return _Call(result, Recommendation.INVESTIGATE, WillHelp.NOT_PROVEN, (proof,), (maybe,))
    if result.cause is Cause.DATABASE and facts.changed:
        names = f"changed since the last-good deployment was built: {', '.join(facts.changed)}"
        return _Call(result, Recommendation.FIX_ENVIRONMENT, WillHelp.YES, (proof, names), (_OLD_SETTINGS,))
    if row.helps is Recommendation.FIX_ENVIRONMENT:
        return _Call(result, Recommendation.FIX_ENVIRONMENT, WillHelp.YES, (proof,), (_OLD_SETTINGS,))
    code = row.helps is Recommendation.ROLL_BACK and result.cause not in _OUTAGES
    by_setting = row.echo and not facts.logged and any(_may_explain(one, facts) for one in facts.failures)
    return _Call(result, row.helps, WillHelp.YES, (proof,), beats_all=code and again and not by_setting)


def _may_explain(result: CheckResult, facts: FailureFacts) -> bool:
    """Whether a wrong setting may be what breaks the inbox: a secret of crons and webhooks is not."""
    return result.part != LOG and result.cause is Cause.ENVIRONMENT and result.subject not in facts.outside_the_inbox


def _is_echo(result: CheckResult, facts: FailureFacts) -> bool:
    """Whether the log names what is behind a failure that a browser saw: then the log's finding counts."""
    named = any(one.part == LOG and one.cause in _EXPLAINS for one in facts.failures)
    return named and result.part != LOG and _row(result).echo


def _by_log(result: CheckResult, comparison: Comparison | None, facts: FailureFacts) -> _Call:
    """What the log called for, unless the inbox of the last-good deployment says otherwise."""
    called = result.recommendation or _row(result).not_tried
    ended = comparison.on_last_good.ended if comparison else AttemptOutcome.NOT_TRIED
    if called is Recommendation.INVESTIGATE:
        return _Call(result, called, WillHelp.NO)
    passes = f"{comparison.check if comparison else ''} passes {_there(facts)}"
    if called is Recommendation.FIX_ENVIRONMENT:
        if ended is not AttemptOutcome.PASSED:
            return _Call(result, called)
        return _Call(result, called, WillHelp.YES, (passes,), (_OLD_SETTINGS,))
    if comparison and ended is AttemptOutcome.FAILED:
        shown = _quoted(comparison.on_last_good.says)
        also = f"{comparison.check} also fails {_there(facts)}{shown}: a rollback would bring that failure back"
        stays = called is Recommendation.FIX_FORWARD
        return _Call(result, called if stays else Recommendation.HOLD, WillHelp.NO, (also,))
    if called is Recommendation.ROLL_BACK:
        compared = facts.compared_with
        new = (f"new against {compared}",) if compared else ()
        doubts = () if compared else ("not compared with the deployment before",)
        if ended is AttemptOutcome.PASSED:
            return _Call(result, called, WillHelp.YES if compared else WillHelp.NOT_PROVEN, (*new, passes), doubts)
        not_tried = _not_tried(comparison, facts)
        return _Call(result, called, WillHelp.NOT_PROVEN, new, doubts, not_tried=not_tried)
    if comparison is None or ended is AttemptOutcome.NOT_TRIED:
        return _Call(result, called, WillHelp.NOT_PROVEN, not_tried=_not_tried(comparison, facts))
    if called is Recommendation.FIX_FORWARD:
        return _proven(result, passes, facts, again=False)
    if comparison.on_this.ended is AttemptOutcome.FAILED:
        return _proven(result, f"{passes}, and fails on this deployment", facts, again=False)
    return _Call(result, called, WillHelp.NOT_PROVEN, but=(f"{passes}, and on this deployment too",))


def _row(result: CheckResult) -> CauseRow:
    return _ROW[result.cause or Cause.UNKNOWN]


def _comparison_of(result: CheckResult, facts: FailureFacts) -> Comparison | None:
    """That of this check; else of one that failed for the same cause; for the log, of any check."""
    by_name = {one.check: one for one in facts.comparisons}
    if result.name in by_name:
        return by_name[result.name]
    if result.part == LOG:
        return next(iter(facts.comparisons), None)
    same = [one for one in facts.failures if one.cause == result.cause and one.part != LOG]
    return next((by_name[one.name] for one in same if one.name in by_name), None)


def _there(facts: FailureFacts) -> str:
    good = facts.last_good
    return f"on {good.id} ({good.url})" if isinstance(good, LastGood) else "on the last-good deployment"


def _quoted(says: str) -> str:
    return f" ({says})" if says else ""


def _not_tried(comparison: Comparison | None, facts: FailureFacts) -> str:
    return comparison.on_last_good.says if comparison else facts.not_tried_reason


def _alone(call: _Call) -> str:
    """A failure that calls for something else."""
    proven = call.to is Recommendation.ROLL_BACK and call.helps is WillHelp.YES
    helps = ", which is expected to help" if proven else ""
    return f"{call.result.part}: {call.result.summary or call.result.story} (alone: {call.to}{helps})"
