"""From rows to incidents: requests are counted, never rows; one trouble is one incident, however often it happened.

The ledger keeps five numbers a row and puts rows of one request together, whatever the order in which they come and however
often; so it holds a day's log in little memory. `tally` then asks it: what happened to the requests that began in this span?
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.signals import Part

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble. Times are epoch milliseconds by the platform's clock."""

    signal: str
    route: str
    words: str
    """The message without what differs; for a request without a message, method, path and status."""
    requests: int
    first: int
    last: int
    part: Part = Part.ROUTE
    means: tuple[str, ...] = ()
    """What its message means besides: signals."""
    example: str = ""
    """One message as it was logged; withheld if it holds personal data."""
    own: int = 0
    """How many of them were the suite's own browser's; they are not counted in `requests`."""
    known: int | None = None
    """Which entry of [[known]] it matches."""
    new: bool | None = None
    """Whether the baseline lacks it; None: there is no baseline."""
    statuses: tuple[int, ...] = ()
    members: Numbers = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)
    """Which requests of the tally they are."""

    @property
    def fingerprint(self) -> str:
        """The same for the same trouble, in every build."""
        return hashlib.sha256(f"{self.signal}\n{self.route}\n{self.words}".encode()).hexdigest()[:12]

    def only(self, members: Numbers, at: Numbers) -> Incident:
        """With these of its requests alone. `at`: when each request of the tally began."""
        if len(members) == len(self.members):
            return self
        times = at[members] if len(members) else np.array([self.first])
        return replace(self, members=members, requests=len(members), first=int(times.min()), last=int(times.max()))

    @property
    def seconds(self) -> float:
        """From the first request to the last."""
        return (self.last - self.first) / 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to the requests that began in a span."""

    requests: int = 0
    actions: int = 0
    inbox: int = 0
    own: int = 0
    """The suite's own browser's; not among the others."""
    first: int | None = None
    last: int | None = None
    seconds: float = 0.0
    """How long the span is; without one, from the first request to the last."""
    incidents: tuple[Incident, ...] = ()
    pages: int = 0
    at: Numbers = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)
    """When each request began, the suite's own and those outside the span among them; `Incident.members` points here."""
    inside: Flags = field(default_factory=lambda: np.empty(0, bool), compare=False, repr=False)
    """Whether it belongs to the span and is no asset."""

    def of(self, *signals: str) -> tuple[Incident, ...]:
        """The incidents of these kinds."""
        return tuple(one for one in self.incidents if one.signal in signals)

    def times(self, incidents: Iterable[Incident]) -> Numbers:
        """When the requests of these incidents began, each request once, in order."""
        members = [one.members for one in incidents]
        return np.sort(self.at[np.unique(np.concatenate(members))]) if members else np.empty(0, np.int64)

    def clean_after(self, moment: int) -> int:
        """How many requests came after a moment, whatever happened to them."""
        return int(np.count_nonzero(self.inside & (self.at > moment)))
