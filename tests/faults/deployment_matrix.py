"""What happens to a deployment while it is measured, and how it may stand in its project: as data."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from sandbox import Sandbox
from sandbox.deployments import Deployment

_PATIENCE = 120.0
"""Seconds that a failure is waited for."""


@dataclass
class Scene:
    """A sandbox whose good deployment is live; `good` is its id, `other` that of the deployment beside it."""

    sandbox: Sandbox
    good: str
    other: str = ""
    url: str = ""
    """What is measured; empty: the production domain."""
    changed_at: float | None = None
    """When something happened in the middle of the run, by the monotonic clock."""
    when_failed: Callable[[], None] | None = None
    """What happens as soon as FAIL has been published."""

    def deploy(self, *faults: str, staged: bool = False) -> str:
        """Another deployment, with mistakes in its code."""
        self.sandbox.clock.advance(60)
        self.other = self.sandbox.deploy("good", *faults, staged=staged)
        return self.other

    def act(self, method: str, path: str, **body: object) -> None:
        """Somebody uses the platform's API."""
        known = self.sandbox.platform_environment()
        headers = {"Authorization": f"Bearer {known['VERCEL_TOKEN']}"}
        address = f"{known['VERCEL_API_URL']}{path.format(project=known['VERCEL_PROJECT_ID'])}"
        httpx.request(
            method, address, headers=headers, params={"teamId": known["VERCEL_TEAM_ID"]}, json=body
        ).raise_for_status()

    def roll_back(self, to: str) -> None:
        """An instant rollback, which pins the domain."""
        self.act("POST", f"/v9/projects/{{project}}/rollback/{to}")

    def roll(self, *faults: str, share: int = 10) -> None:
        """A rolling release of another deployment, for so many percent of the visitors."""
        self.sandbox.roll(self.deploy(*faults, staged=True))
        release = self.sandbox.platform.deployments.rolling
        assert release is not None
        release.stages = (share, 100)

    def watch(self, verdict: Path) -> None:
        """Let what is to happen after a failure happen then."""
        threading.Thread(target=self._watch, args=(verdict,), daemon=True).start()

    def _watch(self, verdict: Path) -> None:
        until = time.monotonic() + _PATIENCE
        while self.when_failed and time.monotonic() < until:
            if verdict.is_file() and '"decision": "FAIL"' in verdict.read_text(encoding="utf-8"):
                self.when_failed()
                self.changed_at = time.monotonic()
                return
            time.sleep(0.05)

    def meanwhile(self, act: Callable[[], None]) -> None:
        """In the middle of the run, when the inbox has been served."""

        def happens() -> None:
            act()
            self.changed_at = time.monotonic()

        self.sandbox.once_the_inbox_is_served(happens)


STABLE = "the stable one of a rolling release: 90 % of the visitors"


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """What happens, and the verdict that it must lead to. Empty fields are not asserted."""

    name: str
    happens: Callable[[Scene], None]
    decision: str = "PASS"
    reason: str | None = None
    recommendation: str = ""
    says: str = ""
    """What the summary must name; `{good}` and `{other}` stand for the deployments' ids."""
    warns: str = ""
    """What the one warning must name; empty: there must be none."""
    standing: str | None = None
    measured: str = "{good}"
    """The deployment that the verdict is about; empty: it is not known which."""
    command: str = ""
    """What the command must hold."""
    ends_within: float | None = None
    """Seconds from what happened in the middle to the end of the process."""
    platform: bool = True
    """Whether the run may ask the platform."""
    parts: tuple[str, ...] = ()
    """What else is measured."""
    options: tuple[str, ...] = ()


def _lands(scene: Scene) -> None:
    scene.deploy(staged=True)
    scene.meanwhile(lambda: scene.sandbox.promote(scene.other))


def _lands_after_a_failure(scene: Scene) -> None:
    scene.sandbox.break_("messages-fail")
    scene.deploy(staged=True)
    scene.when_failed = lambda: scene.sandbox.promote(scene.other)


def _lands_after_the_log_has_failed(scene: Scene) -> None:
    scene.sandbox.break_("action-throws-variously")
    scene.sandbox.traffic().fail([1, 2, 3, 4])
    scene.sandbox.logs.wait_until_quiet()
    _lands(scene)


def _goes_back(scene: Scene) -> None:
    before, scene.other = scene.good, scene.good
    scene.sandbox.clock.advance(60)
    scene.good = scene.sandbox.deploy("good")
    scene.meanwhile(lambda: scene.roll_back(before))


def _rolls(*faults: str) -> Callable[[Scene], None]:
    return lambda scene: scene.roll(*faults)


def _rolls_while_the_stable_one_is_broken(scene: Scene) -> None:
    scene.sandbox.break_("action-throws")
    scene.roll()


def _is_completed(scene: Scene) -> None:
    scene.roll()
    path = "/v1/projects/{project}/rolling-release/complete"
    scene.meanwhile(lambda: scene.act("POST", path, canaryDeploymentId=scene.other))


def _is_aborted(scene: Scene) -> None:
    scene.roll()
    scene.meanwhile(lambda: scene.roll_back(scene.good))


def _begins(scene: Scene) -> None:
    scene.deploy(staged=True)
    scene.meanwhile(lambda: scene.sandbox.roll(scene.other))


def _half_and_half(scene: Scene) -> None:
    scene.roll(share=50)


def _pinned(scene: Scene) -> None:
    before = scene.good
    scene.deploy()
    scene.roll_back(before)
    scene.deploy()


def _staged(*faults: str) -> Callable[[Scene], None]:
    def happens(scene: Scene) -> None:
        scene.url = scene.sandbox.url_of(scene.deploy(*faults, staged=True))

    return happens


def _old(scene: Scene) -> None:
    scene.url = scene.sandbox.url_of(scene.good)
    scene.deploy()


def _builds(**differs: object) -> Callable[[Scene], None]:
    def happens(scene: Scene) -> None:
        scene.sandbox.clock.advance(60)
        deployments = scene.sandbox.platform.deployments
        scene.other = "dpl_unfinished"
        deployments.add(
            Deployment(scene.other, "http://127.0.0.1:1", "inbox-unfinished", deployments.clock.now, **differs)  # type: ignore[arg-type]
        )

    return happens


def _claimed(scene: Scene) -> None:
    """A promotion that says that it has succeeded, and moved nothing."""
    scene.deploy(staged=True)
    scene.sandbox.platform.promotions.claimed = scene.other


ROWS = (
    DeploymentRow("nothing", lambda _: None, recommendation="keep"),
    DeploymentRow(
        "a deploy lands during the run",
        _lands,
        "INCONCLUSIVE",
        "superseded",
        "measure-again",
        says="{other} (commit",
        ends_within=12.0,
    ),
    DeploymentRow(
        "… in two processes",
        _lands,
        "INCONCLUSIVE",
        "superseded",
        "measure-again",
        says="{other} (commit",
        ends_within=20.0,
        options=("-n", "2"),
    ),
    DeploymentRow(
        "… and nobody can be asked",
        _lands,
        "INCONCLUSIVE",
        "superseded",
        "measure-again",
        says="superseded by {other} during the run",
        ends_within=12.0,
        platform=False,
    ),
    DeploymentRow(
        "a deploy lands after a check has failed",
        _lands_after_a_failure,
        "FAIL",
        "superseded",
        says="of a superseded deployment; {other}",
    ),
    DeploymentRow(
        "… after the log has failed",
        _lands_after_the_log_has_failed,
        "FAIL",
        "superseded",
        says="4 unique",
        parts=("logs",),
        options=("--logs=vercel", "--watch=10m"),
        warns="*",
    ),
    DeploymentRow(
        "somebody rolls back during the run",
        _goes_back,
        "INCONCLUSIVE",
        "superseded",
        "measure-again",
        says="an earlier one: production was rolled back",
        ends_within=12.0,
    ),
    DeploymentRow(
        "a rolling release",
        _rolls(),
        recommendation="keep",
        standing="the canary of a rolling release: 10 % of the visitors",
        measured="{other}",
    ),
    DeploymentRow(
        "… of a broken canary",
        _rolls("action-throws"),
        "FAIL",
        None,
        "roll-back",
        standing="the canary of a rolling release: 10 % of the visitors",
        measured="{other}",
        command="postdeploy rollback {good} --base-url={url} --pin",
    ),
    DeploymentRow(
        "… beside a broken stable one",
        _rolls_while_the_stable_one_is_broken,
        recommendation="keep",
        standing="the canary of a rolling release: 10 % of the visitors",
        measured="{other}",
    ),
    DeploymentRow(
        "… and nobody can be asked",
        _half_and_half,
        "INCONCLUSIVE",
        "",
        "measure-again",
        measured="",
        platform=False,
    ),
    DeploymentRow(
        "a rolling release is completed during the run",
        _is_completed,
        recommendation="keep",
        measured="{other}",
    ),
    DeploymentRow(
        "… is aborted during the run",
        _is_aborted,
        "INCONCLUSIVE",
        "superseded",
        "measure-again",
        says="{good} (the rolling release of {other} was aborted)",
        measured="{other}",
        standing="",
        ends_within=12.0,
    ),
    DeploymentRow("… begins during the run", _begins, "", "", measured="{good}", standing=STABLE, warns="*"),
    DeploymentRow(
        "a deploy while a rollback pins the domain",
        _pinned,
        recommendation="keep",
        warns="{other} (commit",
    ),
    DeploymentRow(
        "a staged deployment at its own address",
        _staged(),
        recommendation="keep",
        says="it is staged, not live",
        standing="staged, not live",
        measured="{other}",
        parts=("environment",),
    ),
    DeploymentRow(
        "… that is broken",
        _staged("action-throws"),
        "FAIL",
        None,
        "do-not-promote",
        standing="staged, not live",
        measured="{other}",
    ),
    DeploymentRow(
        "a former deployment at its own address",
        _old,
        recommendation="keep",
        says="it is no longer live",
        standing="no longer live",
    ),
    DeploymentRow(
        "a newer build failed",
        _builds(state="ERROR"),
        recommendation="keep",
        warns="its build ended as ERROR",
    ),
    DeploymentRow(
        "a newer build is on its way",
        _builds(state="BUILDING"),
        recommendation="keep",
        warns="and still in progress (BUILDING)",
    ),
    DeploymentRow(
        "a promotion that moved nothing",
        _claimed,
        "FAIL",
        None,
        "investigate",
        says="leads to {good}, but the project's production deployment is {other}",
    ),
)
