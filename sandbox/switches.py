"""What can be switched on a running sandbox, and how everything is put back.

Each method returns when the state holds: the next request meets it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sandbox.auth import Condition
from sandbox.database import WORKSPACES
from sandbox.deployments import Deployment
from sandbox.edge import InboxServed, WorkspaceSwitched, tags
from sandbox.edge.barriers import ChallengeForProbes, WallBeforeCrons
from sandbox.edge.protection import Protection
from sandbox.gateway import Open, Silent
from sandbox.logs import LogFaults, Logs, Plan
from sandbox.state import FAULTS_FILE, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.auth import AuthService
    from sandbox.builds import Variant
    from sandbox.database import Database
    from sandbox.edge import Edge
    from sandbox.gateway import Gateway, State
    from sandbox.servers import Servers
    from sandbox.serving import Loop
    from sandbox.state import Settings
    from sandbox.variables import Variables
    from sandbox.visitor import Visitor

SERVED_WITHIN = 15.0
"""Seconds after which a healed sandbox must serve the inbox again."""


@dataclass
class Switches:
    """The parts of a running sandbox that can be broken."""

    loop: Loop
    settings: Settings
    email: str
    auth_service: AuthService
    gateway: Gateway
    edge: Edge
    servers: Servers
    store: Database
    visitor: Visitor
    logs: Logs
    variables: Variables
    app_faults: set[str] = field(default_factory=set)
    rewritten: bool = False

    def app(self, fault: str) -> None:
        """Make the app's code do something wrong, from the next request on."""
        self.app_faults.add(fault)
        write(FAULTS_FILE, {"faults": sorted(self.app_faults)})

    def database(self, state: State) -> None:
        """Change the way to the database."""
        self.loop.run(self.gateway.switch(state))

    def exhaust_pool(self, milliseconds: int) -> None:
        """Let every connection to the database hang, and requests wait so long for a free one."""
        self.environment(DATABASE_POOL_TIMEOUT_MS=str(milliseconds))
        self.database(Silent())

    def database_when_switching(self, state: State) -> None:
        """Change the way to the database just before the first other workspace is asked for."""
        self.edge.watch = WorkspaceSwitched(lambda: self.gateway.switch(state))

    def memberships(self, workspaces: Iterable[str]) -> None:
        """Let the smoke user see exactly these workspaces."""
        self.store.set_memberships(workspaces)

    def environment(self, **changes: str | None) -> None:
        """Serve the good build with another environment; None unsets a variable."""
        self._promote(self.deployment("good", **changes))

    def build(self, variant: Variant) -> None:
        """Let another build serve the production domain."""
        self._promote(self.deployment(variant))

    def build_with_its_settings(self, variant: Variant) -> None:
        """Let another build serve the production domain; the platform keeps the variables that it was built with."""
        built = self.servers.settings.of(variant)
        self.variables.set("NEXT_PUBLIC_SUPABASE_ANON_KEY", built.anon_key)
        self.variables.set("SERVER_ACTIONS_ALLOWED_ORIGINS", built.origins)
        self.build(variant)

    def build_when_served(self, variant: Variant) -> None:
        """Let another build serve the production domain, once the inbox has been delivered."""
        deployment = self.deployment(variant)

        async def promote() -> None:
            self.edge.deployments.promote(deployment)

        self.edge.watch = InboxServed(promote)

    def stage(self, variant: Variant) -> None:
        """Have a deployment built that serves only its own host, until it is promoted by `build`."""
        self.edge.deployments.add(self.deployment(variant))

    def disturb_logs(self, faults: LogFaults) -> None:
        """Disturb the way from the logs to who reads them."""
        self.logs.faults = faults

    def auth(self, condition: Condition) -> None:
        """Change the condition of the auth service."""

        async def switch() -> None:
            self.auth_service.switch(condition)

        self.loop.run(switch())

    def auth_times_out(self, milliseconds: int) -> None:
        """Let the app wait no longer than this for an auth service that does not answer."""
        self.environment(SUPABASE_AUTH_TIMEOUT_MS=str(milliseconds))
        self.auth(Condition.HANGING)

    def change_password(self) -> None:
        """Give the smoke user a password that nobody knows."""
        self.auth_service.user(self.email).change_password(secrets.token_urlsafe())

    def protect(self) -> None:
        """Put up the wall."""
        self.edge.protection = Protection(self.settings.bypass_secret)

    def challenge(self) -> None:
        """Take every visitor for a bot."""
        self.edge.challenges = True

    def wall_before_crons(self) -> None:
        """Put up the wall before the cron routes."""
        self.edge.barrier = WallBeforeCrons(self.settings.bypass_secret)

    def challenge_probes(self) -> None:
        """Take whoever asks for crons, webhooks or admin routes for a bot."""
        self.edge.barrier = ChallengeForProbes()

    def lose_chunk(self) -> None:
        """Lose one script that only the dashboard needs."""
        self.edge.missing = frozenset(self.visitor.dashboard_chunks()[:1])

    def tag(self, name: str) -> None:
        """Put a snippet at the end of every page."""
        self.edge.tags += tags.snippet(name)

    def write_into_the_database(self, script: str) -> None:
        """Change what people are called or write; put back by filling the database anew."""
        self.store.change(script)
        self.rewritten = True

    def restore(self) -> None:
        """Put everything back, except what has happened: rows stay in the logs, and the platform's clock goes on."""
        self.logs.faults = LogFaults()
        self.logs.plan = Plan()
        self.app_faults.clear()
        FAULTS_FILE.unlink(missing_ok=True)
        self.edge.watch = None
        self.edge.protection = None
        self.edge.challenges = False
        self.edge.barrier = None
        self.variables.restore()
        self.edge.missing = frozenset()
        self.edge.tags = b""
        self.auth(Condition.HEALTHY)
        self.auth_service.user(self.email).change_password(self.settings.password)
        self.database(Open())
        if self.rewritten:
            self.store.reset()
            self.rewritten = False
        self.store.set_memberships(WORKSPACES)
        self.build("good")
        self.visitor.wait_for_inbox(SERVED_WITHIN)

    def deployment(self, variant: Variant, **changes: str | None) -> Deployment:
        """The deployment of a variant, served in the healthy environment or one that differs by ``changes``."""
        server = self.servers.serve(variant, **changes)
        deployments = self.edge.deployments
        known = deployments.find(server.deployment_id)
        if known:
            return replace(known, upstream=server.upstream)
        created = deployments.clock.now
        return Deployment(server.deployment_id, server.upstream, created_at=created, routes=server.routes)

    def _promote(self, deployment: Deployment) -> None:
        self.edge.deployments.promote(deployment)
