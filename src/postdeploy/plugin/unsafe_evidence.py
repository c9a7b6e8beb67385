"""What the verdict says of traces and videos that are kept."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.model import Severity
from postdeploy.run.unsafe_evidence import UnsafeEvidence
from postdeploy.runbook.parts import EVIDENCE
from postdeploy.verdict.verdict import Finding


def unsafe_notes(kept: UnsafeEvidence | None) -> Iterator[Finding]:
    """That there are some, and where."""
    if kept:
        yield Finding(EVIDENCE, Severity.WARN, kept.warning)
