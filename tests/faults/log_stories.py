"""What happened after a deploy, told with the platform's clock: real requests to the real app, at the minutes they should have."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from sandbox import Sandbox
from sandbox.logs import LogFaults, Plan
from sandbox.traffic import Traffic

AGO = 660.0
"""Seconds: the deploy was so long ago, so that the window is over when the suite looks."""


class Story:
    """A deployment that was promoted eleven minutes ago by the platform's clock, and what people did since."""

    def __init__(self, sandbox: Sandbox, *, skew: float = 0.0, ago: float = AGO) -> None:
        """`skew`: by how many seconds the platform's clock is ahead of ours."""
        self.sandbox = sandbox
        self._skew = skew
        sandbox.heal()
        sandbox.logs.faults = LogFaults()
        sandbox.logs.plan = Plan()
        sandbox.logs.store.clear()
        sandbox.clock.offset = skew - ago - 3600.0
        self._ago = ago
        self.people: Traffic = sandbox.traffic()
        self.tabs_of_before = self.people

    def before(self, *happens: str) -> None:
        """An earlier deployment, an hour before, with people and with what was wrong then."""
        self.sandbox.promote("redeploy")
        self.sandbox.clock.advance(600)
        self.tabs_of_before = self.sandbox.traffic()
        self.tabs_of_before.act(60)
        for fault in happens:
            self.sandbox.break_(fault)
        if "action-throws-variously" in happens:
            self.tabs_of_before.fail([1, 2, 3, 4])
        elif happens:
            self.tabs_of_before.act(24, "getClients")
        self.sandbox.heal()

    def deploy(self) -> None:
        """The deployment under verification gets production traffic."""
        self.sandbox.clock.offset = self._skew - self._ago
        self.sandbox.promote("redeploy")
        self.sandbox.promote("good")
        self._since = time.time() + self._skew - self._ago
        self.people = self.sandbox.traffic()

    def at(self, seconds: float) -> None:
        """Let it be so many seconds after the deploy."""
        self.sandbox.clock.offset = self._since + seconds - time.time()

    def people_act(self, count: int, *, since: float = 5.0, until: float = 590.0, steps: int = 10) -> None:
        """So many Server Action requests with nothing wrong, spread over the time."""
        for step in range(steps):
            self.at(since + step * (until - since) / steps)
            self.people.act(count // steps)

    def errors(self, variants: Iterable[int], at: float = 60.0, every: float = 0.0) -> None:
        """Server Action requests that throw: 1 to 9 are different errors."""
        self.sandbox.break_("action-throws-variously")
        for number, variant in enumerate(variants):
            self.at(at + number * every)
            self.people.fail([variant])

    def now(self) -> None:
        """The suite looks."""
        self.sandbox.logs.wait_until_quiet(30)
        self.sandbox.clock.offset = self._skew

    def disturb(self, **faults: object) -> None:
        """The platform has trouble with its logs."""
        self.sandbox.logs.faults = replace(self.sandbox.logs.faults, **faults)  # type: ignore[arg-type]

    def offer(self, **plan: object) -> None:
        """The account's plan."""
        self.sandbox.logs.plan = replace(self.sandbox.logs.plan, **plan)  # type: ignore[arg-type]
