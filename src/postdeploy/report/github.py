"""What GitHub Actions asks for: the job's summary, its outputs, and the annotations that matter."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from postdeploy.model import Decision, Recommendation, Severity
from postdeploy.record.document import VerdictDocument

_ANNOTATIONS = 10
"""GitHub shows no more of one step."""
_SUMMARY = 1 << 20
"""Bytes; GitHub drops a longer summary as a whole."""
_CUT = "\n\n… cut off: the whole text is verdict.md in the artifact.\n"
_LEVEL = {Decision.PASS: "notice", Decision.FAIL: "error", Decision.INCONCLUSIVE: "warning"}


def publish(
    document: VerdictDocument, markdown: str, environ: Mapping[str, str] = os.environ, *, title: str = ""
) -> list[str]:
    """Append to the job's summary and outputs; returns the annotation lines to print. Nothing outside GitHub Actions.

    `title`: what the job makes of the verdict, if not the verdict itself: `would have been FAIL`. Nothing is an error then.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    head = f"### {title}\n\n" if title else ""
    _append(environ.get("GITHUB_STEP_SUMMARY"), _shortened(head + markdown))
    output(outputs(document), environ)
    return list(_annotations(document, title))[:_ANNOTATIONS]


def annotation(level: str, text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A line that GitHub Actions shows next to the job; empty outside. `level`: notice, warning or error."""
    return line(level, "postdeploy", text) if environ.get("GITHUB_ACTIONS") == "true" else ""


def publish_refusal(environ: Mapping[str, str] = os.environ) -> None:
    """The outputs of a run that could not begin. It has no verdict.json, and therefore no run id."""
    if environ.get("GITHUB_ACTIONS") == "true":
        again = Recommendation.MEASURE_AGAIN
        output({"decision": Decision.INCONCLUSIVE, "recommendation": again, "run-id": ""}, environ)


def outputs(document: VerdictDocument) -> dict[str, str]:
    """What later steps may ask for."""
    platform = document.deployment.platform
    return {
        "decision": document.decision,
        "recommendation": document.recommendation or "",
        "run-id": document.run_id,
        "command": document.command or "",
        "last-good": document.target.id if document.target else "",
        "expected-to-help": document.will_help or "",
        "deployment": (platform.id if platform else document.deployment.deployment_id) or "",
    }


def output(values: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> None:
    """Set outputs of the step, a line each."""
    lines = [f"{name}={' '.join(value.splitlines())}\n" for name, value in values.items()]
    _append(environ.get("GITHUB_OUTPUT"), "".join(lines))


def line(level: str, title: str, text: str) -> str:
    """The same under a title of its own, for a step of a job there."""
    return f"::{level} title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}::{_escaped(text)}"


def _annotations(document: VerdictDocument, title: str) -> Iterator[str]:
    """The verdict, then its failures, then its warnings."""
    level = "warning" if title else _LEVEL[document.decision]
    yield line(level, title or "postdeploy", f"{document.headline}: {document.summary}")
    for severity in (Severity.FAIL, Severity.WARN):
        for finding in document.findings:
            if finding.severity is severity and finding.summary != document.summary:
                worst = "error" if severity is Severity.FAIL and not title else "warning"
                yield line(worst, f"postdeploy, {finding.part}", finding.summary)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _shortened(text: str) -> str:
    encoded = text.encode()
    if len(encoded) <= _SUMMARY:
        return text
    return encoded[: _SUMMARY - len(_CUT.encode())].decode(errors="ignore") + _CUT


def _append(file: str | None, text: str) -> None:
    """GitHub's own files: one that can't be written must not keep the verdict from the others."""
    if file:
        with contextlib.suppress(OSError), Path(file).open("a", encoding="utf-8") as opened:
            opened.write(text)
