"""What saved logs do not prove: rows are missing, or which deployment is the newest, and when it was promoted, is not known."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.linked_tallies import LinkedTallies
from postdeploy.analysis.log_deployments import LogDeployments, Order
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.logs.protocol import Span
from postdeploy.logs.window import Seen, prove_from_file, traffic_rose
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times


def uncovered(window: Span, until: int, seen: Seen, runbook: Runbook) -> list[str]:
    """What the rows do not cover of the window."""
    doubts = list(seen.unread)
    if until < window.until - 1000:
        doubts.append(f"the log ends {(window.until - until) / 1000:.0f} s before the window closes")
    doubts += prove_from_file(window, seen.of_other_runs, runbook.logs.sentinel_every)
    doubts += [gap.why for gap in seen.gaps if gap.span.since < window.until and gap.span.until > window.since]
    if seen.malformed:
        doubts.append(f"{wording.count(seen.malformed, 'row')} could not be read")
    return doubts


def newest_unknown(order: Order, several: LogDeployments) -> Iterator[str]:
    """Where another deployment fails, and may be the newest as well: only who deployed knows."""
    for name in sorted(order.unsure - several.below):
        yield (
            f"{name} fails, and whether it is an earlier deployment, or the newest with a share of the traffic (a rolling release), is not"
            f" known (choose: --deployment={name})"
        )


def opened_later(tallies: LinkedTallies, deployment: str | None, evidence: LogEvidence, window: Span) -> Iterator[str]:
    """Where the first rows are those of testers, before people came, and the errors came with the people."""
    allowed, length = evidence.runbook.threshold.unique, window.until - window.since
    if evidence.tally.unique <= allowed:
        return
    everything = tallies.totals(deployment)
    came = traffic_rose(everything.at[everything.inside], window.since)
    if came is None:
        return
    unique = tallies.of(deployment, Span(came, came + length)).unique
    if unique > allowed:
        yield (
            f"{wording.count(unique, 'unique Server Action error')} (more than {allowed} are too many) came within"
            f" {wording.minutes(length / 1000)} of the time at which most of the traffic came, and whether the deployment was"
            f" promoted then is not known (if it was: --since={times.iso(came)})"
        )
