"""Drift: whether the address still serves the pinned deployment while a run measures it. Pure.

drift = Drift(pinned)
for served in answers:
    drift = drift.after(served)

A single answer by another build does not end a run: an edge may be delayed, and a domain's change takes a while to reach all of them.
So another build has to answer twice in a row. No answer proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from postdeploy.model import CheckResult, Deployment, EvidenceKind, EvidenceLine, Outcome

_CONFIRMED = 2
"""Answers in a row by another build."""
_ALTERNATING = 2
"""How often another build must appear, with the pinned one in between, before both count as live."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What the answers have shown so far."""

    pinned: Deployment
    other: Deployment | None = None
    """The last other build that answered."""
    in_a_row: int = 0
    """Answers in a row by another build."""
    appearances: int = 0
    """How often another build has answered after the pinned one."""

    def after(self, served: Deployment | None, live: Collection[str] = ()) -> Drift:
        """What is known after one more answer.

        `served`: None where there was no answer, or no page. `live`: the ids of deployments that share the traffic by design.
        """
        if self.superseded or served is None:
            return self
        if served.same_build(self.pinned):
            return replace(self, in_a_row=0)
        if not served.differs(self.pinned):
            return self  # a page without a mark to compare
        if {self.pinned.deployment_id, served.deployment_id} <= set(live):
            return self
        return replace(
            self, other=served, in_a_row=self.in_a_row + 1, appearances=self.appearances + (self.in_a_row == 0)
        )

    @property
    def superseded(self) -> bool:
        """Whether another build took over. That is final."""
        return self.in_a_row >= _CONFIRMED

    @property
    def suspected(self) -> bool:
        """Whether the last answer was by another build, for the first time in a row."""
        return 0 < self.in_a_row < _CONFIRMED

    @property
    def alternating(self) -> bool:
        """Whether two builds answer alternately: both are live, without a rolling release that is known."""
        return not self.superseded and self.appearances >= _ALTERNATING

    @property
    def stray(self) -> bool:
        """Whether another build answered once and not again."""
        return not self.superseded and not self.alternating and self.appearances > 0


def other_builds(result: CheckResult, pinned: Deployment | None) -> tuple[Deployment, ...]:
    """The builds that served a check's pages and are not the pinned one."""
    return tuple(one for one in result.served if pinned is not None and one.differs(pinned))


def attributed(result: CheckResult, pinned: Deployment | None) -> CheckResult:
    """The result as one about the pinned deployment: what another one served proves nothing about it."""
    others = other_builds(result, pinned)
    if not others or pinned is None:
        return result
    says = f"{_names(others)} served its page, not {pinned.name}"
    if result.outcome is Outcome.PASSED:
        return replace(result, outcome=Outcome.UNPROVEN, summary=f"{says}: the check proves nothing")
    if result.outcome is Outcome.FAILED:
        return replace(result, superseded=True, evidence=(*result.evidence, EvidenceLine(says, EvidenceKind.SERVED)))
    return result


def attributed_alternating(result: CheckResult, pinned: Deployment, who: str) -> CheckResult:
    """The result where two deployments are live: it counts for the one that served it, whichever answered next.

    `who`: what is known of the other one, for messages.
    """
    if result.outcome is not Outcome.FAILED or not result.superseded:
        return result
    if others := other_builds(result, pinned):
        says = f"{_names(others)}{who} served its page; there it failed: {result.summary or result.story}"
        return replace(result, outcome=Outcome.UNPROVEN, superseded=False, summary=says)
    if any(one.same_build(pinned) for one in result.served):
        return replace(result, superseded=False)
    says = f"two deployments are live, and which one answered is unknown: {result.summary or result.story}"
    return replace(result, outcome=Outcome.UNPROVEN, superseded=False, summary=says)


def _names(deployments: Iterable[Deployment]) -> str:
    return " and ".join(dict.fromkeys(one.name for one in deployments))
