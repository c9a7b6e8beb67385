"""A stand-in for Vercel on which a rollback is run: its clock is the only one, so that minutes pass at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from postdeploy.production.state import read
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.redaction import Secret
from postdeploy.rollback.act import Rollback
from postdeploy.rollback.plan import RollbackPlan
from postdeploy.rollback.report import RollbackReport
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find
from postdeploy.vercel.promotions import How
from postdeploy.vercel.retry import RetryPolicy
from sandbox.alone import NOWHERE, PlatformAlone, platform_alone
from sandbox.deployments import Deployment

LIMIT = 180.0
DAY = dt.timedelta(days=1)


@dataclass
class Trial:
    """One rollback on a platform of its own, from `dpl_new` to `dpl_old`."""

    platform: PlatformAlone
    said: list[str] = field(default_factory=list)
    kept: list[RollbackReport] = field(default_factory=list)
    slept: float = 0.0
    answer: float = 0.5
    """Seconds of real time within which Vercel must answer; what is left unanswered on purpose costs a test that long."""

    @property
    def url(self) -> str:
        return f"http://{self.platform.deployments.domain}"

    @property
    def serves(self) -> str:
        found = self.platform.deployments.production
        return found.id if found else ""

    @property
    def writes(self) -> list[str]:
        """The writes that Vercel got, in order."""
        return [f"{one.method} {one.path}" for one in self.platform.platform.writes]

    def vercel(self) -> Vercel:
        given = self.platform.environment()
        access = Access(
            Secret(given["VERCEL_TOKEN"]), given["VERCEL_PROJECT_ID"], given["VERCEL_TEAM_ID"], self.platform.url
        )
        return Vercel(access, RetryPolicy(attempts=2, first=0.0, answer=self.answer), sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.platform.clock.advance(seconds)

    def plan(self, how: How = How.PROMOTE, target: str = "dpl_old") -> RollbackPlan:
        with self.vercel() as vercel:
            found = find(vercel, target)
            good = LastGood(
                target, f"https://{found.url}", KnownBy.RECORD, "passed its verification", failing=("test_x",)
            )
            return RollbackPlan(self.url, read(vercel, self.url), found, good, how, found.team)

    def run(
        self,
        plan: RollbackPlan | None = None,
        how: How = How.PROMOTE,
        served: Callable[[], str | None] | None = None,
        acting: Vercel | None = None,
    ) -> RollbackReport:
        """Carry it out. `served`: the deployment that the page names; it names the right one, if left out."""
        with self.vercel() as reading, acting or self.vercel() as writing:
            return Rollback(
                plan or self.plan(how),
                reading,
                writing,
                served or (lambda: self.serves),
                LIMIT,
                say=self.said.append,
                keep=self.kept.append,
                sleep=self.sleep,
                monotonic=lambda: self.slept,
            ).run()

    def deploy(self, name: str) -> None:
        """What a push does."""
        deployments = self.platform.deployments
        deployments.deploy(Deployment(name, NOWHERE, name.replace("dpl_", "inbox-"), self.platform.clock.now))


@contextmanager
def trial(answer: float = 0.5) -> Iterator[Trial]:
    with platform_alone() as platform:
        yield Trial(platform, answer=answer)
