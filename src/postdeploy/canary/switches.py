"""Whether the kill switch is on: what the environment list says of it, and whether the running build knows that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ON = "1"
"""The app compares with this value and no other."""


class SwitchState(StrEnum):
    """What the running deployment does."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """The kill switch as the environment list has it."""

    name: str
    value: str | None
    """In Production; None: not set, or not read."""
    readable: bool = True
    """Whether it is known: not hidden, not sensitive, not refused."""
    changed_at: int | None = None
    built_at: int | None = None
    """Of the variable and of the running build, epoch milliseconds."""
    running: bool | None = None
    """Whether the running app itself says that it is on; None: it was not asked."""

    @property
    def state(self) -> SwitchState:
        """Of the running deployment: what it says itself, else the list. Variables reach new deployments only."""
        if self.running is not None:
            return SwitchState.ON if self.running else SwitchState.OFF
        return self.listed

    @property
    def ignored(self) -> bool:
        """Whether it is on by the list, and off by the running app."""
        return self.running is False and self.listed is SwitchState.ON

    @property
    def listed(self) -> SwitchState:
        """By the list alone."""
        if not self.readable or self.awaits_redeploy or self.built_at is None:
            return SwitchState.UNKNOWN
        return SwitchState.ON if self.value == ON else SwitchState.OFF

    @property
    def awaits_redeploy(self) -> bool:
        """Whether it was changed after the running build: that one does not know the new value."""
        return self.changed_at is not None and self.built_at is not None and self.changed_at > self.built_at

    @property
    def unknown_because(self) -> str:
        """Why the state is unknown, with the remedy."""
        if not self.readable:
            return f"the value of {self.name} can't be read. Give the token access to it, and set read_values = true in [variables]"
        if self.awaits_redeploy:
            return f"{self.name} was changed after the running build. Redeploy, verify with -m smoke, then run the canary again"
        return f"it is unknown when the running deployment was built, so {self.name} may not be in effect yet"
