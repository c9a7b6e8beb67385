"""What a run of the canary looks at: its phase, and for how long."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from postdeploy.model import UsageError
from postdeploy.run.options import Mode, Options
from postdeploy.runbook.parts import CANARY, CANARY_BEFORE, CANARY_DRAFTS, CANARY_LOG
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times


class Phase(StrEnum):
    """How far the canary is."""

    BEFORE = "before"
    """The kill switch is on, and nothing may be attempted."""
    RUNNING = "running"
    """The kill switch is off, and one workspace is enabled."""


class CanaryRequest(msgspec.Struct, frozen=True):
    """What is asked of the canary."""

    phase: Phase
    seconds: float
    """How long it is watched while it is running."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the runbook that are measured."""
        return (CANARY_BEFORE,) if self.phase is Phase.BEFORE else (CANARY, CANARY_DRAFTS, CANARY_LOG)


def asked(options: Options, runbook: Runbook) -> CanaryRequest | None:
    """The canary of this run, or None: it is about something else.

    Raises:
        UsageError: the phase is unknown, or runbook.toml names no workspace.
    """
    if options.mode is not Mode.CANARY:
        if options.phase:
            raise UsageError("--phase says how far the canary is: it belongs to -m canary.")
        return None
    try:
        phase = Phase(options.phase or Phase.RUNNING)
    except ValueError:
        raise UsageError(f"--phase={options.phase}: unknown. Write --phase={' or --phase='.join(Phase)}.") from None
    if phase is Phase.RUNNING and not runbook.canary.workspace:
        raise UsageError(
            '-m canary: which workspace is the canary\'s? Name its id in runbook.toml: [canary] workspace = "…"'
        )
    return CanaryRequest(phase, times.seconds_in(options.watch) if options.watch else runbook.canary.watch)
