"""What the current check has seen: its fixtures add to it, the report is made from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from postdeploy.model import Diagnosis, Sent
from postdeploy.page.journal import Exchange
from postdeploy.page.observation import Observation
from postdeploy.page.sight import Sight


@dataclass(slots=True)
class CheckEvidence:
    """What the current check has seen. Begun anew before each check's fixtures are set up."""

    began: float = 0.0
    """Epoch milliseconds."""
    seen: Observation | None = None
    """What the page that was looked at last has shown."""
    diagnosis: Diagnosis | None = None
    sight: Sight | None = None
    screenshot: bytes | None = None
    """Of the page as a diagnosis saw it."""
    frame: Callable[[], bytes | None] | None = None
    """Takes a small picture of the page that was looked at last; None: no page was."""
    about_pinned: bool = False
    """Whether what was seen names the deployment itself, as log rows do: then it is about that one, whatever serves now."""
    probes: list[Exchange] = field(default_factory=list)
    """What was asked by HTTP for this check."""
    answered: list[Sent] = field(default_factory=list)
    """Requests of this process that were answered, those between two checks among them; each is taken once."""
    texts: dict[str, str] = field(default_factory=dict)
    """What else the report shows of this check, by its title."""
    warnings: list[str] = field(default_factory=list)
    """Those between two checks among them, as threads may have them; each is taken once."""
    writes: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Forget the previous check."""
        self.began = time.time() * 1000
        self.seen = self.diagnosis = self.sight = self.screenshot = self.frame = None
        self.about_pinned = False
        self.texts = {}
        self.probes = []
        self.writes = []
