"""The values everything else speaks in: frozen, no clock, no file, no socket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What the run proved."""

    PASS = "PASS"  # noqa: S105 - no password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"


class Stage(StrEnum):
    """What a verdict is about."""

    SMOKE = "smoke"
    """What was seen until the run's end; the log's window may still be open."""
    WINDOW = "window"
    """The log's whole window as well."""
    RECOVERY = "recovery"
    """Whether a rollback helped."""
    CANARY = "canary"
    """Whether the canary of auto-send revision is sound."""


class Reason(StrEnum):
    """Why a run is INCONCLUSIVE."""

    UNPROVEN = "unproven"
    BLOCKED = "blocked"
    SUPERSEDED = "superseded"


class Recommendation(StrEnum):
    """What to do next. The decision table says when: docs/decisions.md."""

    KEEP = "keep"
    KEEP_WATCHING = "keep-watching"
    INVESTIGATE = "investigate"
    HOLD = "hold"
    ROLL_BACK = "roll-back"
    FIX_ENVIRONMENT = "fix-environment"
    FIX_FORWARD = "fix-forward"
    DO_NOT_PROMOTE = "do-not-promote"
    MEASURE_AGAIN = "measure-again"
    EXPAND = "expand"
    SWITCH_OFF = "switch-off"


BY_PRIORITY = tuple(map(Recommendation, ("hold", "fix-environment", "fix-forward", "roll-back", "investigate")))
"""Where failures call for different things: the first of these, so that an outage never leads to a rollback."""


class Severity(StrEnum):
    """What a finding does to the verdict: only `fail` decides, `warn` is shown, `note` is kept."""

    FAIL = "fail"
    WARN = "warn"
    NOTE = "note"


class Cause(StrEnum):
    """Where the fault is, as far as a browser or the log shows it."""

    DATABASE = "database"
    AUTH_SERVICE = "auth-service"
    AUTH_REGRESSION = "auth-regression"
    AUTH_SETTINGS = "auth-settings"
    SESSION_REJECTED = "session-rejected"
    SERVER_ACTIONS = "server-actions"
    SERVER = "server"
    LIST_ROUTE = "list-route"
    MESSAGES = "messages"
    WRONG_WORKSPACE = "wrong-workspace"
    WRONG_CARDS = "wrong-cards"
    EMPTY_LIST = "empty-list"
    NO_ANSWER = "no-answer"
    REDIRECT_LOOP = "redirect-loop"
    ASSET = "asset"
    BLOCKED_BY_POLICY = "blocked-by-policy"
    CLIENT_CRASH = "client-crash"
    NEVER_RENDERED = "never-rendered"
    BLANK_PAGE = "blank-page"
    OPEN_DOOR = "open-door"
    UNREACHABLE = "unreachable"
    PAGE = "page"
    ENVIRONMENT = "environment"
    SCHEMA = "schema"
    EXPOSED_KEY = "exposed-key"
    CRON = "cron"
    WEBHOOK = "webhook"
    FUNCTION_DIED = "function-died"
    LOG_PATTERN = "log-pattern"
    NOT_RESTORED = "not-restored"
    CANARY = "canary"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    BLOCKED = "blocked"
    UNPROVEN = "unproven"
    BROKEN = "broken"


class EvidenceKind(StrEnum):
    """What a line of evidence is about: the word that it begins with."""

    EXPECTED = "expected"
    HAPPENED = "happened"
    PAGE = "page"
    """What the page shows."""
    COMPARED = "compared"
    SEEN = "seen"
    """What the cause rests on: requests, log lines."""
    SERVED = "served"
    SERVER = "server"
    """What the server logged of the check's requests."""
    OTHER = ""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of evidence, for people."""

    text: str
    kind: EvidenceKind = EvidenceKind.OTHER

    def __str__(self) -> str:
        return f"{self.kind:<10}{self.text}" if self.kind else self.text


def evidence_lines(texts: Iterable[str], kind: EvidenceKind = EvidenceKind.OTHER) -> tuple[EvidenceLine, ...]:
    """Each text as a line of this kind."""
    return tuple(EvidenceLine(text, kind) for text in texts)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The most likely cause of what was seen, in one sentence, with the lines that show it."""

    cause: Cause
    sentence: str
    evidence: tuple[str, ...] = ()
    recommendation: Recommendation | None = None
    """What it calls for, where it is known better than by the cause alone."""
    commands: tuple[str, ...] = ()
    """What repairs it, one command each."""
    down: bool = False
    """Whether every visitor gets an error of the platform or a 5xx instead of the app."""
    saturated: bool = False
    """Whether what the app or its log says names connections to the database that ran out."""
    no_read_succeeds: bool = False
    """Whether none of the app's reads succeeded: an outage behind the app looks like this, too."""


class Misbehaved(AssertionError):  # noqa: N818 - reads as a sentence: the deployment misbehaved
    """The deployment did not do what it must; `diagnosis` names the cause where the driver knows it."""

    def __init__(self, message: str, diagnosis: Diagnosis | None = None) -> None:
        super().__init__(message)
        self.diagnosis = diagnosis


class Blocked(Exception):  # noqa: N818 - reads as a sentence: the run is blocked
    """Nothing can be proven from here: a wall, a challenge, missing credentials. Carries the cure."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(f"{what}. {cure}")
        self.what = what
        self.cure = cure


class NotReached(Exception):  # noqa: N818 - reads as a sentence: the check is not reached
    """The check is left out: what it depends on is down, or the verdict stands already."""


class Unproven(Exception):  # noqa: N818 - reads as a sentence: it is unproven
    """The check looked, and what it saw proves nothing, neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Which build answers at a URL, by every mark that the served page carries."""

    url: str
    deployment_id: str | None = None
    build_id: str | None = None
    assets: str | None = None
    """Fingerprint of the page's asset list: the last resort where no id is served."""

    def same_build(self, other: Deployment) -> bool:
        """Whether both are the same build, by the strongest mark that both carry."""
        return self._same(other) is True

    def differs(self, other: Deployment) -> bool:
        """Whether both are known to be different builds: without a mark that both carry nothing is known."""
        return self._same(other) is False

    def _same(self, other: Deployment) -> bool | None:
        for mine, theirs in (
            (self.deployment_id, other.deployment_id),
            (self.build_id, other.build_id),
            (self.assets, other.assets),
        ):
            if mine and theirs:
                return mine == theirs
        return None

    @property
    def name(self) -> str:
        """The id a person would look up: deployment id, else build id."""
        return self.deployment_id or self.build_id or self.assets or "unknown build"


@dataclass(frozen=True, slots=True)
class PlatformIdentity:
    """The deployment according to Vercel: what a later run needs to find it again."""

    id: str
    url: str = ""
    """Its own address, https://…"""
    commit: str = ""
    created_at: str = ""
    """ISO, UTC; empty: not known."""
    project: str = ""
    """The project's id."""
    since: str = ""
    """Since when the address that was verified leads to it, ISO, UTC; empty: not known."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request of the suite's own browser, as the log may know it. `at`: epoch milliseconds by our clock."""

    method: str
    path: str
    at: float
    status: int | None = None
    request_id: str | None = None
    ref: str | None = None
    digest: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check came to. `superseded`: another build already answered when it ended badly."""

    name: str
    part: str
    outcome: Outcome
    story: str = ""
    summary: str = ""
    cause: Cause | None = None
    cure: str = ""
    evidence: tuple[EvidenceLine, ...] = ()
    warnings: tuple[str, ...] = ()
    writes: tuple[tuple[str, str], ...] = ()
    """What it left behind: a sentence, and which one, so that the same counts once."""
    seconds: float = 0.0
    access: tuple[str, ...] = ()
    subject: str = ""
    """The variable, route or endpoint that it is about, where the check is made for each of several."""
    node_id: str = ""
    """What pytest calls it: one for each check, whatever its parameters."""
    superseded: bool = False
    served: tuple[Deployment, ...] = ()
    """The builds that its browser's pages came from, by the marks in the pages; empty: it needed no browser, or they have none."""
    recommendation: Recommendation | None = None
    """What it calls for, where that is known better than by its cause."""
    sent: tuple[Sent, ...] = ()
    commands: tuple[str, ...] = ()
    """As in Diagnosis, and so are the next ones."""
    down: bool = False
    saturated: bool = False
    no_read_succeeds: bool = False


class WillHelp(StrEnum):
    """Whether a rollback is expected to help."""

    YES = "yes"
    LIKELY = "likely"
    NO = "no"
    NOT_PROVEN = "not proven"


class UsageError(Exception):
    """The input can't be used as it is. The message says where, what and the cure."""
