"""runbook.toml + .env + environment → values, validated once. Every error names file, key and cure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from postdeploy.runbook.deployment_tables import ComparisonTable, DeploymentsTable, RecordTable, RollbackTable
from postdeploy.runbook.log_tables import Amount, KnownNoise, Logs, OwnSignal, RunbookTable, Threshold
from postdeploy.runbook.log_tables import SignalPatterns as LineMeaning
from postdeploy.runbook.readiness_tables import Cron, Endpoint, EnvironmentSource, TestEvent, Variable, Webhooks

SCHEMA = 1
PartState = Literal["required", "configured", "optional", "off"]


_BESIDE = ("secret", "lever")
"""The shapes of variables that no page and no read of the inbox needs."""
_NO_SUBJECTS: Mapping[str, Collection[str]] = {}


class App(RunbookTable, frozen=True):
    """Where things are in the app."""

    login_path: str
    inbox_path: str
    list_path: str
    reads: tuple[str, ...]
    asset_prefix: str
    client_retries: int
    most_requests: int


class Budgets(RunbookTable, frozen=True):
    """Seconds, as runbook.toml explains them."""

    answer: float
    settle: float
    quiet: float
    hold: float
    interact: float
    preflight: float
    second_look: float
    close: float
    run: float
    slow: float
    auth_wait: float

    def times(self, factor: float) -> Budgets:
        """All budgets multiplied, except the app's own time-out, which no loaded runner changes."""
        scaled = {name: getattr(self, name) * factor for name in self.__struct_fields__ if name != "auth_wait"}
        return msgspec.structs.replace(self, **scaled)


class SmokeUser(RunbookTable, frozen=True):
    """What the smoke user may see."""

    allow_foreign: bool
    session_cookie: str


class Workspace(RunbookTable, frozen=True):
    """A workspace the smoke user is expected to see."""

    name: str
    people: tuple[str, ...] = ()
    empty: bool = False


class LoginForm(RunbookTable, frozen=True):
    """Playwright selectors of the login page."""

    email: str
    password: str
    submit: str
    captcha: tuple[str, ...]
    mfa: tuple[str, ...]


class InboxPage(RunbookTable, frozen=True):
    """CSS selectors and texts of the Master Inbox."""

    workspace_selector: str
    workspace_search: str
    workspace_option: str
    workspace_prefix: str
    workspace_all: str
    all_workspaces: str
    card: str
    card_person: str
    error_panel: str
    error_boundary: str
    banner_mark: str
    toast: str
    empty_text: str
    banner_texts: tuple[str, ...]
    banner_buttons: tuple[str, ...]
    crash_texts: tuple[str, ...]


class ErrorTexts(RunbookTable, frozen=True):
    """What an error shown to people tells about its cause."""

    database_texts: tuple[str, ...]
    auth_texts: tuple[str, ...]
    saturation_texts: tuple[str, ...]


class Ignore(RunbookTable, frozen=True):
    """Regular expressions of noise."""

    paths: tuple[str, ...]
    console: tuple[str, ...]


class Screenshot(RunbookTable, frozen=True):
    """What stays readable in a screenshot."""

    readable: tuple[str, ...]


class Writes(RunbookTable, frozen=True):
    """What looking at the app leaves behind in it."""

    sign_in: str
    conversation: str
    cron: str
    event: str


class Runbook(RunbookTable, frozen=True):
    """The whole runbook."""

    schema: int
    app: App
    parts: dict[str, PartState]
    checks: dict[str, tuple[str, ...]]
    budgets: Budgets
    smoke_user: SmokeUser
    login: LoginForm
    inbox: InboxPage
    meaning: ErrorTexts
    ignore: Ignore
    screenshot: Screenshot
    writes: Writes
    environment: EnvironmentSource
    variables: dict[str, Variable]
    cron: Cron
    webhooks: Webhooks
    endpoints: dict[str, Endpoint]
    test_event: TestEvent
    logs: Logs
    threshold: Threshold
    amounts: dict[str, Amount]
    signals: dict[str, LineMeaning]
    record: RecordTable
    deployments: DeploymentsTable
    trial: ComparisonTable
    rollback: RollbackTable
    workspace: tuple[Workspace, ...] = ()
    signal: tuple[OwnSignal, ...] = ()
    known: tuple[KnownNoise, ...] = ()

    def required_checks(
        self, without: Collection[str] = (), subjects: Mapping[str, Collection[str]] = _NO_SUBJECTS
    ) -> dict[str, str]:
        """Check name → part, for every part that is required, or required once it is configured, and not left out.

        A check that is made once for each of several `subjects` counts as often as there are any.
        """
        return {
            name: part
            for part, checks in self.checks.items()
            for check in checks
            if self.parts.get(part) in ("required", "configured") and part not in without
            for name in _each(check, subjects)
        }

    def part_of(self, check: str) -> str | None:
        """The part that a check belongs to, or None if runbook.toml does not name the check."""
        function = _function(check)
        return next((part for part, checks in self.checks.items() if function in map(_function, checks)), None)

    @property
    def beside_the_inbox(self) -> frozenset[str]:
        """Variables that the inbox does without: secrets of those who call, and levers."""
        return frozenset(name for name, one in self.variables.items() if one.shape in _BESIDE)

    @property
    def check_order(self) -> dict[str, int]:
        """Function name of a check → its place in a run."""
        names = [_function(check) for checks in self.checks.values() for check in checks]
        return {name: place for place, name in enumerate(names)}


def _function(check: str) -> str:
    return check.partition("[")[0]


def _each(check: str, subjects: Mapping[str, Collection[str]]) -> list[str]:
    """The names of a check's results: `test_x[variable]` has one for each variable."""
    function, _, kind = check.rstrip("]").partition("[")
    return [f"{function}[{subject}]" for subject in subjects.get(kind, ())] if kind else [function]
