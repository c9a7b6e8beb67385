"""One run in one of its processes: its plan, and what is learnt while it runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from postdeploy.model import Deployment
from postdeploy.readiness.probing import ReadinessProbes
from postdeploy.redaction import Redactor
from postdeploy.run.evidence import CheckEvidence
from postdeploy.run.plan import Plan
from postdeploy.run.session import SharedSession
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.system.obstacles import Need, Obstacles
from postdeploy.system.store import Key, Store
from postdeploy.target.preflight import Target
from postdeploy.vercel.rolling import RollingRelease


@dataclass(frozen=True, slots=True)
class Pin:
    """What the look before the checks found."""

    deployment: Deployment
    cookies: tuple[tuple[str, str], ...] = ()
    """What the browser needs to get the same deployment."""


_PIN = Key("pin", Pin)
_DOUBT = Key("doubt", int)
_HICCUP = Key("hiccup", str)
_LOG_REQUESTED = Key("log-requested", bool)


class Run:
    """The plan of a run, what its processes share, and what it learns: which deployment it verifies, and what a check sees."""

    def __init__(self, plan: Plan, directory: Path) -> None:
        """`directory`: private to the run, the same one in all its processes."""
        self.plan = plan
        self.store = Store(directory)
        self.obstacles = Obstacles(self.store)
        self.session = SharedSession(self.store)
        self.target = Target(plan.url, plan.runbook, plan.environment.bypass)
        self.target.forgive = self.forgive
        self.probes = ReadinessProbes(
            plan.runbook, plan.environment, self.target, self.store, subjects=plan.subjects, folder=plan.folder
        )
        self.redact = Redactor(plan.environment.secrets)
        self.redact.learn_names(person for workspace in plan.runbook.workspace for person in workspace.people)
        self.evidence = CheckEvidence()
        self.answered_actions: set[str] = set()
        """Request ids of the Server Actions that this process's pages have seen answered."""
        self.deployment: Deployment | None = None
        """What is verified, once it is pinned."""
        self.release: RollingRelease | None = None
        """The rolling release whose canary is measured."""
        self.requests_made = False
        """Whether no check of this process makes a request any more, and all probes are answered."""

    @property
    def runbook(self) -> Runbook:
        """The runbook."""
        return self.plan.runbook

    @property
    def environment(self) -> Environment:
        """What the environment and .env say."""
        return self.plan.environment

    def save_pin(self) -> None:
        """Let the other processes know what is pinned: they do not look before the checks."""
        assert self.deployment is not None
        self.store.put(_PIN, Pin(self.deployment, tuple(self.target.cookies)))

    def load_pin(self) -> None:
        """In a process that has not looked before the checks: take what the first one pinned."""
        if self.deployment is None and (pin := self.store.get(_PIN)) is not None:
            self.deployment = pin.deployment
            self.target.use_cookies(pin.cookies)

    def request_log(self) -> None:
        """A check waits for the log: the checks before it are done."""
        self.store.put(_LOG_REQUESTED, True)

    @property
    def log_requested(self) -> bool:
        """Whether a check waits for the log."""
        return self.store.get(_LOG_REQUESTED) is not None

    def forgive(self, hiccup: str) -> bool:
        """Whether the step in which a gateway answered once in the app's place may be repeated: once in a run, and it is a warning."""
        if self.store.get(_HICCUP) is not None:
            return False
        self.store.put(_HICCUP, hiccup)
        self.evidence.warnings.append(
            f"a gateway answered once in the app's place, and the step was repeated: {hiccup}"
        )
        return True

    @property
    def superseded(self) -> str | None:
        """By what the deployment was superseded while the run measured it, or None. Nothing more is measured then."""
        return self.obstacles.first(Need.DEPLOYMENT)

    def doubt(self) -> None:
        """Something was seen that another deployment may have served: the address is to be looked at now."""
        self.store.put(_DOUBT, time.time_ns())

    @property
    def doubted(self) -> int | None:
        """When there was doubt last, epoch nanoseconds; None: never."""
        return self.store.get(_DOUBT)

    def still_pinned(self) -> bool:
        """Whether the URL still serves the build that the run began with (unknown counts as yes)."""
        now = self.target.identity()
        return self.deployment is None or now is None or not now.differs(self.deployment)
