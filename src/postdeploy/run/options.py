"""What a run was asked for, as values: the marks of its checks, the options, and the folders that paths begin in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

UNSAFE_EVIDENCE = "--unsafe-evidence"
"""The option without which nothing is kept that holds passwords or page text."""


class Mode(StrEnum):
    """What a run is for. Its value is the mark of its checks."""

    SMOKE = "smoke"
    """Verify a deployment now."""
    WATCH = "watch"
    """Watch it: its log, and the inbox by journeys."""
    ROLLBACK = "rollback"
    """Prove that a rollback helped."""
    CANARY = "canary"
    """Watch the canary of auto-send revision."""

    @property
    def signs_in(self) -> bool:
        """Whether its checks need the smoke user."""
        return self in (Mode.SMOKE, Mode.ROLLBACK)

    @property
    def verifies(self) -> bool:
        """Whether its verdict is about a deployment: it is recorded, and an incident note is about nothing else."""
        return self in (Mode.SMOKE, Mode.WATCH)


def mode_of(marks: frozenset[str]) -> Mode:
    """The mode of a run that selects the checks with these marks: the first of `Mode` among them."""
    return next(mode for mode in (Mode.SMOKE, Mode.WATCH, Mode.ROLLBACK, Mode.CANARY) if mode in marks)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The command line of a run. Relative paths begin in `folder`."""

    expression: str
    """`-m`, for messages."""
    marks: frozenset[str]
    """Our marks, as far as the expression selects their checks."""
    root: Path
    """The project, with its .env."""
    folder: Path
    """Where the run was started."""
    base_url: str | None = None
    runbook: str | None = None
    reports: str | None = None
    without: tuple[str, ...] = ()
    session: str | None = None
    logs: str | None = None
    baseline: str | None = None
    deployed_at: str | None = None
    watch: str | None = None
    until_recovered: bool = False
    record: str | None = None
    phase: str | None = None
    """How far the canary is: before or running."""
    target: str | None = None
    """What production was rolled back to."""
    comparison: tuple[str, ...] = ()
    """The checks of a comparison run, and no others; empty: it is none."""
    budget_factor: float = 1.0
    recordings: Mapping[str, str] = {}
    """pytest-playwright's options that record what a page shows, with their values; `off`: it is not recorded."""
    output: str = "test-results"
    """pytest-playwright's folder for them."""
    unsafe_evidence: bool = False

    @property
    def reports_folder(self) -> Path:
        """Where verdict and evidence are written."""
        return self.folder / self.reports if self.reports else self.root / "reports"

    @property
    def mode(self) -> Mode:
        """What the run is for."""
        return mode_of(self.marks)
