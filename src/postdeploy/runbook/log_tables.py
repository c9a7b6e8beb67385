"""The tables by which logs are read and judged: patterns, amounts, known noise. Their defaults files explain the keys."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec


class RunbookTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the runbook: unknown keys are errors."""


class Logs(RunbookTable, frozen=True):
    """Where the logs are and how they are read. Seconds."""

    source: str
    assets: tuple[str, ...]
    not_pages: tuple[str, ...]
    inbox_errors: tuple[str, ...]
    inbox_failures: tuple[str, ...]
    action_failures: tuple[str, ...]
    inbox_thing: str
    inbox_read: str
    inbox_does: str
    lead: str
    tries_again: tuple[str, ...]
    gave_up: tuple[str, ...]
    asides: tuple[str, ...]
    notes: tuple[str, ...]
    note_reason: str
    before_notes: tuple[str, ...]
    note_lead: str
    behind_notes: tuple[str, ...]
    not_notes: tuple[str, ...]
    warnings: tuple[str, ...]
    failing_words: str
    successes: tuple[str, ...]
    not_successes: tuple[str, ...]
    sign_ins: tuple[str, ...]
    wrong_credentials: tuple[str, ...]
    not_wrong: tuple[str, ...]
    machines: tuple[str, ...]
    inbound: tuple[str, ...]
    own_sessions: tuple[str, ...]
    debug_id: str
    neighbour: float
    sentinel_every: float
    arrival: float
    uncovered_start: float
    baseline: float
    client_retries: tuple[float, ...]
    client_answer: float
    function_limits: tuple[float, ...]
    at_once: float
    routes: tuple[str, ...]
    """The app's routes (`/w/[slug]`, `page /`, `handler /api/x`), as `app_routes` reads them from the files that are named here."""
    routes_from: tuple[str, ...]
    """The files in which they were found, where no runbook names any."""


class Threshold(RunbookTable, frozen=True):
    """When Server Action errors fail the deployment."""

    window: float
    """Seconds after the deployment got production traffic."""
    unique: int
    """Rule 1: more different errors than this fail the deployment."""
    widespread_requests: int
    widespread_share: float
    widespread_of: int
    widespread_span: float
    """Rule 2: one error that fails this many requests, this share of at least `of`, over at least `span` seconds."""
    flood_requests: int
    flood_share: float
    """… or this many requests and this share, without waiting."""


class Amount(RunbookTable, frozen=True):
    """From which amount on a signal fails the deployment: any of the stated conditions; none stated: it is a warning."""

    requests: int = 0
    span: float = 0.0
    """This many requests, the first and the last at least `span` seconds apart."""
    share: float = 0.0
    of: int = 0
    """This share of the requests, of at least `of`."""


class SignalPatterns(RunbookTable, frozen=True):
    """What a line means: it matches one of `any` and none of `unless`."""

    any: tuple[str, ...]
    unless: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    """What clients of any service print: it counts only where the line names this service."""
    common: tuple[str, ...] = ()
    """What other services say, too: it counts unless the line names others, and not this one."""
    service: str = ""
    """Which of [services] these two are about."""
    called: tuple[str, ...] = ()
    """What any called service answers: it counts only where the line, or a client's frame, names one of `callees`."""
    callees: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()
    """It counts whatever `unless` says, and in the place of these signals."""
    instead_of: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    """How it reads that a variable is missing: it counts unless the line matches one of `unless_data`."""
    unless_data: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """The same as `variables`, in words that are used of data, too: only where the line's request failed."""
    unless_well: tuple[str, ...] = ()
    """The same as `unless`, where the line's request did not fail."""
    optional: tuple[str, ...] = ()
    """The same: the app goes on without what it lacks, unless the line matches `needed`, or names one of the runbook's variables."""
    needed: tuple[str, ...] = ()
    unless_refused: tuple[str, ...] = ()
    """The same, where the request was refused (4xx): its client lacks something, not the app."""
    ours: tuple[str, ...] = ()
    """The app itself lacks it: neither `unless_well` nor `unless_refused` holds."""
    not_sent: tuple[str, ...] = ()
    """No client sends it: `unless_refused` does not hold."""
    of_sessions: tuple[str, ...] = ()
    """What other services say of their sessions, too: it counts on routes of people, where the line names no other service."""
    unless_theirs: tuple[str, ...] = ()
    """How a line names a service that no [services] has."""
    every_level: bool = False
    """Read in lines of every level, for it never fails a deployment by itself; others only in error lines and failing requests."""

    @property
    def deciding(self) -> tuple[str, ...]:
        """The patterns of which one at least matches a line that means it, and those of what it does not mean."""
        meaning = (*self.any, *self.shared, *self.common, *self.called, *self.decisive)
        return (*meaning, *self.variables, *self.fields, *self.of_sessions, *self.unless)

    @property
    def distinguishing(self) -> tuple[str, ...]:
        """The patterns that make a difference in some requests to lines that match one of those."""
        of_some = (*self.unless_well, *self.optional, *self.needed, *self.unless_refused, *self.ours, *self.not_sent)
        return (*self.unless_data, *of_some, *self.unless_theirs)


DERIVED = frozenset(
    {
        "server_action_error",
        "render_error",
        "inbox_route_error",
        "inbox_error",
        "route_error",
        "missing_debug_id",
        "other_error",
        "unnamed_abort",
    }
)
"""Signals that follow from status and path, not from a pattern. An own signal may not have one of these names."""


class OwnSignal(RunbookTable, frozen=True):
    """An app's own signal."""

    name: str
    pattern: str
    says: str
    severity: Literal["warn", "fail"] = "warn"
    requests: int = 1
    recommendation: Literal["investigate", "hold", "roll-back", "fix-environment", "fix-forward"] = "investigate"


class KnownNoise(RunbookTable, frozen=True):
    """Known noise: shown and not counted, up to `at_most` requests in a window, until the day in `until`."""

    pattern: str
    reason: str
    owner: str
    until: dt.date
    at_most: int
