"""What a log means for the deployment: amounts → judgements, pure. docs/decisions.md explains the table to people.

Two rules on Server Action errors, an amount for each signal, and what is only worth a warning. Known noise counts nowhere, up to
its own limit; the suite's own browser is left to the checks that use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from postdeploy.analysis import rates
from postdeploy.analysis.incidents import Flags, Incident, Numbers, Tally
from postdeploy.analysis.signals import Part, Signal
from postdeploy.logs.protocol import Shows
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.log_tables import Amount
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times

_JOURNEY = (Part.ACTION, Part.PAGE, Part.INBOX)
_FAILED = (Signal.SERVER_ACTION_ERROR, Signal.RENDER_ERROR, Signal.INBOX_ROUTE_ERROR, Signal.ROUTE_ERROR)

_CLASSES: tuple[tuple[frozenset[str], Cause, Recommendation], ...] = (
    (frozenset({Signal.DATABASE_UNREACHABLE}), Cause.DATABASE, Recommendation.HOLD),
    (
        frozenset({Signal.DATABASE_MISCONFIGURED, Signal.ORIGIN_REJECTED}),
        Cause.ENVIRONMENT,
        Recommendation.FIX_ENVIRONMENT,
    ),
    (frozenset({Signal.SCHEMA_DRIFT}), Cause.SCHEMA, Recommendation.FIX_FORWARD),
    (frozenset({Signal.AUTH_SLOW}), Cause.AUTH_SERVICE, Recommendation.HOLD),
)
"""What explains a failure, in the order of asking: without the requests that it explains, would the rule still be broken?"""


class LogSubject(StrEnum):
    """What a judgement is about: the checks ask by it."""

    ERRORS = "server-action-errors"
    DATABASE = "database"
    CONFIGURATION = "configuration"
    SCHEMA = "schema"
    ROUTES = "routes"
    SESSIONS = "sessions"
    ORIGINS = "origins"
    OWN = "own-signals"
    PATTERNS = "patterns"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is compared with: the previous deployment's log, or an earlier verdict's."""

    name: str
    fingerprints: frozenset[str]
    counts: dict[str, int]
    """Signal → requests."""
    requests: int
    """0: what it was made of does not show all requests."""
    seconds: float


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One thing that the log says about the deployment."""

    subject: LogSubject
    severity: Severity
    sentence: str
    cause: Cause | None = None
    recommendation: Recommendation | None = None
    incidents: tuple[Incident, ...] = ()


_ALL = ~Shows.NOTHING


def judge(  # noqa: PLR0913 - everything that a judgement rests on
    tally: Tally,
    runbook: Runbook,
    baseline: Baseline | None = None,
    *,
    first: Tally | None = None,
    shows: Shows = _ALL,
    closed: bool = True,
) -> tuple[LogFinding, ...]:
    """All that the log says, what fails the deployment first.

    `shows`: a source without statuses shows only requests that wrote something: a share of those says nothing.
    `first`: the threshold's window, if `tally` is of a longer stretch.
    `closed`: nothing more will come. While more may come, a share fails the deployment only once the trouble has lasted: what
    looks like half of the requests may turn out to be a burst at the beginning.
    """
    totals = Shows.STATUS in shows
    return tuple(
        _Judge(tally, runbook, baseline, tally if first is None else first, closed=closed, totals=totals).all()
    )


def unjudged(first: Tally, runbook: Runbook, shows: Shows, judged: Iterable[LogFinding]) -> list[str]:
    """What can't be judged for what the source does not show, and what would show it; nothing where the log fails anyway."""
    if any(one.severity is Severity.FAIL for one in judged):
        return []
    errors = [one for one in first.of(Signal.SERVER_ACTION_ERROR) if one.requests]
    failed = len(first.times(errors))
    limit = runbook.threshold
    doubts = []
    if Shows.MESSAGES not in shows and failed > limit.unique:
        doubts.append(
            f"{failed} Server Action requests failed, and the source shows no messages to tell them apart"
            " (the runtime log, vercel.log, does)"
        )
    many = max((one.requests for one in errors), default=0)
    if Shows.STATUS not in shows and many >= limit.widespread_requests:
        doubts.append(
            f"one error failed {many} Server Action requests, and the source does not show of how many"
            " (the live stream, a dashboard export, or Observability Plus does)"
        )
    return doubts


def compared(tally: Tally, baseline: Baseline | None) -> Tally:
    """The tally with each incident marked as new or known before."""
    if baseline is None:
        return tally
    marked = (replace(one, new=one.fingerprint not in baseline.fingerprints) for one in tally.incidents)
    return replace(tally, incidents=tuple(marked))


def baseline_of(name: str, tally: Tally, shows: Shows = _ALL) -> Baseline:
    """A tally as something to compare with."""
    counts = {signal: len(tally.times(tally.of(signal))) for signal in {one.signal for one in tally.incidents}}
    requests = tally.requests if Shows.STATUS in shows else 0
    return Baseline(name, frozenset(one.fingerprint for one in tally.incidents), counts, requests, tally.seconds)


class _Judge:
    def __init__(  # noqa: PLR0913 - everything that a judgement rests on
        self,
        tally: Tally,
        runbook: Runbook,
        baseline: Baseline | None,
        first: Tally,
        *,
        closed: bool,
        totals: bool,
    ) -> None:
        self._totals = totals
        self._tally = compared(tally, baseline)
        self._first = compared(first, baseline)
        self._runbook = runbook
        self._baseline = baseline
        self._least_spread = 0.0 if closed else runbook.threshold.widespread_span
        self._excused = _excused(self._tally, runbook)

    def all(self) -> list[LogFinding]:
        found = [
            *self._errors(),
            *self._unreachable(),
            *self._misconfigured(),
            *self._schema(),
            *self._routes(),
            *self._died(),
            *self._sessions(),
            *self._origins(),
            *self._own_signals(),
            *self._other_patterns(),
            *self._lines(),
            *self._noise(),
        ]
        order = list(Severity)
        return sorted(found, key=lambda one: order.index(one.severity))

    def _of(self, *signals: str, within: Tally | None = None) -> tuple[Incident, ...]:
        """The incidents that count: not known noise, not only the suite's own."""
        tally = self._tally if within is None else within
        return tuple(one for one in tally.of(*signals) if one.requests and one.known not in self._excused)

    # Server Action errors -----------------------------------------------------------------------------------------------

    def _errors(self) -> Iterator[LogFinding]:
        errors = self._of(Signal.SERVER_ACTION_ERROR, within=self._first)
        broken = self._broken_rule(errors)
        limit = self._runbook.threshold.unique
        if broken:
            cause, advice = self._explained(errors, lambda some: self._broken_rule(some) is not None)
            yield self._failure(LogSubject.ERRORS, broken, cause, advice, errors)
        elif errors:
            total = len(self._first.times(errors))
            yield LogFinding(
                LogSubject.ERRORS,
                Severity.WARN,
                f"{_count(total, 'Server Action request')} of {self._first.actions} failed, {len(errors)} unique ({limit} allowed)",
                incidents=errors,
            )

    def _broken_rule(self, errors: Sequence[Incident]) -> str | None:
        """The sentence that says which rule these errors break, or None."""
        limit = self._runbook.threshold
        if len(errors) > limit.unique:
            return (
                f"{len(errors)} unique Server Action errors within the first {_minutes(limit.window)}"
                f" (more than {limit.unique} are too many)"
            )
        actions = self._first.actions
        for one in errors if self._totals else ():
            share = one.requests / max(actions, 1)
            said = f"one error fails {one.requests} of {actions} Server Action requests ({share:.0%})"
            if one.requests >= limit.flood_requests and share >= limit.flood_share:
                return said
            enough = one.requests >= limit.widespread_requests and share >= limit.widespread_share
            if enough and actions >= limit.widespread_of and one.seconds >= limit.widespread_span:
                return f"{said} over {one.seconds:.0f} s"
        return None

    def _explained(
        self, incidents: Sequence[Incident], broken: Callable[[Sequence[Incident]], bool]
    ) -> tuple[Cause, Recommendation]:
        """What explains a broken rule: the first class without which it would hold; else the code."""
        rest = list(incidents)
        for signals, cause, advice in _CLASSES:
            without = [one for one in rest if not signals.intersection(one.means)]
            if len(without) < len(rest) and not broken(without):
                return cause, advice
            rest = without
        return Cause.SERVER_ACTIONS, self._code_fault(rest)

    def _code_fault(self, incidents: Sequence[Incident]) -> Recommendation:
        """A rollback takes away what is new; what existed before it leaves."""
        if self._baseline is not None and all(one.new is False for one in incidents):
            return Recommendation.INVESTIGATE
        return Recommendation.ROLL_BACK

    # The other signals --------------------------------------------------------------------------------------------------

    def _unreachable(self) -> Iterator[LogFinding]:
        incidents = self._of(Signal.DATABASE_UNREACHABLE)
        if not incidents:
            return
        times = self._tally.times(incidents)
        amount = self._amount(Signal.DATABASE_UNREACHABLE)
        said = f"the database was unreachable for {_count(len(times), 'request')} of {self._tally.requests}"
        burst = _spread(times) < amount.burst and self._tally.clean_after(int(times[-1])) > 0
        journey = [one for one in incidents if one.part in _JOURNEY]
        too_many = (
            self._reaches(amount, times, self._tally.requests)
            or self._reaches(amount, self._tally.times(journey), self._journey)
            or (self._totals and self._is_half(times))
        )
        if too_many and not burst:
            yield self._failure(
                LogSubject.DATABASE, said + _over(times), Cause.DATABASE, Recommendation.HOLD, incidents
            )
        else:
            after = " in one burst; clean since" if burst else _over(times)
            yield LogFinding(LogSubject.DATABASE, Severity.WARN, said + after, incidents=incidents)

    def _misconfigured(self) -> Iterator[LogFinding]:
        yield from self._at_least(
            Signal.DATABASE_MISCONFIGURED,
            LogSubject.CONFIGURATION,
            "a setting of the environment is missing, malformed or refused",
            Cause.ENVIRONMENT,
            Recommendation.FIX_ENVIRONMENT,
        )

    def _origins(self) -> Iterator[LogFinding]:
        yield from self._at_least(
            Signal.ORIGIN_REJECTED,
            LogSubject.ORIGINS,
            "Server Actions refuse an origin (SERVER_ACTIONS_ALLOWED_ORIGINS)",
            Cause.ENVIRONMENT,
            Recommendation.FIX_ENVIRONMENT,
        )

    def _at_least(
        self, signal: Signal, subject: LogSubject, what: str, cause: Cause, advice: Recommendation
    ) -> Iterator[LogFinding]:
        incidents = self._of(signal)
        if not incidents:
            return
        times = self._tally.times(incidents)
        said = f"{what}: {_count(len(times), 'request')}"
        if self._reaches(self._amount(signal), times, self._tally.requests):
            yield self._failure(subject, said, cause, advice, incidents)
        else:
            yield LogFinding(subject, Severity.WARN, said, incidents=incidents)

    def _schema(self) -> Iterator[LogFinding]:
        incidents = self._of(Signal.SCHEMA_DRIFT)
        inbox = tuple(one for one in incidents if one.part in _JOURNEY)
        others = tuple(one for one in incidents if one not in inbox)
        if inbox and self._reaches(self._amount(Signal.SCHEMA_DRIFT), self._tally.times(inbox), self._journey):
            said = f"the database lacks a table or column that the inbox asks for: {_count(len(self._tally.times(inbox)), 'request')}"
            yield self._failure(LogSubject.SCHEMA, said, Cause.SCHEMA, Recommendation.FIX_FORWARD, inbox)
        if others:
            said = f"the database lacks a table or column, beside the inbox: {_count(len(self._tally.times(others)), 'request')}"
            yield LogFinding(LogSubject.SCHEMA, Severity.WARN, said, incidents=others)

    def _routes(self) -> Iterator[LogFinding]:
        amount = self._amount(Signal.INBOX_ROUTE_ERROR)
        for signal, what, total in (
            (Signal.INBOX_ROUTE_ERROR, "inbox read", self._tally.inbox),
            (Signal.RENDER_ERROR, "page", self._tally.pages),
        ):
            incidents = self._of(signal)
            if not incidents:
                continue
            times = self._tally.times(incidents)
            said = f"{_count(len(times), what + ' request')} of {total} failed with 5xx"
            if self._reaches(amount, times, total):

                def too_many(some: Sequence[Incident], total: int = total) -> bool:
                    return self._reaches(amount, self._tally.times(some), total)

                cause, advice = self._explained(incidents, too_many)
                cause = Cause.LIST_ROUTE if cause is Cause.SERVER_ACTIONS and what == "inbox read" else cause
                cause = Cause.SERVER if cause is Cause.SERVER_ACTIONS else cause
                yield self._failure(LogSubject.ROUTES, said, cause, advice, incidents)
            else:
                yield LogFinding(LogSubject.ROUTES, Severity.WARN, said + self._newness(incidents), incidents=incidents)
        beside = self._of(Signal.ROUTE_ERROR)
        if beside:
            times = self._tally.times(beside)
            names = _list(dict.fromkeys(one.route for one in beside))
            said = f"{_count(len(times), 'request')} beside the inbox failed with 5xx: {names}"
            yield LogFinding(LogSubject.ROUTES, Severity.WARN, said + self._newness(beside), incidents=beside)

    def _died(self) -> Iterator[LogFinding]:
        incidents = self._of(Signal.FUNCTION_DIED)
        journey = tuple(one for one in incidents if one.part in _JOURNEY)
        beside = tuple(one for one in incidents if one not in journey)
        times = self._tally.times(journey)
        said = f"the function died in {_count(len(times), 'request')} of {self._journey}"
        if journey and self._reaches(self._amount(Signal.FUNCTION_DIED), times, self._journey):
            yield self._failure(LogSubject.ROUTES, said, Cause.FUNCTION_DIED, self._code_fault(journey), journey)
        elif journey:
            yield LogFinding(LogSubject.ROUTES, Severity.WARN, said, incidents=journey)
        if beside:
            names = _list(dict.fromkeys(one.route for one in beside))
            said = f"the function died in {_count(len(self._tally.times(beside)), 'request')} beside the inbox: {names}"
            yield LogFinding(LogSubject.ROUTES, Severity.WARN, said, incidents=beside)

    def _sessions(self) -> Iterator[LogFinding]:
        rejected = self._of(Signal.SESSION_REJECTED)
        if rejected:
            yield self._against_baseline(
                Signal.SESSION_REJECTED,
                rejected,
                self._tally.times(rejected),
                "sessions were rejected",
                Cause.SESSION_REJECTED,
            )
        slow = self._of(Signal.AUTH_SLOW)
        slow_times = self._tally.times(self._tally.of(Signal.AUTH_SLOW))
        refused = self._of(Signal.NOT_AUTHENTICATED)
        times = self._tally.times(refused)
        beside = _near(times, slow_times, self._runbook.logs.neighbour * 1000)
        if slow:
            said = f"the auth service was slow for {_count(len(self._tally.times(slow)), 'request')}"
            if beside.any():
                said += f"; {int(beside.sum())} × “Not authenticated” beside it: latency, no auth regression"
            yield LogFinding(
                LogSubject.SESSIONS, Severity.WARN, said, incidents=(*slow, *(refused if beside.any() else ()))
            )
        alone = times[~beside]
        if len(alone):
            yield self._against_baseline(
                Signal.NOT_AUTHENTICATED,
                refused,
                alone,
                "“Not authenticated” without a slow auth service around",
                Cause.AUTH_REGRESSION,
            )

    def _against_baseline(
        self,
        signal: Signal,
        incidents: tuple[Incident, ...],
        times: Numbers,
        what: str,
        cause: Cause,
    ) -> LogFinding:
        said = f"{what}: {_count(len(times), 'request')}"
        if self._baseline is None:
            return LogFinding(
                LogSubject.SESSIONS, Severity.WARN, f"{said} (nothing to compare with)", incidents=incidents
            )
        before = self._baseline.counts.get(signal, 0)
        exposure, exposure_before = self._exposures()
        chance = rates.rise(len(times), exposure, before, exposure_before)
        said += f"; {before} before ({self._baseline.name}), by chance {chance:.2g}"
        if chance <= rates.LEVEL:
            return LogFinding(LogSubject.SESSIONS, Severity.FAIL, said, cause, Recommendation.ROLL_BACK, incidents)
        return LogFinding(LogSubject.SESSIONS, Severity.WARN, said, incidents=incidents)

    def _exposures(self) -> tuple[float, float]:
        """How much was looked at, now and before: requests, where both show all of them; else seconds."""
        if self._baseline is None:
            return 0.0, 0.0
        if self._totals and self._tally.requests and self._baseline.requests:
            return self._tally.requests, self._baseline.requests
        return self._tally.seconds, self._baseline.seconds

    def _own_signals(self) -> Iterator[LogFinding]:
        for own in self._runbook.signal:
            incidents = self._of(own.name)
            times = self._tally.times(incidents)
            if not len(times):
                continue
            said = f"{own.says}: {_count(len(times), 'request')}"
            if own.severity == "fail" and len(times) >= own.requests:
                yield self._failure(
                    LogSubject.OWN, said, Cause.LOG_PATTERN, Recommendation(own.recommendation), incidents
                )
            else:
                yield LogFinding(LogSubject.OWN, Severity.WARN, said, incidents=incidents)

    def _other_patterns(self) -> Iterator[LogFinding]:
        others = tuple(one for one in self._of(Signal.OTHER_ERROR) if one.new is not False)
        if others:
            times = self._tally.times(others)
            kinds = _count(len(others), "kind")
            said = f"{kinds} of error lines that no class explains, in {_count(len(times), 'request')}: "
            said += _list(one.words for one in others)
            yield LogFinding(LogSubject.PATTERNS, Severity.WARN, said + self._newness(others), incidents=others)

    def _lines(self) -> Iterator[LogFinding]:
        for signal, what in (
            (
                Signal.VERSION_SKEW,
                "pages from before the deploy called actions of their own build (version skew): gone with their tabs",
            ),
            (Signal.READ_API_DISABLED, "the read API is switched off by its flag"),
            (Signal.MISSING_DEBUG_ID, "error lines of the inbox without a debug id"),
            (Signal.PERSONAL_DATA, "error lines with an e-mail address or telephone number"),
        ):
            incidents = self._of(signal)
            times = self._tally.times(incidents)
            if len(times):
                yield LogFinding(
                    LogSubject.LINES, Severity.WARN, f"{what}: {_count(len(times), 'request')}", incidents=incidents
                )

    def _noise(self) -> Iterator[LogFinding]:
        for number, known in enumerate(self._runbook.known):
            incidents = tuple(one for one in self._tally.incidents if one.known == number)
            times = self._tally.times(incidents)
            if not len(times):
                continue
            said = f"known noise, {_count(len(times), 'request')}: {known.pattern} ({known.reason}; {known.owner}, until {known.until})"
            if number in self._excused:
                yield LogFinding(LogSubject.PATTERNS, Severity.NOTE, said, incidents=incidents)
            else:
                more = f"more than the {known.at_most} that are known, so all of them count: {said}"
                yield LogFinding(LogSubject.PATTERNS, Severity.WARN, more, incidents=incidents)

    def _is_half(self, times: Numbers) -> bool:
        """Where there is little traffic, half of it is much."""
        return len(times) >= 2 and len(times) * 2 >= self._tally.requests and _spread(times) >= self._least_spread

    def _reaches(self, amount: Amount, times: Numbers, total: int) -> bool:
        count = len(times)
        if not count:
            return False
        by_count = amount.requests > 0 and count >= amount.requests and _spread(times) >= amount.span
        by_share = amount.share > 0 and total >= max(amount.of, 1) and count / total >= amount.share
        return by_count or (self._totals and by_share and _spread(times) >= self._least_spread)

    # Words --------------------------------------------------------------------------------------------------------------

    def _failure(
        self, subject: LogSubject, said: str, cause: Cause, advice: Recommendation, incidents: tuple[Incident, ...]
    ) -> LogFinding:
        return LogFinding(subject, Severity.FAIL, said + self._newness(incidents), cause, advice, incidents)

    def _newness(self, incidents: Sequence[Incident]) -> str:
        if self._baseline is None:
            return "; not compared with the deployment before"
        new = sum(1 for one in incidents if one.new)
        if not new:
            return f"; all of this existed before ({self._baseline.name}), a rollback does not remove it"
        return f"; {new} of {len(incidents)} new against {self._baseline.name}"

    def _amount(self, signal: Signal) -> Amount:
        return self._runbook.amounts.get(signal, Amount())

    @property
    def _journey(self) -> int:
        return self._tally.actions + self._tally.pages + self._tally.inbox


def _excused(tally: Tally, runbook: Runbook) -> frozenset[int | None]:
    """The entries of [[known]] whose limit is kept."""
    kept = set()
    for number, known in enumerate(runbook.known):
        if len(tally.times(one for one in tally.incidents if one.known == number)) <= known.at_most:
            kept.add(number)
    return frozenset(kept)


def _near(times: Numbers, others: Numbers, within: float) -> Flags:
    """For each time, whether one of the others is that near."""
    if not len(others):
        return np.zeros(len(times), bool)
    at = np.searchsorted(others, times)
    before, after = others[np.maximum(at - 1, 0)], others[np.minimum(at, len(others) - 1)]
    near: Flags = np.minimum(np.abs(times - before), np.abs(after - times)) <= within
    return near


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} s"


def _spread(times: Numbers) -> float:
    """Seconds from the first to the last."""
    return (int(times[-1]) - int(times[0])) / 1000


def _over(times: Numbers) -> str:
    spread = _spread(times)
    return f" over {spread:.0f} s" if spread >= 1 else " at once"


def _list(words: Iterable[str], most: int = 3) -> str:
    given = list(words)
    more = f" and {len(given) - most} more" if len(given) > most else ""
    return "; ".join(given[:most]) + more


def line_of(incident: Incident) -> str:
    """An incident in one line for people."""
    first, last = times.time_of_day(incident.first), times.time_of_day(incident.last)
    when = first if first == last else f"{first}–{last}"
    new = {True: ", new", False: ", known before", None: ""}[incident.new]
    own = f" + {incident.own} of our own" if incident.own else ""
    return f"{incident.requests} ×{own} {incident.route}: {incident.words}  ({when} UTC{new}, {incident.fingerprint})"
