"""A failure that could not be compared with the last-good deployment at the same moment: what it calls for. Pure.

The record stands in: a check that passed on the build before broke with this deployment, unless an outage looks the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.model import Cause, CheckResult, Recommendation, WillHelp
from postdeploy.record.precedent import PassedBefore
from postdeploy.system import times
from postdeploy.verdict.table import CauseRow

_NEVER_OF_THE_BUILD = frozenset({Cause.UNREACHABLE})
"""An address that does not answer is not the build's, whatever passed before."""
_OUTAGE = "none of the app's reads succeeds: an outage of the database looks like this, too"


@dataclass(frozen=True, slots=True)
class Uncompared:
    """What it calls for, whether a rollback is expected to help, and why."""

    to: Recommendation
    helps: WillHelp = WillHelp.NOT_PROVEN
    because: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


def uncompared(
    result: CheckResult, row: CauseRow, before: PassedBefore | None, *, no_read_succeeds: bool
) -> Uncompared:
    """By the table, by the record's word on the build before, and by whether the run saw any read succeed."""
    to = result.recommendation or row.not_tried
    if not row.of_the_build or result.cause in _NEVER_OF_THE_BUILD:
        return Uncompared(to)
    if no_read_succeeds and (to is Recommendation.INVESTIGATE or result.cause is Cause.SERVER):
        return Uncompared(Recommendation.HOLD if before else Recommendation.INVESTIGATE, but=(_OUTAGE,))
    if before is None:
        return Uncompared(to)
    passed = f"{result.name} passed on {before.build} {times.ago(before.ago)} before this deployment{before.unread}"
    return Uncompared(Recommendation.ROLL_BACK, WillHelp.LIKELY, (passed,))


def not_compared(helps: WillHelp | None, not_tried: str | None) -> tuple[str, ...]:
    """The doubt that follows. `not_tried`: why there was no comparison (empty: not known); None: there was one, or there need not be."""
    if not_tried is None:
        return ()
    why = f": {not_tried}" if not_tried else ""
    if helps is WillHelp.LIKELY:
        return (f"not compared with the last-good deployment at the same moment{why}",)
    return (f"a rollback is not proven to help (not tried on the last-good deployment{why})",)
