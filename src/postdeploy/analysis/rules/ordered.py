"""The rules, and all that they say of a log. A new rule gets its line here."""

from __future__ import annotations

from dataclasses import replace

from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.known_before import all_tolerated
from postdeploy.analysis.rules import (
    configuration,
    database,
    failed_checks,
    function_died,
    inbox_lines,
    known_noise,
    later_failures,
    no_success,
    notable_lines,
    origins,
    other_patterns,
    outages,
    own_signals,
    routes,
    schema,
    server_actions,
    sessions,
    sign_ins,
)
from postdeploy.analysis.rules.rule import LogEvidence, Rule
from postdeploy.model import BY_PRIORITY, Recommendation, Severity

RULES: tuple[Rule, ...] = (
    server_actions.findings,
    database.findings,
    configuration.findings,
    schema.findings,
    routes.findings,
    inbox_lines.findings,
    function_died.findings,
    sessions.findings,
    origins.findings,
    own_signals.findings,
    other_patterns.findings,
    no_success.findings,
    sign_ins.findings,
    notable_lines.findings,
    known_noise.findings,
    failed_checks.findings,
    later_failures.findings,
)
_SEVERITIES = tuple(Severity)


def findings(evidence: LogEvidence) -> tuple[LogFinding, ...]:
    """All that the log says: what fails the deployment first, by what it calls for; then in the order of the rules."""
    found: list[LogFinding] = []
    for rule in RULES:
        failing = {one.subject for one in found if one.severity is Severity.FAIL}
        if rule is later_failures.findings and failing:  # only a log that fails nothing can be proven or not
            continue
        each = [outages.settled(one, evidence) for one in rule(evidence)]
        if rule is failed_checks.findings:  # what fails by its amount already says it all
            each = [one for one in each if one.subject not in failing]
        found += [replace(one, saturated=_saturated(one, evidence)) for one in each]
    return tuple(sorted(_by_newness(found, evidence), key=_urgency))


def _by_newness(found: list[LogFinding], evidence: LogEvidence) -> list[LogFinding]:
    """The findings; next to errors that are new, a setting or a schema that lacked as often before leads no recommendation."""
    is_new = any(one.severity is Severity.FAIL and any(each.new for each in one.incidents) for one in found)
    if not is_new:
        return found
    known = (Recommendation.FIX_ENVIRONMENT, Recommendation.FIX_FORWARD)
    return [
        replace(one, recommendation=Recommendation.INVESTIGATE)
        if one.recommendation in known
        and all_tolerated(one.incidents, evidence.tally, evidence.baseline, evidence.shows)
        else one
        for one in found
    ]


def _urgency(found: LogFinding) -> tuple[int, int]:
    called_for = [at for at, one in enumerate(BY_PRIORITY) if one is found.recommendation]
    return _SEVERITIES.index(found.severity), called_for[0] if called_for else len(BY_PRIORITY)


def _saturated(found: LogFinding, evidence: LogEvidence) -> bool:
    """Whether an incident names connections that ran out, whichever rule found it."""
    texts = evidence.runbook.meaning.saturation_texts
    return any(text in incident.normalized for incident in found.incidents for text in texts)
