"""The runbook as a value: one struct for each table of runbook.toml and of the packaged defaults, which explain the keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from postdeploy.runbook.canary_tables import CanaryTable
from postdeploy.runbook.checks import NO_SUBJECTS, function_name, functions_in_order, required_checks
from postdeploy.runbook.deployment_tables import ComparisonTable, DeploymentsTable, RecordTable, RollbackTable
from postdeploy.runbook.log_tables import (
    Amount,
    KnownNoise,
    Logs,
    OwnSignal,
    RunbookTable,
    SignalPatterns,
    Threshold,
)
from postdeploy.runbook.readiness_tables import Cron, Endpoint, EnvironmentSource, TestEvent, Variable, Webhooks
from postdeploy.runbook.uptime_tables import SloTable, UptimeTable
from postdeploy.runbook.warehouse_tables import LakeColumns, WarehouseColumns


class Off(RunbookTable, frozen=True):
    """A part that is left out for good, and why."""

    off: str
    """The reason, for people."""


PartState = Literal["required", "configured", "optional", "off"] | Off


_OUTSIDE = ("secret", "feature-flag")
"""The shapes of variables that no page and no read of the inbox needs."""


class App(RunbookTable, frozen=True):
    """Where things are in the app."""

    login_path: str
    inbox_path: str
    list_path: str
    list_workspace: str
    """The parameter that names the workspace whose list is asked for."""
    list_cursor: str
    """The parameter by which a list is continued; empty: not measured."""
    reads: tuple[str, ...]
    asset_prefix: str
    client_retries: int
    most_requests: int
    previews: bool
    database_route: str
    """A GET without a session whose answer needs the database; empty: none."""


class Budgets(RunbookTable, frozen=True):
    """Seconds; defaults/budgets.toml explains each."""

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
        """All budgets multiplied, except the app's own time-out: a loaded runner does not change it."""
        scaled = {name: getattr(self, name) * factor for name in self.__struct_fields__ if name != "auth_wait"}
        return msgspec.structs.replace(self, **scaled)


class BrowserWindow(RunbookTable, frozen=True):
    """How large the page is seen."""

    viewport: tuple[int, int]
    dismiss: tuple[str, ...]
    """What a button is called that closes a dialog, and does nothing else."""


class SmokeUser(RunbookTable, frozen=True):
    """What the smoke user may see, and which cookies hold its session."""

    allow_foreign: bool
    session_cookie: str
    role_keys: tuple[str, ...]
    """Keys of the app's answers that say what the smoke user may do."""


class Workspace(RunbookTable, frozen=True):
    """A workspace the smoke user is expected to see."""

    name: str
    people: tuple[str, ...] = ()
    empty: bool = False


class LoginForm(RunbookTable, frozen=True):
    """Playwright selectors of the login page."""

    opens: str
    """What shows the form, where it is in a dialog; empty: it is there."""
    email: str
    password: str
    submit: str
    service_path: str
    """Where a page signs in that asks the auth service itself, on whichever host."""
    captcha: tuple[str, ...]
    mfa: tuple[str, ...]


class InboxPage(RunbookTable, frozen=True):
    """CSS selectors and texts of the Master Inbox."""

    workspace_selector: str
    workspace_search: str
    workspace_option: str
    workspace_marks: tuple[str, ...]
    workspace_prefix: str
    workspace_all: str
    all_workspaces: str
    card: str
    card_person: str
    error_panel: str
    error_boundary: str
    banner_mark: str
    toast: str
    search: str
    """The search box of the list; empty: not measured. So is the next one."""
    filter: str
    filter_off: str
    """What switches the filter off; empty: the same element."""
    empty_text: str
    banner_texts: tuple[str, ...]
    banner_buttons: tuple[str, ...]
    crash_texts: tuple[str, ...]


class ErrorTexts(RunbookTable, frozen=True):
    """What a text that people see says about its cause."""

    database_texts: tuple[str, ...]
    auth_texts: tuple[str, ...]
    saturation_texts: tuple[str, ...]
    nonsense_texts: tuple[str, ...]
    """What a page shows in place of a value: a warning."""
    error_keys: tuple[str, ...]
    """Where a result says that it failed, if it says nothing else but `error_details`."""
    error_details: tuple[str, ...]
    error_words: tuple[str, ...]
    """A message of the page (`role=alert`) that holds one of these says that something failed: a warning where the inbox is loaded."""


class Ignore(RunbookTable, frozen=True):
    """Regular expressions of noise: never judged."""

    paths: tuple[str, ...]
    console: tuple[str, ...]
    recovered: tuple[str, ...]
    """Of uncaught errors that leave the page as it should be."""


class Screenshot(RunbookTable, frozen=True):
    """Selectors of what is not masked in a screenshot."""

    readable: tuple[str, ...]


class Writes(RunbookTable, frozen=True):
    """What a run leaves behind in the app, a sentence for each kind."""

    sign_in: str
    refused: str
    counts: str
    conversation: str
    cron: str
    event: str


class Workspaces(RunbookTable, frozen=True):
    """How many workspaces the app has, and how many are opened."""

    single: bool
    """Whether there is only one: nothing can be switched."""
    open: int
    """How many are opened, one after the other."""
    need_two: tuple[str, ...]
    """The checks that switch."""
    need_more: tuple[str, ...]
    """The checks that open further ones."""


class Runbook(RunbookTable, frozen=True):
    """The whole runbook."""

    schema: int
    app: App
    parts: dict[str, PartState]
    workspaces: Workspaces
    checks: dict[str, tuple[str, ...]]
    checks_before: dict[str, tuple[str, ...]]
    budgets: Budgets
    browser: BrowserWindow
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
    warehouse: dict[str, WarehouseColumns]
    lake: dict[str, LakeColumns]
    threshold: Threshold
    amounts: dict[str, Amount]
    signals: dict[str, SignalPatterns]
    services: dict[str, tuple[str, ...]]
    """Service → what a line that names it contains."""
    unclear: dict[str, tuple[str, ...]]
    """Service → words that others have, too: they name it where the line names none of those that are called."""
    packages: dict[str, tuple[str, ...]]
    """Frames of packages that are no client of one service."""
    addresses: dict[str, tuple[str, ...]]
    """Service → the addresses that tell it, whatever words stand around them."""
    record: RecordTable
    deployments: DeploymentsTable
    comparison: ComparisonTable
    rollback: RollbackTable
    canary: CanaryTable
    uptime: UptimeTable
    slo: SloTable
    workspace: tuple[Workspace, ...] = ()
    signal: tuple[OwnSignal, ...] = ()
    known: tuple[KnownNoise, ...] = ()

    def required_checks(
        self, without: Collection[str] = (), subjects: Mapping[str, Collection[str]] = NO_SUBJECTS
    ) -> dict[str, str]:
        """Check name → part, for every check without which there is no PASS. A check counts once for each of its `subjects`."""
        return required_checks(self.parts, self.checks, without, subjects)

    def part_of(self, check: str) -> str | None:
        """The part that a check belongs to, or None if [checks] does not name it."""
        function = function_name(check)
        return next((part for part, checks in self.checks.items() if function in map(function_name, checks)), None)

    @property
    def outside_the_inbox(self) -> frozenset[str]:
        """Variables that the inbox works without: secrets of callers, and feature flags."""
        return frozenset(name for name, one in self.variables.items() if one.shape in _OUTSIDE)

    @property
    def check_order(self) -> dict[str, int]:
        """Function name of a check → its position in a run."""
        return {name: position for position, name in enumerate(functions_in_order(self.checks, self.checks_before))}
