"""One row of the matrix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One state of the sandbox and the verdict it must lead to. Empty fields are not asserted."""

    fault: str
    decision: str
    reason: str | None = None
    recommendation: str = ""
    cause: str = ""
    """The cause of the first failing finding."""
    says: str = ""
    """What the verdict's summary must name."""
    named: bool = True
    """Whether the runbook names the smoke user's workspaces."""
    old_session: bool = False
    """Whether the shared session was signed in before the state began."""
    check: str = ""
    """A check that must fail, with its variable, route or endpoint."""
    alone: bool = False
    """Whether no other check may fail."""
    parts: tuple[str, ...] = ()
    """The parts that are measured; empty: all."""
    platform: bool = False
    """Whether the run may ask the platform."""
    secrets: bool = False
    """Whether the run knows the secrets of those who send events."""
    jobs: int = 0
    """How many scheduled jobs the run may set off."""
    event: bool = False
    """Whether a workspace is named for a test event."""
    warns: tuple[str, ...] = ()
    """The warnings that must be there, and no others."""
    slow: bool = False
    """Whether the state itself delays the first failure: then no limit is asserted."""
    warned: str = ""
    """What a warning must name."""
    options: tuple[str, ...] = ()
    """Further options of the run; a later `-m` replaces the usual one."""
    overlay: str = ""
    """What the runbook has besides."""
    unmeasured: str = ""
    """What the verdict must list as not measured."""
    called: str = ""
    """Its name, where several rows have the same fault."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.called or self.fault
