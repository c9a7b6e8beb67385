"""Which deployment serves, watched beside the checks; and what becomes of the run when another one has taken over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from postdeploy.model import Blocked, CheckResult, Deployment, NotReached, Outcome, Severity
from postdeploy.plugin.selection import function_of
from postdeploy.production import situation
from postdeploy.production.situation import SITUATION, Role, Situation
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.run.run import Run
from postdeploy.system import loopback
from postdeploy.system.obstacles import Need
from postdeploy.target.drift import Serving, by_turns
from postdeploy.vercel.access import Access, platform_access
from postdeploy.vercel.rolling import RollingRelease
from postdeploy.verdict.verdict import Finding

_CLOSE_LOOKS = 4
"""After one odd answer: so many looks in quick succession tell whether it was one."""
_LAST_LOOKS = 5
"""At the end: so many looks at most, as long as it is doubtful which deployment serves."""
_TICK = 0.1
_LOG = "logs"
_PART = "deployments"


class DriftPart:
    """Belongs to the process that a person started."""

    def __init__(self, run: Run, taken_over: Callable[[], None]) -> None:
        """`taken_over` is called once, when another deployment serves."""
        self.serving: Serving | None = None
        self.situation = Situation(urlsplit(run.target.base_url).netloc)
        self._run = run
        self._taken_over = taken_over
        self._close_looks = 0
        self._doubted: int | None = None
        self._successor: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="drift", daemon=True)

    # Before the checks -----------------------------------------------------------------------------------------------

    def pin(self) -> Deployment:
        """Which deployment is measured, and how it stands in its project. During a rolling release it is the canary.

        Raises:
            Blocked: nothing can be said about the deployment, or the canary can't be reached.
            Misbehaved: it does not answer as it must.
        """
        asked = self._asked()
        try:
            found = self._run.target.pin()
        finally:
            self.situation = asked.result()
            self._run.store.put(SITUATION, self.situation)
        return self._canary(self.situation.rolling) if self.situation.rolling else found

    def _asked(self) -> Future[Situation]:
        """The platform's answer, as soon as it is there; an empty one where nobody can ask."""
        answer: Future[Situation] = Future()
        access = self._access
        if access is None:
            answer.set_result(self.situation)
            return answer
        host = self.situation.host

        def ask() -> None:
            try:
                answer.set_result(situation.ask(access, host))
            except Exception as error:  # noqa: BLE001 - our own mistake: told by the checks of the part
                why = f"our own error while asking the platform: {type(error).__name__}: {error}"
                answer.set_result(Situation(host, refused=(why, "Report it.")))

        threading.Thread(target=ask, name="situation", daemon=True).start()
        return answer

    @property
    def _access(self) -> Access | None:
        return platform_access(self._run.environment) if self._run.environment.platform else None

    def _canary(self, release: RollingRelease) -> Deployment:
        """Be one of those who get the new deployment, and stay it."""
        self._run.target.force_canary()
        canary = self._run.target.identity()
        told = canary.deployment_id if canary else None
        if canary is None or (told is not None and told.startswith("dpl_") and told != release.canary):
            answers = canary.name if canary else "no page"
            raise Blocked(
                f"a rolling release is under way, and {self._run.target.base_url} does not lead to its canary {release.canary}: "
                f"{answers} answers",
                "Measure the canary at its own address (--base-url), or wait for the end of the release.",
            )
        self._run.release = release
        return canary

    # Beside the checks -----------------------------------------------------------------------------------------------

    def start(self, pinned: Deployment) -> None:
        """The deployment is there and is the app: from now on it is looked whether it still serves."""
        self.serving = Serving(pinned)
        self.situation = replace(self.situation, measured=pinned.deployment_id)
        self._run.save_pin()
        self._thread.start()

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._stop.set()

    def _watch(self) -> None:
        while self.serving and not self._waits_to_no_end(self._pause(self.serving)):
            self._look(self.serving)
            if self.serving.superseded:
                self._end()
            if self.serving.superseded or self._run.target.challenged:
                return

    def _waits_to_no_end(self, seconds: float) -> bool:
        """Wait for the next look, or until a check meets what another deployment may have served. Whether nobody wants to know."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._run.doubted == self._doubted:
            if self._stop.wait(min(_TICK, seconds)):
                return True
        self._doubted = self._run.doubted
        return self._stop.is_set()

    def _pause(self, serving: Serving) -> float:
        """Seconds until the next look."""
        limits = self._run.runbook.deployments
        if serving.doubted or self._close_looks > 0:
            return limits.confirm
        return limits.watch if self._run.log_requested else limits.look

    def _look(self, serving: Serving) -> None:
        self._close_looks -= 1
        served = self._run.target.identity()
        self.serving = serving.after(served, self._live(serving, served))
        if self.serving.visits > serving.visits:
            self._close_looks = _CLOSE_LOOKS

    def _live(self, serving: Serving, served: Deployment | None) -> Collection[str]:
        """The deployments that share the traffic by the platform's word; asked only where another one has answered."""
        access = self._access
        if access is None or served is None or not served.differs(serving.pinned):
            return ()
        self.situation = replace(self.situation, release=situation.ask_release(access))
        return self.situation.rolling.live if self.situation.rolling else ()

    def _end(self) -> None:
        why = f"superseded by {self._named()}"
        self._run.obstacles.add(Need.DEPLOYMENT, why)
        self._run.obstacles.add(Need.TARGET, why)
        self._taken_over()

    # At the end ------------------------------------------------------------------------------------------------------

    def successor(self) -> str | None:
        """Who serves at the end, if that is another deployment than at the beginning."""
        if self.serving is None:
            return None
        self.stop()
        self._thread.join()
        for _ in range(_LAST_LOOKS):
            self._look(self.serving)
            if not self.serving.doubted:
                break
            time.sleep(self._run.runbook.deployments.confirm)
        return self._named() if self.serving.superseded or self.serving.doubted else None

    def _named(self) -> str:
        """The successor, with what is known of it."""
        if self._successor is None:
            self._successor = self._introduced()
        return self._successor

    def _introduced(self) -> str:
        other = self.serving.other if self.serving else None
        if self.serving is None or other is None:
            return "another deployment"
        access, release = self._access, self.situation.release
        if access is None or not (other.deployment_id or "").startswith("dpl_"):
            return other.name
        if release and release.state == "ABORTED" and self.serving.pinned.deployment_id == release.canary:
            return f"{other.name} (the rolling release of {release.canary} was aborted)"
        return situation.introduce(access, other.name, self.serving.pinned.deployment_id)

    def way_back(self) -> LastGood | None:
        """From the canary of a rolling release to the one that all others get; None: it is none."""
        release, before = self._run.release, self.situation
        known = [one for one in (before.named, *before.newest) if release and one and one.id == release.current]
        if not known:
            return None
        says = "serves the other visitors of the rolling release"
        return LastGood(known[0].id, loopback.address(known[0].url), KnownBy.PLATFORM, says, known[0].commit)

    def settled(self, results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
        """The results, each counted for the deployment that served it; and what two that serve by turns come to."""
        found = tuple(results)
        if self.serving is None:
            return found
        pinned = self.serving.pinned
        if self.situation.rolling:
            role = Role.STABLE if pinned.deployment_id == self.situation.rolling.canary else Role.CANARY
            return tuple(by_turns(each, pinned, f", {role},") for each in found)
        if not self.serving.mixed:
            return found
        return (*(by_turns(each, pinned, "") for each in found), self._mixed())

    def _mixed(self) -> CheckResult:
        assert self.serving is not None
        other = self.serving.other.name if self.serving.other else "another deployment"
        says = f"two deployments are live, {self.serving.pinned.name} and {other} answer by turns (a rolling release?)"
        cure = "Set VERCEL_TOKEN and VERCEL_PROJECT_ID, so that the platform can be asked, or wait until one of them is left"
        return CheckResult(
            "drift", "run", Outcome.UNPROVEN, summary=f"{says}: what was measured is not what everybody gets. {cure}"
        )

    def notes(self) -> Iterator[Finding]:
        """What people should know of the deployment beside what the checks say."""
        if self.serving is None:
            return
        pinned, other = self.serving.pinned, self.serving.other
        release = self.situation.rolling
        if release and pinned.deployment_id == release.canary:
            share = "a part" if release.percentage is None else f"{release.percentage:g} %"
            yield Finding(
                _PART,
                Severity.NOTE,
                f"measured is {pinned.name}, the canary of a rolling release: {share} of the visitors get it, the others "
                f"{release.current}. Aborting the release is an instant rollback",
            )
        elif release and self.serving.beside:
            yield Finding(
                _PART,
                Severity.WARN,
                f"a rolling release is under way: what was measured is {pinned.name}, some visitors get {self.serving.beside.name}",
            )
        if self.serving.odd and other:
            yield Finding(
                _PART,
                Severity.WARN,
                f"one look was answered by {other.name}, all others by {pinned.name}: an edge that is late, or a deploy on its way",
            )


class PinPart:
    """In every process: what is pinned is known to each, and when it has been superseded, nothing more is measured."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """The log's checks decide for themselves: what it said before another deployment took over still counts."""
        self._run.load_pin()
        why = self._run.superseded
        if why and self._run.runbook.part_of(function_of(item)) != _LOG:
            raise NotReached(why)
