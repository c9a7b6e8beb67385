"""The verdict for machines (verdict.json), for chats (verdict.md, the GitHub summary) and for the terminal.

Everything passes the redactor before it is written; files are replaced as a whole.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import (
    Cause,
    CheckResult,
    Decision,
    Deployment,
    Outcome,
    PlatformIdentity,
    Reason,
    Recommendation,
    Severity,
    Verdict,
    WillHelp,
    page_of,
)
from postdeploy.redaction import Redactor, blot
from postdeploy.system import files, times
from postdeploy.verdict.recovery import Recovery, state_of

SCHEMA = 1

_HEADLINE = {
    Recommendation.KEEP: "KEEP this deployment",
    Recommendation.INVESTIGATE: "DO NOT KEEP as it is: investigate",
    Recommendation.ROLL_BACK: "ROLL BACK to the last good deployment",
    Recommendation.FIX_ENVIRONMENT: "FIX THE ENVIRONMENT and redeploy: a rollback only brings the old one back",
    Recommendation.FIX_FORWARD: "FIX FORWARD: deploy a correction, a rollback is no way out",
    Recommendation.KEEP_WATCHING: "KEEP this deployment, and keep watching: the log's window is still open",
    Recommendation.DO_NOT_PROMOTE: "DO NOT PROMOTE this deployment: it is not live, and it misbehaves",
    Recommendation.HOLD: "HOLD: do not roll back, as far as is known it would not help",
    Recommendation.MEASURE_AGAIN: "MEASURE AGAIN: nothing is proven",
}


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the report says besides the verdict."""

    run_id: str
    started: dt.datetime
    finished: dt.datetime
    url: str
    deployment: Deployment | None
    checks: int
    results: tuple[CheckResult, ...] = ()
    preflight: CheckResult | None = None
    """How the look before the checks ended, if not well."""
    standing: str = ""
    """What the deployment is in its project, where it is not simply live."""
    stage: str = "smoke"
    log: LogReport | None = None
    platform: PlatformIdentity | None = None
    recovery: Recovery | None = None
    """What production went back to, where that is to be proven."""


UNFINISHED = Verdict(
    Decision.INCONCLUSIVE,
    Recommendation.MEASURE_AGAIN,
    "the run did not finish",
    Reason.UNPROVEN,
)


def as_json(verdict: Verdict, facts: RunFacts, redact: Redactor) -> bytes:
    """verdict.json as docs/verdict.schema.json describes it."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "run_id": facts.run_id,
        "stage": facts.stage,
        "started": times.iso(facts.started, "seconds"),
        "finished": times.iso(facts.finished, "seconds"),
        "decision": verdict.decision,
        "reason": verdict.reason,
        "recommendation": verdict.recommendation,
        "summary": verdict.summary,
        "command": verdict.command,
        "target": msgspec.to_builtins(verdict.target) if verdict.target else None,
        "will_help": verdict.will_help,
        "evidence_for": list(verdict.evidence_for),
        "evidence_against": list(verdict.evidence_against),
        "deployment": (msgspec.to_builtins(facts.deployment) if facts.deployment else {"url": facts.url})
        | {"standing": facts.standing or None, "platform": msgspec.to_builtins(facts.platform)},
        "recovery": _recovery(verdict, facts.recovery),
        "findings": msgspec.to_builtins(verdict.findings),
        "checks": [_check(one) for one in (facts.preflight, *facts.results) if one],
        "coverage": msgspec.to_builtins(verdict.coverage) | {"log": _log_coverage(facts.log)},
        "log": msgspec.to_builtins(facts.log) if facts.log else None,
        "writes": list(verdict.writes),
    }
    return msgspec.json.format(msgspec.json.encode(blot(document, redact)), indent=2) + b"\n"


def _check(result: CheckResult) -> dict[str, Any]:
    """How one check ended."""
    return {
        "name": result.name,
        "part": result.part,
        "outcome": result.outcome,
        "cause": result.cause,
        "summary": result.summary,
        "seconds": round(result.seconds, 2),
    }


def _recovery(verdict: Verdict, recovery: Recovery | None) -> dict[str, Any] | None:
    """What production went back to, and whether that helped."""
    return {"state": state_of(verdict)} | msgspec.to_builtins(recovery) if recovery else None


def _log_coverage(log: LogReport | None) -> dict[str, Any] | None:
    """The log's window, and what of it is proven."""
    if log is None:
        return None
    names = (
        "stage",
        "opened",
        "told_by",
        "closes",
        "judged_since",
        "judged_until",
        "seconds",
        "proven",
        "missing",
        "gaps",
    )
    return {name: msgspec.to_builtins(getattr(log, name)) for name in names}


def as_markdown(verdict: Verdict, facts: RunFacts, redact: Redactor) -> str:
    """verdict.md: the first line says what to do."""
    lines = [f"**{headline(verdict)}**", "", f"{verdict.summary}", ""]
    lines += [f"| | |\n|---|---|\n| deployment | {_cell(_where(facts))} |"]
    lines += [f"| log | {_cell(facts.log.says)} |"] if facts.log else []
    lines += [f"| command | `{_cell(verdict.command)}` |"] if verdict.command else []
    lines += [f"| {name} | {_cell(text)} |" for name, text in _reasons(verdict)]
    page = reads_on(verdict)
    lines += [f"| read on | [{page}]({web_address(page)}) |"] if page else []
    lines += [f"| {severity} | {_cell(text)} |" for severity, text in _finding_lines(verdict, besides=verdict.summary)]
    lines += [f"| not measured | {_cell(part)}: {_cell(why)} |" for part, why in verdict.coverage.not_measured.items()]
    return redact("\n".join(lines) + "\n")


def headline(verdict: Verdict) -> str:
    """What to do, and what was proven: `KEEP this deployment — PASS, 2 warnings`."""
    warnings = sum(1 for finding in verdict.findings if finding.severity is Severity.WARN)
    proof = f"{verdict.decision}" + (f" ({verdict.reason})" if verdict.reason else "")
    noted = f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
    return f"{verdict.headline or _HEADLINE[verdict.recommendation]} — {proof}{noted}"


def web_address(page: str, environ: Mapping[str, str] = os.environ) -> str:
    """Where a page of docs/ can be opened: at GitHub, where a workflow runs there; else from reports/allure-report."""
    server, repository, commit = (environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    return f"{server}/{repository}/blob/{commit}/{page}" if server and repository and commit else f"../../{page}"


def reads_on(verdict: Verdict) -> str | None:
    """The page about what led to the verdict, or None where there is nothing to do."""
    failing = [finding.cause for finding in verdict.findings if finding.severity is Severity.FAIL]
    if verdict.decision is Decision.FAIL:
        return page_of(failing[0] or Cause.UNKNOWN)
    return page_of(verdict.reason) if verdict.reason else None


def summary_lines(verdict: Verdict, facts: RunFacts, redact: Redactor, files: Mapping[str, Path]) -> list[str]:
    """One screen for the terminal; its first line says what to do."""
    took = (facts.finished - facts.started).total_seconds()
    ran = sum(1 for result in facts.results if result.outcome in (Outcome.PASSED, Outcome.FAILED))
    lines = [headline(verdict), ""]
    lines.append(f"  deployment    {_where(facts)}")
    lines.append(f"  checks        {ran} of {facts.checks} came to a result, in {took:.1f} s")
    lines.append(f"  why           {verdict.summary}")
    if facts.log:
        lines.append(f"  log           {facts.log.says}")
    if verdict.command:
        lines.append(f"  command       {verdict.command}")
    lines += [f"  {name:<13} {text}" for name, text in _reasons(verdict)]
    page = reads_on(verdict)
    if page:
        lines.append(f"  read on       {page}")
    for severity, text in _finding_lines(verdict, besides=verdict.summary)[:8]:
        lines.append(f"  {severity:<13} {text}")
    if verdict.coverage.not_measured:
        lines.append(
            "  not measured  " + "; ".join(f"{part} ({why})" for part, why in verdict.coverage.not_measured.items())
        )
    lines += [f"  {name:<13} {path}" for name, path in files.items()]
    return [redact(line) for line in lines]


def _where(facts: RunFacts) -> str:
    """Which deployment it is about, and what that is in its project."""
    name = f" ({facts.deployment.name})" if facts.deployment else ""
    return f"{facts.url}{name}" + (f": {facts.standing}" if facts.standing else "")


def check_lines(result: CheckResult, redact: Redactor) -> list[str]:
    """The few lines that matter of a check that did not pass."""
    lines = [
        f"{result.outcome.upper()}  {result.part}: {result.story or result.name}  [{result.name}, {result.seconds:.1f} s]"
    ]
    if result.outcome is Outcome.FAILED:
        lines += [f"    {line}" for line in (f"likely    {result.summary}", *result.evidence)]
    else:
        lines += [f"    because   {result.summary}" + (f". {result.cure}" if result.cure else "")]
    return [redact(line) for line in lines]


def write(directory: Path, verdict: Verdict, facts: RunFacts, redact: Redactor) -> dict[str, Path]:
    """Write verdict.json and verdict.md, and what GitHub Actions asks for. Returns the files by name."""
    directory.mkdir(parents=True, exist_ok=True)
    written = {"verdict": directory / "verdict.json", "summary": directory / "verdict.md"}
    files.replace(written["verdict"], as_json(verdict, facts, redact))
    markdown = as_markdown(verdict, facts, redact)
    files.replace(written["summary"], markdown.encode())
    return written


def write_text(path: Path, text: str, redact: Redactor) -> None:
    """A text for people, replaced as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files.replace(path, redact(text).encode())


def read_text(path: Path) -> str | None:
    """What stands in it; None: it is not there, or no text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def tell_github(verdict: Verdict, markdown: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Append to the job's summary and outputs; returns the annotation lines to print. Nothing outside GitHub Actions."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    if summary := environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown)
    if output := environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"decision={verdict.decision}\nrecommendation={verdict.recommendation}\n")
    level = {Decision.PASS: "notice", Decision.FAIL: "error", Decision.INCONCLUSIVE: "warning"}[verdict.decision]
    text = f"{headline(verdict)}: {verdict.summary}".replace("%", "%25").replace("\n", "%0A")
    return [f"::{level} title=postdeploy::{text}"]


def _reasons(verdict: Verdict) -> list[tuple[str, str]]:
    """What speaks for the recommendation, and what against it."""
    lines = [("because", text) for text in verdict.evidence_for]
    if verdict.recommendation is Recommendation.ROLL_BACK:
        lines.append(("will it help", str(verdict.will_help or WillHelp.NOT_PROVEN)))
    return lines + [("but", text) for text in verdict.evidence_against]


def _finding_lines(verdict: Verdict, besides: str = "") -> list[tuple[str, str]]:
    order = {Severity.FAIL: 0, Severity.WARN: 1, Severity.NOTE: 2}
    findings = [one for one in verdict.findings if one.severity is not Severity.FAIL or one.summary != besides]
    findings.sort(key=lambda finding: order[finding.severity])
    return [(finding.severity.value, f"{finding.part}: {finding.summary}") for finding in findings]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
