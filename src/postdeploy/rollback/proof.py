"""What production went back to, and how that is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from postdeploy.production.standing import words_of
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.system.store import Key
from postdeploy.vercel.project import AliasRequest

_NOTHING_DONE = (Ending.REFUSED, Ending.UNSENT)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What production went back to, and what is known of it."""

    target: str
    """`dpl_…`"""
    source: str
    """How that is known, for people."""
    left: str = ""
    """What production went back from; empty: not known."""
    failing: tuple[str, ...] = ()
    """Checks that failed at the target already, by its own record."""
    not_restored: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    def bears(self, check: str, failures: Collection[str]) -> list[str]:
        """The failures that count, if the check of this name failed at the target already: none."""
        return [] if check in self.failing else list(failures)


RECOVERY = Key("recovery", Recovery)
"""Under this key the processes of a run find it."""


def by_option(target: str, last: AliasRequest | None) -> Recovery:
    """Somebody says what production went back to."""
    left = last.from_ or "" if last and last.to == target else ""
    return Recovery(target, "by --target", left)


def by_report(report: RollbackReport) -> Recovery | None:
    """What the last `postdeploy rollback --yes` did; None: nothing."""
    if report.outcome in _NOTHING_DONE:
        return None
    return Recovery(
        report.to.id,
        f"by rollback.json of {report.requested_at[:19].replace('T', ' ')} UTC",
        report.from_.id,
        report.to.failing,
        report.not_restored,
        report.undo,
    )


def by_platform(last: AliasRequest | None) -> Recovery | None:
    """What was asked of the platform last; None: nothing, or no switch from one deployment to another."""
    if last is None or last.from_ in (None, last.to) or last.type not in ("promote", "rollback"):
        return None
    return Recovery(last.to, f"by the platform's last request, {words_of(last)}", last.from_ or "")
