"""The contract of a rule about logs. A rule is a function in a file of its own; `ordered.RULES` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.failed_requests import FailedRequests
from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.incidents import Incident, Numbers, Tally
from postdeploy.analysis.signals import Part
from postdeploy.logs.protocol import EVERYTHING, Shows
from postdeploy.runbook.log_tables import Amount
from postdeploy.runbook.tables import Runbook

INBOX_PARTS = (Part.ACTION, Part.PAGE, Part.INBOX)
"""The requests that a person in the inbox makes; all others are other routes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvidence:
    """What a rule gets. The incidents of both tallies are marked as new or known before (`baseline.compared`)."""

    tally: Tally
    """What happened in the whole span that is judged."""
    first: Tally
    """What happened in the threshold's window, the first minutes of it."""
    runbook: Runbook
    baseline: Baseline | None = None
    """What the log is compared with."""
    failing_before: frozenset[str] = frozenset()
    """Fingerprints of the deployment right before, where the log holds it and it was not good itself: a rollback does not remove them."""
    shows: Shows = EVERYTHING
    filtered: bool = False
    """The log holds failing requests only: of how many is not known."""
    closed: bool = True
    """Nothing more will come. While more may come, a share fails the deployment only once the errors have lasted: what looks
    like half of the requests may turn out to be a burst at the beginning."""

    browser_reads: Numbers = field(default_factory=lambda: np.empty(0, np.int64), compare=False)
    """When our own browser read the inbox with success, whatever the log shows: epoch milliseconds, in order."""
    failed_requests: FailedRequests = field(default_factory=FailedRequests)
    """What the log shows of the requests of our own browser that failed a check."""

    @property
    def shows_totals(self) -> bool:
        """Whether a share means anything: a source without statuses shows only requests that wrote something."""
        return Shows.STATUS in self.shows and not self.filtered

    @property
    def least_span(self) -> float:
        """Seconds that errors must have lasted before a share counts."""
        return 0.0 if self.closed else self.runbook.threshold.widespread_span

    @property
    def inbox_requests(self) -> int:
        """How many requests were of `INBOX_PARTS`."""
        return self.tally.actions + self.tally.pages + self.tally.inbox

    def counted(self, *signals: str) -> tuple[Incident, ...]:
        """The incidents of these signals, without known noise and the suite's own requests."""
        return self._counted(self.tally, signals)

    def counted_first(self, *signals: str) -> tuple[Incident, ...]:
        """The same, within the threshold's window."""
        return self._counted(self.first, signals)

    def amount(self, signal: str) -> Amount:
        """From which amount on a signal fails the deployment."""
        return self.runbook.amounts[signal]

    def noise(self, number: int) -> tuple[Incident, ...]:
        """The incidents of an entry of [[known]]."""
        return tuple(one for one in self.tally.incidents if one.known == number)

    @property
    def tolerated_noise(self) -> frozenset[int | None]:
        """The entries of [[known]] that stay within their limits."""
        known = enumerate(self.runbook.known)
        return frozenset(at for at, one in known if len(self.tally.times(self.noise(at))) <= one.at_most)

    def _counted(self, tally: Tally, signals: tuple[str, ...]) -> tuple[Incident, ...]:
        tolerated = self.tolerated_noise
        return tuple(one for one in tally.of(*signals) if one.requests and one.known not in tolerated)


Rule = Callable[[LogEvidence], Iterator[LogFinding]]
