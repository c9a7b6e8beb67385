"""Which deployment serves the address while a run measures it: looks in, out comes what became of the pinned one. Pure.

serving = Serving(pinned)
for look in looks:
    serving = serving.after(look)

One odd answer ends no run: an edge may be late, and a domain's change takes a while to reach all of them. So another build has to
answer twice in a row. No answer says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from postdeploy.model import CheckResult, Deployment, EvidenceKind, EvidenceLine, Outcome

_CONFIRMED = 2
"""Looks in a row at which another build answered."""
_BY_TURNS = 2
"""How often another build must have come, the pinned one between, before both count as live."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What the looks have shown so far."""

    pinned: Deployment
    other: Deployment | None = None
    """Another build that answered, the last one."""
    strange: int = 0
    """Looks in a row at which another build answered."""
    visits: int = 0
    """How often another build has come, after the pinned one."""
    beside: Deployment | None = None
    """A build that answered and is live beside the pinned one by design: the other one of a rolling release."""

    def after(self, served: Deployment | None, live: Collection[str] = ()) -> Serving:
        """What is known after one more look.

        `served`: None where nobody answered, or no page. `live`: the ids of deployments that share the traffic by design.
        """
        if self.superseded or served is None:
            return self
        if served.same_build(self.pinned):
            return replace(self, strange=0)
        if not served.differs(self.pinned):
            return self  # a page without a mark that could be compared
        if {self.pinned.deployment_id, served.deployment_id} <= set(live):
            return replace(self, beside=served)
        return replace(self, other=served, strange=self.strange + 1, visits=self.visits + (self.strange == 0))

    @property
    def superseded(self) -> bool:
        """Whether another build has taken over. That is final."""
        return self.strange >= _CONFIRMED

    @property
    def doubted(self) -> bool:
        """Whether another build answered at the last look, and has not been seen twice."""
        return 0 < self.strange < _CONFIRMED

    @property
    def mixed(self) -> bool:
        """Whether two builds answer by turns: both are live, and nobody has said so."""
        return not self.superseded and self.visits >= _BY_TURNS

    @property
    def odd(self) -> bool:
        """Whether another build has answered once and not come again."""
        return not self.superseded and not self.mixed and self.visits > 0


def strangers(result: CheckResult, pinned: Deployment | None) -> tuple[Deployment, ...]:
    """The builds that served a check's pages and are not the pinned one."""
    return tuple(one for one in result.served if pinned is not None and one.differs(pinned))


def attributed(result: CheckResult, pinned: Deployment | None) -> CheckResult:
    """The result as one about the pinned deployment: what another one served proves nothing about it, neither good nor bad."""
    others = strangers(result, pinned)
    if not others or pinned is None:
        return result
    says = f"{_names(others)} served its page, not {pinned.name}"
    if result.outcome is Outcome.PASSED:
        return replace(result, outcome=Outcome.UNPROVEN, summary=f"{says}: what was seen proves nothing")
    if result.outcome is Outcome.FAILED:
        return replace(result, superseded=True, evidence=(*result.evidence, EvidenceLine(says, EvidenceKind.SERVED)))
    return result


def by_turns(result: CheckResult, pinned: Deployment, who: str) -> CheckResult:
    """The result, where two deployments are live: it counts against the one that served it, whatever answered at the next look.

    `who`: what is known of the other one, for people.
    """
    if result.outcome is not Outcome.FAILED or not result.superseded:
        return result
    if others := strangers(result, pinned):
        says = f"{_names(others)}{who} served its page; there it failed: {result.summary or result.story}"
        return replace(result, outcome=Outcome.UNPROVEN, superseded=False, summary=says)
    if any(one.same_build(pinned) for one in result.served):
        return replace(result, superseded=False)
    says = f"two deployments are live, and it is not known which one answered: {result.summary or result.story}"
    return replace(result, outcome=Outcome.UNPROVEN, superseded=False, summary=says)


def _names(deployments: Iterable[Deployment]) -> str:
    return " and ".join(dict.fromkeys(one.name for one in deployments))
