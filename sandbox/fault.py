"""What a fault is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.switches import Switches

Decision = Literal["PASS", "FAIL", "INCONCLUSIVE"]


@dataclass(frozen=True)
class Fault:
    """One way to be broken, or to look broken without being so."""

    name: str
    description: str
    decision: Decision
    switch: Callable[[Switches], None]


def in_the_app(name: str, description: str) -> Fault:
    """A mistake in the app's code."""
    return Fault(name, description, "FAIL", lambda switches: switches.app(name))
