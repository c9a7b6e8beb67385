"""How the platform reacts to a promotion or rollback, and the writes it received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Moves = Literal["at once", "late", "silently not", "stuck", "half"]
"""What comes of an accepted act: the domains move at once; they move after a while; they never move although the job
says so; they never move and the job stays pending; one moves, one does not, and the job says that it failed."""

Answer = Literal[
    "normal",
    "unreadable",
    "failed after",
    "failed before",
    "silent after",
    "silent before",
    "rate limited",
    "unauthorized",
    "forbidden",
]
"""How an act is answered: as it should be; 201 with a body that can't be read; 500 or nothing at all, after it took
effect or without any; or a refusal without any effect (429, 401, 403)."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The default is a Pro team on a good day."""

    plan: Literal["pro", "hobby"] = "pro"
    """On Hobby a rollback goes to the deployment just before, and no further."""
    moves: Moves = "at once"
    after: float = 0.0
    """Seconds of the platform's clock after which the domains move, if late."""
    left_behind: Literal["first", "custom"] = "first"
    """Which of the two production domains does not move, if only half of the act succeeds."""
    answer: Answer = "normal"
    times: int | None = None
    """How many acts are answered so; None: all."""
    retry_after: int = 1
    """Seconds that a 429 asks to wait."""
    unreadable_states: int = 0
    """So many questions for the state are answered 500 once an act has been accepted."""
    settings: Literal["kept", "refused", "ignored"] = "kept"
    """What comes of a changed setting of the project: kept, answered 403, or answered 200 without effect."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write that the platform received, whether it acted or not."""

    method: str
    path: str
    query: str
    body: str
