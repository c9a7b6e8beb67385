"""What GitHub Actions asks for: the job's summary, its outputs, one annotation."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from postdeploy.model import Decision
from postdeploy.report.headline import headline
from postdeploy.verdict.verdict import Verdict


def publish(verdict: Verdict, markdown: str, environ: Mapping[str, str] = os.environ) -> list[str]:
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
