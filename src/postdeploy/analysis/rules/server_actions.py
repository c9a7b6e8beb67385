"""The threshold of the runbook (117e): Server Action errors in the first minutes after the deploy.

Rule 1: more different errors than allowed. Rule 2: one error that fails many of the Server Action requests.

Errors whose words differ in a single place may be one (`grouping`). What breaks a rule both as different errors and as one fails the
deployment; what breaks it only as different errors can't be decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from postdeploy.analysis import grouping, silence
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.fingerprint import names_trouble
from postdeploy.analysis.grouping import Group
from postdeploy.analysis.incidents import BEHIND, Incident, Numbers
from postdeploy.analysis.rules import amounts, causes, wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.model import Recommendation, Severity
from postdeploy.page.journal import path_template
from postdeploy.runbook.log_tables import Threshold


@dataclass(frozen=True, slots=True)
class _Count:
    """The errors, each with its variants: none, or all that may be one with it."""

    errors: tuple[tuple[Incident, ...], ...]
    grouped: tuple[Group, ...] = ()
    """Those that have variants."""


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """A failure where either rule is broken; a warning about errors below the threshold, and about those that can't be decided."""
    errors, elsewhere = _errors(evidence)
    if elsewhere:
        failed = wording.count(len(evidence.first.times(elsewhere)), "request")
        names = wording.listed(dict.fromkeys(one.place for one in elsewhere))
        sentence = f"{failed} that another server answered, behind a rewrite, failed with 5xx: {names}"
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=elsewhere)
    broken = _broken_rule(evidence, errors)
    if broken:
        found = causes.explained(evidence, errors, lambda some: _broken_rule(evidence, some) is not None)
        if found.recommendation is Recommendation.ROLL_BACK and evidence.baseline is None and silence.is_known(errors):
            found = replace(found, recommendation=Recommendation.INVESTIGATE)
        sentence = broken + wording.newness(evidence, errors) + silence.said(errors)
        yield found.finding(LogSubject.ERRORS, sentence, errors)
    elif errors:
        count, (inbox, of_inbox) = len(evidence.first.times(errors)), _of_the_inbox(evidence)
        failed = wording.count(count, "Server Action request")
        allowed = evidence.runbook.threshold.unique
        troubles, fewest = len(_each(errors).errors), len(_as_one(errors).errors)
        unique = f"{troubles} unique ({allowed} allowed)"
        if troubles > allowed:
            unique = f"{troubles} unique, {fewest} if variants of one text are one error ({allowed} allowed)"
        sentence = f"{failed} of {evidence.first.actions} failed"
        doubt = sentence if amounts.unproven(evidence, Part.ACTION, count, evidence.first.actions) else ""
        there = len(evidence.first.times(one for one in errors if one.route == inbox))
        if not doubt and amounts.unproven(evidence, Part.ACTION, there, of_inbox):
            doubt = f"{there} of {of_inbox} requests to {inbox} failed"
        yield LogFinding(LogSubject.ERRORS, Severity.WARN, f"{sentence}, {unique}", incidents=errors, unproven=doubt)


def undecided(evidence: LogEvidence) -> str | None:
    """Why the number of unique errors can't be decided, with both counts and the texts; None: it can."""
    errors, _ = _errors(evidence)
    allowed, fewest = evidence.runbook.threshold.unique, _as_one(errors)
    troubles = len(_each(errors).errors)
    texts = wording.listed(str(group) for group in fewest.grouped)
    if troubles > allowed >= len(fewest.errors):
        return (
            f"{troubles} unique Server Action errors (more than {allowed} are too many), or {len(fewest.errors)} if variants of one text"
            f" are one error: {texts}"
        )
    if doubt := _cut_short(evidence, _each(errors), allowed):
        return doubt
    if (as_one := _broken_by(evidence, fewest)) and not _broken_by(evidence, _each(errors)):
        return f"{as_one}, if variants of one text are one error: {texts}"
    return None


def _errors(evidence: LogEvidence) -> tuple[tuple[Incident, ...], tuple[Incident, ...]]:
    """Those of Server Actions, and those of other servers behind a rewrite."""
    errors = evidence.counted_first(Signal.SERVER_ACTION_ERROR)
    elsewhere = tuple(one for one in errors if is_elsewhere(evidence, one))
    return tuple(one for one in errors if one not in elsewhere), elsewhere


def is_elsewhere(evidence: LogEvidence, error: Incident) -> bool:
    """Whether another server answered, behind a rewrite: but on the inbox's page, that is none of this build."""
    return silence.is_elsewhere(error) and error.route != f"POST {path_template(evidence.runbook.app.inbox_path)}"


def with_variants(errors: Sequence[Incident]) -> tuple[tuple[Incident, ...], ...]:
    """The errors, each with what may be one with it."""
    return _as_one(errors).errors


def _cut_short(evidence: LogEvidence, each: _Count, allowed: int) -> str | None:
    """Errors of which only the beginning is known may be different ones."""
    cut = [variants for variants in each.errors if any(one.cut for one in variants)]
    requests = sum(len(evidence.first.times(variants)) for variants in cut)
    most = len(each.errors) - len(cut) + requests
    if len(each.errors) > allowed or most <= allowed:
        return None
    errors = wording.count(len(each.errors), "unique Server Action error")
    return f"{errors} (more than {allowed} are too many), or up to {most}: the messages of {requests} requests were cut before their end"


def _each(errors: Sequence[Incident]) -> _Count:
    """The errors as they are: what is one trouble (`variants`) is one error."""
    by_trouble: dict[str, list[Incident]] = {}
    for one in errors:
        by_trouble.setdefault(one.trouble, []).append(one)
    return _Count(tuple(map(tuple, by_trouble.values())))


def _as_one(errors: Sequence[Incident]) -> _Count:
    """The errors with what may be one with them put together: on one route, their words differ in one place, or in what stands behind."""
    together: list[tuple[Incident, ...]] = []
    grouped: list[Group] = []
    by_route: dict[str, dict[str, list[Incident]]] = {}
    named = {(one.route, _lead(one)): one.normalized for one in reversed(errors) if names_trouble(one.origin)}
    for variants in _each(errors).errors:
        one = variants[0]
        text = one.normalized if names_trouble(one.origin) else named.get((one.route, _lead(one)), _lead(one))
        by_route.setdefault(one.route, {}).setdefault(text, []).extend(variants)
    for by_text in by_route.values():
        for group in grouping.groups(by_text):
            those = tuple(one for text in group.texts for one in by_text[text])
            together.append(those)
            texts = tuple(dict.fromkeys(one.normalized for one in those if not one.variant_of))
            if len(texts) > 1:
                grouped.append(Group(texts))
    return _across_routes(together, grouped)


def _across_routes(errors: Sequence[tuple[Incident, ...]], grouped: Sequence[Group]) -> _Count:
    """The same, with equal errors on routes that only paths name, and that may be one with a customer's name in it."""
    left, found = dict(enumerate(errors)), list(grouped)
    by_text: dict[str, list[int]] = {}
    for number, variants in left.items():
        if not variants[0].by_name:
            by_text.setdefault(variants[0].normalized, []).append(number)
    for text, numbers in by_text.items():
        for places in grouping.alike_routes([errors[number][0].route for number in numbers]):
            those = [numbers[place] for place in places if numbers[place] in left]
            if len(those) > 1:
                found.append(Group(tuple(f"{text} ({errors[number][0].place})" for number in those)))
                left[those[0]] = tuple(one for number in those for one in left.pop(number))
    return _Count(tuple(left.values()), tuple(found))


def _lead(error: Incident) -> str:
    return error.normalized.removesuffix(f"{BEHIND}{error.origin}")


def _broken_rule(evidence: LogEvidence, errors: Sequence[Incident]) -> str | None:
    """The sentence that says which rule these errors break, or None: as they are, and also with their variants as one."""
    broken = _broken_by(evidence, _each(errors))
    return broken if broken and _broken_by(evidence, _as_one(errors)) else None


def _broken_by(evidence: LogEvidence, reading: _Count) -> str | None:
    limit = evidence.runbook.threshold
    if len(reading.errors) > limit.unique:
        return (
            f"{len(reading.errors)} unique Server Action errors within the first {wording.minutes(limit.window)}"
            f" (more than {limit.unique} are too many)"
        )
    actions, (inbox, of_inbox) = evidence.first.answers_of(Part.ACTION).admitted, _of_the_inbox(evidence)
    for variants in reading.errors if evidence.shows_totals else ():
        there = [one for one in variants if one.route == inbox]
        broken = _widespread(limit, evidence.first.times(variants), actions, "Server Action requests")
        broken = broken or _widespread(limit, evidence.first.times(there), of_inbox, f"requests to {inbox}")
        if broken:
            return broken
    return None


def _of_the_inbox(evidence: LogEvidence) -> tuple[str, int]:
    """The route of the inbox page's actions, and how many there were: those of other pages (a login, a rewrite) hide no error."""
    inbox = f"POST {path_template(evidence.runbook.app.inbox_path)}"
    return inbox, evidence.first.answers_on(inbox).admitted


def _widespread(limit: Threshold, times: Numbers, total: int, what: str) -> str | None:
    """Rule 2, of one error that failed requests at these times, of so many."""
    if not len(times):
        return None
    requests, share = len(times), len(times) / max(total, 1)
    sentence = f"one error fails {requests} of {total} {what} ({share:.0%})"
    if requests >= limit.flood_requests and share >= limit.flood_share:
        return sentence
    is_enough = requests >= limit.widespread_requests and share >= limit.widespread_share
    seconds = float(times[-1] - times[0]) / 1000
    if is_enough and total >= limit.widespread_of and seconds >= limit.widespread_span:
        return f"{sentence} over {seconds:.0f} s"
    return None
