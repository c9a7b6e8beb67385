"""The tallies of a log that is read to its end, with the variants of its incidents linked: each is made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.variants import linked
from postdeploy.logs.protocol import Span
from postdeploy.runbook.log_tables import Logs


class LinkedTallies:
    """What happened to the requests of each deployment, in any span."""

    def __init__(self, ledger: Ledger, logs: Logs) -> None:
        self._counted = cache(lambda deployment: ledger.tally(None, deployment))
        self._whole = cache(lambda deployment: linked(self._counted(deployment), logs))
        self._in_span = cache(lambda span, deployment: linked(ledger.tally(span, deployment), logs))

    def totals(self, deployment: str | None = None) -> Tally:
        """Of all requests, before variants are linked: nearly always the incidents are asked for, too."""
        return self._counted(deployment)

    def of(self, deployment: str | None, span: Span | None = None) -> Tally:
        """Of the requests that began in `span`; None: of all."""
        if span is None:
            return self._whole(deployment)
        at = self.totals(deployment).at
        if len(at) and span.since <= at.min() and at.max() < span.until:
            return replace(self._whole(deployment), seconds=(span.until - span.since) / 1000)
        return self._in_span(span, deployment)
