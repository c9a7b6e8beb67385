"""What failed after the threshold's window fails no deployment; but where as much fails as in rule 2, and goes on, nothing is proven.

Rule 1 does not slide: over hours every app meets a few different errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Flags, Incident
from postdeploy.analysis.known_before import all_tolerated
from postdeploy.analysis.rules import server_actions, wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.analysis.spells import Asked, Spell, last_spell
from postdeploy.logs.protocol import Shows
from postdeploy.model import Severity
from postdeploy.page.journal import path_template
from postdeploy.system import times


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A spell, and the requests that it is of."""

    what: str
    spell: Spell
    is_over: bool
    days: bool
    """Whether the log spans days."""

    def __str__(self) -> str:
        spell = self.spell
        of = f"{spell.failed} of {spell.asked}" if spell.asked else f"{spell.failed} (of how many is not shown)"
        moment = times.date_and_time if self.days else times.time_of_day
        said = f"{of} {self.what} failed from {moment(spell.since)} to {moment(spell.until)} UTC"
        return f"{said}; {spell.well} of {spell.after} succeeded since" if spell.well else said


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """A warning about Server Actions and about routes of the inbox; `unproven` where it goes on, with when that began."""
    later = evidence.tally.inside & ~evidence.first.inside
    if evidence.filtered or not later.any():
        return
    yield from _of_actions(evidence, later)
    yield from _of_routes(evidence, later, Signal.INBOX_ROUTE_ERROR)
    yield from _of_routes(evidence, later, Signal.RENDER_ERROR, f"GET {_inbox(evidence)}")


def _of_actions(evidence: LogEvidence, later: Flags) -> Iterator[LogFinding]:
    """Of each error, with what may be one with it, among all actions and those of the inbox's page; and of all errors together."""
    counted = evidence.counted(Signal.SERVER_ACTION_ERROR)
    errors = _within(evidence, [one for one in counted if not server_actions.is_elsewhere(evidence, one)], later)
    if not errors:
        return
    actions, inbox, new = later & evidence.tally.is_of(Part.ACTION), f"POST {_inbox(evidence)}", _new(evidence, errors)
    troubles = [_trouble(evidence, new, actions, "Server Action requests", flood=True)]
    for variants in server_actions.with_variants(new):
        there = [one for one in variants if one.route == inbox]
        troubles.append(_trouble(evidence, variants, actions, "Server Action requests"))
        troubles.append(_trouble(evidence, there, actions & _on(evidence, there), f"requests to {inbox}"))
    failed = wording.count(len(evidence.tally.times(errors)), "Server Action request")
    window = wording.minutes(evidence.runbook.threshold.window)
    yield _finding(LogSubject.ERRORS, [f"{failed} failed after the first {window}"], errors, troubles)


def _of_routes(evidence: LogEvidence, later: Flags, signal: Signal, only: str = "") -> Iterator[LogFinding]:
    """Of each route. Fewer failures are in the warning about all reads and pages (`routes`)."""
    by_route: dict[str, list[Incident]] = {}
    for one in _new(evidence, _within(evidence, evidence.counted(signal), later)):
        if only in ("", one.route):
            by_route.setdefault(one.route, []).append(one)
    for incidents in by_route.values():
        trouble = _trouble(evidence, incidents, later & _on(evidence, incidents), f"requests to {incidents[0].place}")
        if trouble:
            yield _finding(LogSubject.ROUTES, [], incidents, [trouble])


def _finding(
    subject: LogSubject, sentence: list[str], incidents: Sequence[Incident], troubles: Iterable[_Trouble | None]
) -> LogFinding:
    """Of the troubles the worst is said: one that goes on, and the earliest."""
    worst = min((one for one in troubles if one), key=lambda one: (one.is_over, one.spell.since), default=None)
    said, missing = "; ".join([*sentence, *([str(worst)] if worst else [])]), ""
    if worst and not worst.is_over:
        since = f"postdeploy logs … --since={times.iso(worst.spell.since)}"
        missing = f"{worst}, and it is not proven that this is over (if the deployment was promoted then: {since})"
    return LogFinding(subject, Severity.WARN, said, incidents=tuple(incidents), unproven=missing)


def _trouble(
    evidence: LogEvidence, incidents: Sequence[Incident], among: Flags, what: str, *, flood: bool = False
) -> _Trouble | None:
    """The last spell of these incidents among requests."""
    if not incidents or (flood and not evidence.shows_totals):
        return None
    tally, limit = evidence.tally, evidence.runbook.threshold
    asked = None
    if Shows.STATUS in evidence.shows:
        asked = Asked(*(np.sort(tally.at[among & of]) for of in (tally.admitted, tally.served)))
    spell = last_spell(limit, tally.times(incidents), asked, flood=flood)
    days = len({times.iso(at)[:10] for at in (tally.first, tally.last) if at is not None}) > 1
    return _Trouble(what, spell, spell.is_over(limit), days) if spell else None


def _within(evidence: LogEvidence, incidents: Iterable[Incident], later: Flags) -> tuple[Incident, ...]:
    """What is left of these later, without an unreachable database: that has a rule for the whole span."""
    tally, counts = evidence.tally, later.copy()
    counts[tally.members(Signal.DATABASE_UNREACHABLE)] = False
    left = ((one, one.members[counts[one.members]]) for one in incidents)
    return tuple(one.only(members, tally.at) for one, members in left if len(members))


def _new(evidence: LogEvidence, incidents: tuple[Incident, ...]) -> tuple[Incident, ...]:
    """Without what was known before, as often."""
    tally, baseline = evidence.tally, evidence.baseline
    return tuple(one for one in incidents if not all_tolerated((one,), tally, baseline, evidence.shows))


def _on(evidence: LogEvidence, incidents: Sequence[Incident]) -> Flags:
    """Which requests are to the route of these incidents."""
    routes = [one.members[0] for one in incidents[:1]]
    found: Flags = np.isin(evidence.tally.route, evidence.tally.route[routes])
    return found


def _inbox(evidence: LogEvidence) -> str:
    return path_template(evidence.runbook.app.inbox_path)
