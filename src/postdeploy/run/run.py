"""One run: everything that is read once at its beginning and shared by its checks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from postdeploy.model import Deployment, Diagnosis
from postdeploy.page.journal import Exchange
from postdeploy.page.observation import Observation
from postdeploy.page.sight import Sight
from postdeploy.readiness.probing import ReadinessProbes
from postdeploy.redaction import Redactor
from postdeploy.run.session import SharedSession
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.system.obstacles import Need, Obstacles
from postdeploy.system.store import Key, Store
from postdeploy.target.preflight import Target
from postdeploy.vercel.rolling import RollingRelease


@dataclass(slots=True)
class CheckEvidence:
    """What the current check has seen. Begun anew before each check's fixtures are set up."""

    began: float = 0.0
    """Epoch milliseconds."""
    seen: Observation | None = None
    """What the page that was looked at last has shown."""
    diagnosis: Diagnosis | None = None
    sight: Sight | None = None
    screenshot: bytes | None = None
    about_pinned: bool = False
    """Whether what was seen names the deployment itself, as log rows do: then it is about that one, whatever serves now."""
    probes: list[Exchange] = field(default_factory=list)
    """What was asked by HTTP for this check."""
    texts: dict[str, str] = field(default_factory=dict)
    """What else the report shows of this check, by its title."""
    warnings: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Forget the previous check."""
        self.began = time.time() * 1000
        self.seen = self.diagnosis = self.sight = self.screenshot = None
        self.about_pinned = False
        self.texts = {}
        self.probes = []
        self.warnings = []
        self.writes = []


@dataclass(frozen=True, slots=True)
class Pin:
    """What the look before the checks found."""

    deployment: Deployment
    cookies: tuple[tuple[str, str], ...] = ()
    """What the browser needs to get the same deployment."""


_PIN = Key("pin", Pin)
_DOUBT = Key("doubt", int)
_LOG_REQUESTED = Key("log-requested", bool)


@dataclass(slots=True)
class Run:
    """Options, environment and runbook, read once; the target; what the processes share."""

    runbook: Runbook
    environment: Environment
    target: Target
    store: Store
    redact: Redactor
    deployment: Deployment | None = None
    release: RollingRelease | None = None
    """The rolling release whose canary is measured."""
    log_patience: float = 0.0
    """Seconds after which the log's watch has come to an end, one way or the other."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Part → why it is not measured."""
    only: tuple[str, ...] = ()
    """The checks of a trial, and no others; empty: it is no trial."""
    subjects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind of subject (`variable`, `cron_route`, …) → those of this run."""
    probes: ReadinessProbes = field(init=False)
    """What is asked by HTTP, beside the browser."""
    evidence: CheckEvidence = field(default_factory=CheckEvidence)
    obstacles: Obstacles = field(init=False)
    session: SharedSession = field(init=False)

    def __post_init__(self) -> None:
        self.obstacles = Obstacles(self.store)
        self.session = SharedSession(self.store)

    @property
    def required(self) -> dict[str, str]:
        """Check name → part, for every check without which there is no PASS."""
        if self.only:
            return {name: self.runbook.part_of(name) or "" for name in self.only}
        return self.runbook.required_checks(self.left_out, self.subjects)

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
