"""What GitHub Actions asks for: the job's summary, its outputs, one annotation."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from postdeploy.model import Decision, Recommendation
from postdeploy.report.headline import headline
from postdeploy.verdict.verdict import Verdict


def publish(verdict: Verdict, run_id: str, markdown: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Append to the job's summary and outputs; returns the annotation lines to print. Nothing outside GitHub Actions."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    _append(environ.get("GITHUB_STEP_SUMMARY"), markdown)
    _append(
        environ.get("GITHUB_OUTPUT"),
        f"decision={verdict.decision}\nrecommendation={verdict.recommendation}\nrun-id={run_id}\n",
    )
    level = {Decision.PASS: "notice", Decision.FAIL: "error", Decision.INCONCLUSIVE: "warning"}[verdict.decision]
    return [annotation(level, f"{headline(verdict)}: {verdict.summary}", environ)]


def annotation(level: str, text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A line that GitHub Actions shows next to the job; empty outside. `level`: notice, warning or error."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return ""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} title=postdeploy::{escaped}"


def publish_refusal(environ: Mapping[str, str] = os.environ) -> None:
    """The outputs of a run that could not begin. It has no verdict.json, and therefore no run id."""
    if environ.get("GITHUB_ACTIONS") == "true":
        again = Recommendation.MEASURE_AGAIN
        _append(environ.get("GITHUB_OUTPUT"), f"decision={Decision.INCONCLUSIVE}\nrecommendation={again}\nrun-id=\n")


def _append(file: str | None, text: str) -> None:
    """GitHub's own files: one that can't be written must not keep the verdict from the others."""
    if file:
        with contextlib.suppress(OSError), Path(file).open("a", encoding="utf-8") as opened:
            opened.write(text)
