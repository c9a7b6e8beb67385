"""The tables of runbook.toml that say what must be ready beside the inbox. docs/runbook.md explains them."""

from __future__ import annotations

from typing import Literal

from postdeploy.runbook.log_tables import RunbookTable

Shape = Literal["any", "secret", "https", "public-key", "pooled", "direct", "lever", "origins"]
Scheme = Literal["secret", "hmac", "slack", "calendly", "open", "session"]


class EnvironmentSource(RunbookTable, frozen=True):
    """Where the environment is read, and what else is known of it."""

    source: str
    """`vercel`, or a dotenv file as `vercel env pull` writes it; empty: nowhere."""
    domains: tuple[str, ...]
    """Production domains that the platform does not name."""
    foreign_origin: str
    """An origin that must not call Server Actions."""


class Variable(RunbookTable, frozen=True):
    """A variable that must be right in Production."""

    shape: Shape = "any"
    read_values: bool = False
    """Whether its value may be fetched from the platform, to look at its shape."""
    safe: tuple[str, ...] = ()
    """The values of a lever that are safe now."""
    unset_is_safe: bool = False
    custom_domains: bool = False
    """Needed only where a custom domain serves the app."""


class Cron(RunbookTable, frozen=True):
    """The scheduled routes, and how they may be probed."""

    source: str
    """The path or address of vercel.json, or `listed`: the routes of this table; empty: not probed."""
    routes: tuple[str, ...]
    first: str
    """Asked first and alone: it tells whether the secret is configured, without running a job where it is not."""
    safe: tuple[str, ...]
    """Routes that do no harm when they run."""
    after: str
    """The check that shows the database up; before it has passed nothing is probed."""
    unset_status: int
    """What the first route answers when the app has no secret."""


class Webhooks(RunbookTable, frozen=True):
    """Whether the endpoints are probed, and for which workspace."""

    source: str
    """`listed`: the endpoints of this file; empty: not probed."""
    unknown_workspace: str
    """The id of a workspace that can't exist."""
    workspace: str
    """The id of a workspace that is connected to Calendly; empty: only the unknown one is tried."""


class Endpoint(RunbookTable, frozen=True):
    """A webhook, or a route for people and programs with credentials."""

    path: str
    scheme: Scheme
    method: Literal["GET", "POST"] = "POST"
    header: str = ""
    """Where the secret or the signature stands."""
    also: tuple[str, ...] = ()
    """Further headers in which the same secret is accepted."""
    secret: str = ""
    """The environment variable in which a run may find the secret, for what can't be tried without it."""
    refuses: tuple[int, ...] = (401,)
    """How it refuses; always with an `error` in JSON, for a wall's 401 and a missing route's 404 are no refusal."""
    body: str = '{"event":"postdeploy.probe"}'


class TestEvent(RunbookTable, frozen=True):
    """One genuine event that a run may send, where a workspace is set for it."""

    __test__ = False
    workspace: str
    endpoint: str
    """The endpoint that takes it: one of the scheme `secret`."""
    body: str
