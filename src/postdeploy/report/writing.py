"""Writes verdict.json, verdict.md and texts: everything passes the redactor first, and files are replaced as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import CheckResult
from postdeploy.redaction import Redactor, blot
from postdeploy.report.facts import RunFacts
from postdeploy.report.markdown import as_markdown
from postdeploy.rollback.proof import Recovery
from postdeploy.system import files, times
from postdeploy.verdict.recovery import state_of
from postdeploy.verdict.verdict import Verdict

SCHEMA = 1


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
