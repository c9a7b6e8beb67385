"""The deployments of one log: each in a line, the earlier ones as a baseline, and the trouble that they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from postdeploy.analysis.baseline import Baseline, baseline_of
from postdeploy.analysis.course import FAILURES
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.linked_tallies import LinkedTallies
from postdeploy.analysis.log_report import DeploymentLine
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.logs.protocol import Shows, Span
from postdeploy.model import Severity
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times

_MOST = 12
"""Deployments that are looked at, the newest."""
_AT_ONCE = 60_000
"""Milliseconds after a log's first row within which a deployment began before the log did."""
_OLD_TABS = 4
"""How many times as many requests another deployment still gets after one's first row, for that to come from tabs of before its deploy."""
_SAME = 0.25
"""Where the middle request of two deployments comes at times that differ by so small a share of the log, none takes over from the other."""
_LEAST_PAGES = 10
"""Where so many pages are opened on the others, and none on a deployment, its requests come from tabs that were open."""
_LEAST_FAILURES, _LEAST_SHARE = 10, 0.5
"""So many requests of a route fail, and so large a share, on two deployments at least: a trouble of its own."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which deployment of a log came after which."""

    began: Mapping[str, int]
    """When the traffic of each began: epoch milliseconds."""
    ranks: Mapping[str, int]
    """The later a deployment, the higher its number."""
    unsure: frozenset[str]
    """Deployments that are taken for earlier ones, and may as well be the newest, with a share of the traffic (a rolling release)."""


@dataclass(frozen=True, slots=True)
class LogDeployments:
    """The newest deployments of a log, each with what happened to its requests, from old to new."""

    tallies: Mapping[str, Tally]
    order: Order
    below: frozenset[str]

    def lines(self) -> tuple[DeploymentLine, ...]:
        """From old to new."""
        known: set[str] = set()
        found: list[DeploymentLine] = []
        for name, tally in self.tallies.items():
            errors = {one.trouble for one in _failures(tally)}
            found.append(
                DeploymentLine(
                    deployment=name,
                    since=times.iso(self.order.began[name]),
                    requests=tally.requests,
                    failed=len(tally.times(_failures(tally))),
                    errors=len(errors),
                    new=len(errors - known) if found else None,
                    below=name in self.below,
                )
            )
            known |= errors
        return tuple(found)

    def before(self, deployment: str, shows: Shows) -> Baseline | None:
        """The earlier deployments that are below the threshold, as something to compare with; None: there is none."""
        names = [
            name
            for name in self.tallies
            if self.order.ranks[name] < self.order.ranks[deployment] and name in self.below
        ]
        if not names:
            return None
        several = [baseline_of(name, self.tallies[name], shows) for name in names]
        counts: dict[str, int] = {}
        for one in several:
            for signal, count in one.counts.items():
                counts[signal] = counts.get(signal, 0) + count
        name = names[0] if len(names) == 1 else f"{len(names)} earlier deployments of this log"
        return Baseline(
            name,
            frozenset[str]().union(*(one.fingerprints or frozenset() for one in several)),
            counts,
            sum(one.requests for one in several),
            sum(one.seconds for one in several),
        )

    def failing_before(self, deployment: str) -> frozenset[str]:
        """The fingerprints of the deployment right before, if it is not below the threshold itself."""
        earlier = [name for name in self.tallies if self.order.ranks[name] < self.order.ranks[deployment]]
        if not earlier or earlier[-1] in self.below:
            return frozenset()
        return frozenset(one.fingerprint for one in self.tallies[earlier[-1]].incidents if one.requests)

    def shared(self, whole: Tally) -> Iterator[LogFinding]:
        """Routes that keep failing whatever is deployed. `whole`: what happened on all of them."""
        by_route: dict[str, list[Incident]] = {}
        for one in _failures(whole):
            by_route.setdefault(one.route, []).append(one)
        for route, incidents in by_route.items():
            on = sum(any(each.route == route for each in _failures(tally)) for tally in self.tallies.values())
            moments, total = whole.times(incidents), whole.requests_to(route)
            if on < 2 or len(moments) < _LEAST_FAILURES or len(moments) < _LEAST_SHARE * total:
                continue
            lasted = times.span((int(moments[-1]) - int(moments[0])) / 1000)
            sentence = (
                f"{route} fails {len(moments) / total:.0%} of its requests ({len(moments)} of {total}) for {lasted}, on {on} deployments:"
                " a rollback does not remove it"
            )
            yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=tuple(incidents))


def in_order(tallies: LinkedTallies, began: Mapping[str, int]) -> Order:
    """The order of the deployments. Of those that had traffic when the log begins, that is later whose requests are.

    One whose first row comes late, and that takes no traffic over, is an earlier one: its rows are those of tabs from before the deploy.
    Where all is the same, the name decides, and never the order of the rows.
    """
    first = min(began.values(), default=0)
    at_once = [name for name, at in began.items() if at < first + _AT_ONCE]
    if len(at_once) == len(began) < 2:
        return Order(began, began, frozenset())
    middle = {name: float(np.median(tallies.totals(name).at)) for name in at_once}
    *others, newest = sorted(at_once, key=lambda name: (middle[name], name))
    earlier = {name: min(began[name], began[newest] - 1 - n) for n, name in enumerate(reversed(others))}
    ordered = {**began, **earlier}
    before = min(ordered.values())
    late = list(_of_old_tabs(tallies, began, at_once))
    opened = max((tallies.totals(name).pages for name in at_once), default=0)
    along = [name for name in others if middle[newest] - middle[name] < _SAME * (middle[newest] - first)]
    unsure = (name for name in late + along if tallies.totals(name).pages or opened < _LEAST_PAGES)
    return Order(began, ordered | {name: before - 1 - n for n, name in enumerate(late)}, frozenset(unsure))


def _of_old_tabs(tallies: LinkedTallies, began: Mapping[str, int], at_once: Sequence[str]) -> Iterator[str]:
    """Deployments whose rows come from tabs that were opened before those of `at_once` went live."""
    there = [tallies.totals(name).at for name in at_once]
    last = max(int(at.max()) for at in there)
    for name in sorted(began.keys() - set(at_once), key=lambda each: (began[each], each)):
        own = tallies.totals(name).at
        others = max(int(np.count_nonzero(at >= began[name])) for at in there)
        if others >= _OLD_TABS * len(own) and last >= own.max() - _AT_ONCE:
            yield name


def deployments(tallies: LinkedTallies, order: Order, runbook: Runbook, shows: Shows) -> LogDeployments:
    """Of a log that names them."""
    newest = sorted(order.ranks, key=lambda name: (order.ranks[name], name))[-_MOST:]
    length = round(runbook.threshold.window * 1000)
    whole = {name: tallies.of(name) for name in newest}
    below = set()
    for name in newest:
        first = tallies.of(name, Span(order.began[name], order.began[name] + length))
        evidence = LogEvidence(tally=whole[name], first=first, runbook=runbook, shows=shows)
        if not any(one.severity is Severity.FAIL for one in findings(evidence)):
            below.add(name)
    return LogDeployments(whole, order, frozenset(below))


def _failures(tally: Tally) -> list[Incident]:
    return [one for one in tally.of(*FAILURES) if one.requests]
