"""The verdict on the terminal: one screen, its first line says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from postdeploy.model import CheckResult, Decision, Outcome
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import by_reason, deployment_line, finding_lines, headline, reasons
from postdeploy.report.links import page_about, place_of
from postdeploy.verdict.verdict import Verdict


def summary_lines(verdict: Verdict, facts: RunFacts, redact: Redactor, files: Mapping[str, Path]) -> list[str]:
    """One screen for the terminal; its first line says what to do."""
    took = (facts.finished - facts.started).total_seconds()
    ran = sum(1 for result in facts.results if result.outcome in (Outcome.PASSED, Outcome.FAILED))
    lines = [headline(verdict), ""]
    lines.append(f"  deployment    {deployment_line(facts)}")
    lines.append(f"  checks        {ran} of {facts.checks} gave a result, in {took:.1f} s")
    lines.append(f"  why           {verdict.summary}")
    if facts.log:
        lines.append(f"  log           {facts.log.says}")
    if facts.prerequisites and verdict.decision is Decision.PASS:
        lines.append(f"  rollback      {facts.prerequisites.says}")
    if verdict.command:
        lines.append(f"  command       {verdict.command}")
    lines += [f"  {name:<13} {text}" for name, text in reasons(verdict)]
    page = page_about(verdict)
    if page:
        lines.append(f"  read on       {place_of(page)}")
    for severity, text in finding_lines(verdict, besides=verdict.summary)[:8]:
        lines.append(f"  {severity:<13} {text}")
    if verdict.coverage.not_measured:
        groups = by_reason(verdict.coverage.not_measured)
        lines.append("  not measured  " + "; ".join(f"{', '.join(parts)} ({why})" for why, parts in groups.items()))
    lines += [f"  {name:<13} {path}" for name, path in files.items()]
    return [redact(line) for line in lines]


def check_lines(result: CheckResult, redact: Redactor) -> list[str]:
    """The few lines that matter of a check that did not pass."""
    lines = [
        f"{result.outcome.upper()}  {result.part}: {result.story or result.name}  [{result.name}, {result.seconds:.1f} s]"
    ]
    if result.outcome is Outcome.FAILED:
        lines += [f"    {line}" for line in (f"likely    {result.summary}", *map(str, result.evidence))]
    else:
        lines += [f"    because   {result.summary}" + (f". {result.cure}" if result.cure else "")]
    return [redact(line) for line in lines]
