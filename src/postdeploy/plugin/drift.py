"""Drift: which deployment serves, pinned before the checks and watched during them; and which one took over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from urllib.parse import urlsplit

from postdeploy.model import Blocked, CheckResult, Deployment, Misbehaved, Outcome, Severity
from postdeploy.production.roles import Role
from postdeploy.production.state import PRODUCTION_STATE, ProductionState, read_for_checks, read_release
from postdeploy.production.successor import describe_successor
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.run.run import Run
from postdeploy.system.obstacles import Need
from postdeploy.target.connection import NoConnection
from postdeploy.target.drift import Drift, attributed_alternating
from postdeploy.target.reach import explained, weighed
from postdeploy.vercel.access import API, Access, platform_access
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.rolling import RollingRelease
from postdeploy.verdict.verdict import Finding

_CLOSE_LOOKS = 4
"""Checks in quick succession after an answer by another build."""
_LAST_LOOKS = 5
"""At the end: checks at most, while it is in doubt which deployment serves."""
_TICK = 0.1
_PART = "deployments"


class DriftWatch:
    """In the process that a person started."""

    def __init__(
        self, run: Run, taken_over: Callable[[], None], known_good: Callable[[], Iterable[str]] = tuple
    ) -> None:
        """`taken_over` is called once, when another deployment has taken over. `known_good`: addresses of the last-good deployments."""
        self.drift: Drift | None = None
        self.production = ProductionState(urlsplit(run.target.base_url).netloc)
        self._run = run
        self._taken_over = taken_over
        self._known_good = known_good
        self._close_looks = 0
        self._doubted: int | None = None
        self._successor: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="drift", daemon=True)

    # Before the checks -----------------------------------------------------------------------------------------------

    def pin(self) -> Deployment:
        """Pin the deployment under verification, and read the production state. During a rolling release it is the canary.

        Raises:
            Blocked: the deployment can't be verified from here, or the canary can't be reached.
            Misbehaved: it does not answer as it must.
        """
        asked = self._asked()
        try:
            found = self._run.target.pin()
        except Misbehaved as failure:
            if self._run.target.sent:  # it has answered something: the network is there
                raise
            raise weighed(failure, self._run.target.base_url, self._others(), self._run.runbook.budgets.slow) from None
        except NoConnection as stopped:
            raise explained(stopped, self._others(), self._run.runbook.budgets.slow) from None
        finally:
            self.production = asked.result()
            self._run.store.put(PRODUCTION_STATE, self.production)
        return self._canary(self.production.rolling) if self.production.rolling else found

    def _others(self) -> Iterator[str]:
        """Addresses that answer where the network is there: the platform's, and the last-good deployments' own."""
        yield self._access.base if self._access else API
        yield from self._known_good()

    def _asked(self) -> Future[ProductionState]:
        """The production state as soon as it is read; an empty one where Vercel can't be asked."""
        answer: Future[ProductionState] = Future()
        access = self._access
        if access is None:
            answer.set_result(self.production)
            return answer
        host = self.production.host

        def ask() -> None:
            try:
                answer.set_result(read_for_checks(access, host))
            except Exception as error:  # noqa: BLE001 - our own error: reported by the checks of the part
                why = f"our own error while asking Vercel: {type(error).__name__}: {error}"
                answer.set_result(ProductionState(host, refused=(why, "Report it.")))

        threading.Thread(target=ask, name="production-state", daemon=True).start()
        return answer

    @property
    def _access(self) -> Access | None:
        return platform_access(self._run.environment) if self._run.environment.platform else None

    def _canary(self, release: RollingRelease) -> Deployment:
        """Get the new deployment, and keep getting it."""
        self._run.target.force_canary()
        canary = self._run.target.identity()
        named = canary.deployment_id if canary else None
        if canary is None or (is_deployment_id(named) and named != release.canary):
            answers = canary.name if canary else "no page"
            raise Blocked(
                f"a rolling release is in progress, and {self._run.target.base_url} does not lead to its canary {release.canary}: "
                f"{answers} answers",
                "Verify the canary at its own address (--base-url), or wait for the end of the release.",
            )
        self._run.release = release
        return canary

    # During the checks -----------------------------------------------------------------------------------------------

    def start(self, pinned: Deployment) -> None:
        """The deployment is pinned: from now on it is watched whether it still serves."""
        self.drift = Drift(pinned)
        self.production = replace(self.production, measured=pinned.deployment_id)
        self._run.save_pin()
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()

    def _watch(self) -> None:
        while self.drift and not self._stopped_after(self._pause(self.drift)):
            self._look(self.drift)
            if self.drift.superseded:
                self._end()
            if self.drift.superseded or self._run.target.challenged:
                return

    def _stopped_after(self, seconds: float) -> bool:
        """Wait, or until a check meets what another deployment may have served. Whether watching was stopped."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._run.doubted == self._doubted:
            if self._stop.wait(min(_TICK, seconds)):
                return True
        self._doubted = self._run.doubted
        return self._stop.is_set()

    def _pause(self, drift: Drift) -> float:
        """Seconds until the next check."""
        limits = self._run.runbook.deployments
        if drift.suspected or self._close_looks > 0:
            return limits.confirm
        return limits.watch if self._run.log_requested else limits.look

    def _look(self, drift: Drift) -> None:
        self._close_looks -= 1
        served = self._run.target.identity()
        self.drift = drift.after(served, self._live(drift, served))
        if self.drift.appearances > drift.appearances:
            self._close_looks = _CLOSE_LOOKS

    def _live(self, drift: Drift, served: Deployment | None) -> Collection[str]:
        """The deployments that share the traffic according to Vercel; asked only where another one has answered."""
        access = self._access
        if access is None or served is None or not served.differs(drift.pinned):
            return ()
        self.production = replace(self.production, release=read_release(access))
        return self.production.rolling.live if self.production.rolling else ()

    def _end(self) -> None:
        why = f"superseded by {self._named()}"
        self._run.obstacles.add(Need.DEPLOYMENT, why)
        self._run.obstacles.add(Need.TARGET, why)
        self._taken_over()

    # At the end ------------------------------------------------------------------------------------------------------

    def successor(self) -> str | None:
        """The deployment that serves at the end, if it is not the pinned one."""
        if self.drift is None:
            return None
        self.stop()
        self._thread.join()
        if self._access:
            self.production = self._production_at_the_end(self._access)
        for _ in range(_LAST_LOOKS):
            self._look(self.drift)
            if not self.drift.suspected:
                break
            time.sleep(self._run.runbook.deployments.confirm)
        return self._named() if self.drift.superseded or self.drift.suspected else None

    def _production_at_the_end(self, access: Access) -> ProductionState:
        """A rolling release may have begun, and its canary never have answered us; or be over, and all is to be read anew."""
        before = self.production
        release = read_release(access) or before.release
        if before.rolling and not (release and release.active):
            found = read_for_checks(access, before.host)
            if found.resolved:
                return replace(found, measured=before.measured)
        return replace(before, release=release)

    def _named(self) -> str:
        """The successor, with what is known of it."""
        if self._successor is None:
            self._successor = self._describe()
        return self._successor

    def _describe(self) -> str:
        other = self.drift.other if self.drift else None
        if self.drift is None or other is None:
            return "another deployment"
        access, release = self._access, self.production.release
        if access is None or not is_deployment_id(other.deployment_id):
            return other.name
        if release and release.state == "ABORTED" and self.drift.pinned.deployment_id == release.canary:
            return f"{other.name} (the rolling release of {release.canary} was aborted)"
        return describe_successor(access, other.name, self.drift.pinned.deployment_id)

    def rollback_target(self) -> LastGood | None:
        """The stable deployment of the rolling release whose canary is measured; None: there is no release."""
        release, before = self._run.release, self.production
        known = [one for one in (before.resolved, *before.newest) if release and one and one.id == release.current]
        if not known:
            return None
        says = "serves the other visitors of the rolling release"
        return LastGood(known[0].id, known[0].address, KnownBy.PLATFORM, says, known[0].commit)

    def settled(self, results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
        """The results, each counted for the deployment that served it; and a finding where two serve alternately."""
        found = tuple(results)
        if self.drift is None:
            return found
        pinned = self.drift.pinned
        if self.production.rolling:
            role = Role.STABLE if pinned.deployment_id == self.production.rolling.canary else Role.CANARY
            return tuple(attributed_alternating(each, pinned, f", {role},") for each in found)
        if not self.drift.alternating:
            return found
        return (*(attributed_alternating(each, pinned, "") for each in found), self._alternating())

    def _alternating(self) -> CheckResult:
        assert self.drift is not None
        other = self.drift.other.name if self.drift.other else "another deployment"
        says = f"two deployments answer alternately, {self.drift.pinned.name} and {other} (a rolling release?)"
        cure = "Set VERCEL_TOKEN and VERCEL_PROJECT_ID, so that Vercel can be asked, or wait until one of them is left"
        return CheckResult(
            "drift", "run", Outcome.UNPROVEN, summary=f"{says}: what was measured is not what all visitors get. {cure}"
        )

    def notes(self) -> Iterator[Finding]:
        """What people should know of the deployment besides the checks."""
        if self.drift is None:
            return
        pinned, other = self.drift.pinned, self.drift.other
        release = self.production.rolling
        if release and pinned.deployment_id == release.canary:
            share = "a part" if release.percentage is None else f"{release.percentage:g} %"
            yield Finding(
                _PART,
                Severity.NOTE,
                f"measured is {pinned.name}, the canary of a rolling release: {share} of the visitors get it, the others "
                f"{release.current}. Aborting the release is an instant rollback",
            )
        elif release:
            share = "some visitors" if release.percentage is None else f"{release.percentage:g} % of the visitors"
            yield Finding(
                _PART,
                Severity.WARN,
                f"a rolling release is in progress: what was measured is {pinned.name}, {share} get {release.canary}, which was not"
                " measured. Verify it: re-run",
            )
        if self.drift.stray and other:
            yield Finding(
                _PART,
                Severity.WARN,
                f"one answer came from {other.name}, all others from {pinned.name}: a delayed edge, or a deploy in progress",
            )
