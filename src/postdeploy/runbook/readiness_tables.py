"""The tables about what must be ready outside the inbox: variables, cron routes, webhooks. docs/runbook.md explains them."""

from __future__ import annotations

from typing import Literal

import msgspec

from postdeploy.runbook.log_tables import RunbookTable

Shape = Literal["any", "secret", "https", "public-key", "pooled", "direct", "feature-flag", "origins"]
Scheme = Literal["secret", "hmac", "slack", "calendly", "open", "session"]
VERCEL, LISTED = "vercel", "listed"
"""Sources that are no file: the platform's API, and the table itself."""


class EnvironmentSource(RunbookTable, frozen=True):
    """Where the variables of Production are read, and what else is known about it."""

    source: str
    """`vercel`, or a dotenv file as `vercel env pull` writes it; empty: not checked."""
    domains: tuple[str, ...]
    """Production domains that Vercel does not know."""
    foreign_origin: str
    """An origin that must not call Server Actions."""


class Variable(RunbookTable, frozen=True):
    """A variable that must be correct in Production."""

    shape: Shape = "any"
    read_values: bool = False
    """Whether its value may be fetched from Vercel, to check its shape."""
    safe: tuple[str, ...] = ()
    """The values of a feature flag that are safe now."""
    unset_is_safe: bool = False
    custom_domains: bool = False
    """Needed only where a custom domain serves the app."""
    off: str = ""
    """Why it is not checked; empty: it is."""


class Cron(RunbookTable, frozen=True):
    """The scheduled routes, and how they may be probed."""

    source: str
    """The path or address of vercel.json, or `listed`: the routes of this table; empty: not probed."""
    routes: tuple[str, ...]
    first: str
    """Probed first and alone: it shows whether the secret is configured, and runs no job where it is not."""
    safe: tuple[str, ...]
    """Routes that do no harm when they run."""
    after: str
    """The check that shows that the database is up. Nothing is probed before it has passed."""
    unset_status: int
    """What the first route answers when the app has no secret."""
    off: dict[str, str] = msgspec.field(default_factory=dict)
    """Route → why it is not probed."""

    def in_order(self, routes: tuple[str, ...]) -> tuple[str, ...]:
        """The routes, each once and without those that are off, the one that is safe to ask without a secret first."""
        return tuple(route for route in dict.fromkeys([self.first, *routes]) if route not in self.off)


class Webhooks(RunbookTable, frozen=True):
    """Whether the endpoints are probed, and for which workspace."""

    source: str
    """`listed`: the endpoints of this file; empty: not probed."""
    unknown_workspace: str
    """The id of a workspace that can't exist."""
    workspace: str
    """The id of a workspace that is connected to Calendly; empty: only the unknown one is tried."""


class Endpoint(RunbookTable, frozen=True):
    """A webhook, or another route that needs credentials."""

    path: str
    scheme: Scheme
    method: Literal["GET", "POST"] = "POST"
    header: str = ""
    """The header with the secret or the signature."""
    also: tuple[str, ...] = ()
    """Further headers in which the same secret is accepted."""
    secret: str = ""
    """The environment variable in which a run may find the secret, for probes that need it."""
    refuses: tuple[int, ...] = (401,)
    """The status codes of a rejection, which must carry an `error` in JSON: a protection wall's 401 and a missing route's 404 do not."""
    body: str = '{"event":"postdeploy.probe"}'
    known: tuple[int, ...] = ()
    """Error statuses to malformed input that are known: a warning. To well-formed JSON they are a failure all the same."""
    off: str = ""
    """Why it is not probed; empty: it is."""


class TestEvent(RunbookTable, frozen=True):
    """One genuine event that a run sends where a workspace is set for it."""

    __test__ = False
    workspace: str
    endpoint: str
    """The endpoint that receives it, of the scheme `secret`."""
    body: str
