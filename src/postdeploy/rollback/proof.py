"""What production was rolled back to, and how that is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from postdeploy.production.descriptions import describe_request
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.system import times
from postdeploy.system.store import Key
from postdeploy.vercel.project import AliasRequest

_NOTHING_DONE = (Ending.REFUSED, Ending.UNSENT)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What production was rolled back to, and what is known of it."""

    target: str
    """`dpl_…`"""
    source: str
    """How that is known, for people."""
    left: str = ""
    """The deployment that the rollback left; empty: unknown."""
    failing: tuple[str, ...] = ()
    """Checks that failed on the target before, according to the record."""
    not_restored: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    def counting(self, check: str, failures: Collection[str]) -> list[str]:
        """Those of a check's failures that count: none, if it failed on the target before the rollback, too."""
        return [] if check in self.failing else list(failures)


RECOVERY = Key("recovery", Recovery)
"""Under this key the processes of a run find it."""


def by_option(target: str, last: AliasRequest | None) -> Recovery:
    """The target given by --target."""
    left = last.from_ or "" if last and last.to == target else ""
    return Recovery(target, "by --target", left)


def by_report(report: RollbackReport) -> Recovery | None:
    """What the last `postdeploy rollback --yes` did; None: nothing."""
    if report.outcome in _NOTHING_DONE:
        return None
    return Recovery(
        report.to.id,
        f"by rollback.json of {times.date_and_time(times.from_text(report.requested_at))} UTC",
        report.from_.id,
        report.to.failing,
        report.not_restored,
        report.undo,
    )


def by_platform(last: AliasRequest | None) -> Recovery | None:
    """The last promotion or rollback according to Vercel; None: there was none, or not from one deployment to another."""
    if last is None or last.from_ in (None, last.to) or last.type not in ("promote", "rollback"):
        return None
    return Recovery(last.to, f"by the last request at Vercel, {describe_request(last)}", last.from_ or "")
