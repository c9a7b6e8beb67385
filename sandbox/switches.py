"""What can be switched on a running sandbox, and how everything is put back.

Each method returns when the state holds: the next request meets it.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from sandbox.auth import LIFETIME, Condition
from sandbox.database import WORKSPACES
from sandbox.deployments import Commit, Deployment
from sandbox.edge import InboxServed, WorkspaceSwitched, tags
from sandbox.edge.barriers import ChallengeForProbes, Corrupt, WallBeforeCrons
from sandbox.edge.protection import Protection
from sandbox.gateway import Open, Silent
from sandbox.logs import LogFaults, Logs, Plan
from sandbox.shapes import Shape
from sandbox.state import FAULTS, SHAPE, faults_file, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sandbox.auth import AuthService
    from sandbox.builds import Variant
    from sandbox.database import Database
    from sandbox.edge import Edge
    from sandbox.gateway import Gateway, State
    from sandbox.platform import Platform
    from sandbox.servers import Changes, Server, Servers
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
    platform: Platform
    app_faults: dict[str, set[str]] = field(default_factory=dict)
    """What is wrong with the code of each deployment."""
    made: dict[str, Server] = field(default_factory=dict)
    """What serves each deployment."""
    added: set[str] = field(default_factory=set)
    """The deployments that are there until everything is put back."""
    rewritten: bool = False
    vendor_url: str = ""
    """Where the third party's scripts come from."""
    shape: Shape = field(default_factory=Shape)
    """What a healthy app is like."""

    @property
    def live(self) -> Deployment:
        """The deployment that serves the production domain: faults of code and of its environment are its own."""
        production = self.edge.deployments.production
        if production is None:
            raise ValueError("sandbox: nothing has been deployed yet")
        return production

    def app(self, fault: str) -> None:
        """Make the code of the live deployment do something wrong, from the next request on."""
        self.break_app(self.live.id, fault)

    def break_app(self, deployment_id: str, *faults: str) -> None:
        """Make the code of one deployment do something wrong."""
        known = self.app_faults.setdefault(deployment_id, set())
        known.update(faults)
        write(faults_file(deployment_id), {"faults": sorted(known)})

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
        """Serve the live deployment with another environment; None unsets a variable."""
        live = self.live
        before = self.made[live.id]
        server = self.servers.serve(before.build, {**before.changes, **changes})
        self.made[live.id] = server
        self._promote(replace(live, upstream=server.upstream))

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

    def stage(self, variant: Variant) -> str:
        """Have a deployment built that serves only its own host, until it is promoted by `build`; returns its id."""
        deployment = self.deployment(variant)
        self.edge.deployments.add(deployment)
        return deployment.id

    def deploy(self, variant: Variant, faults: Iterable[str], changes: Changes, *, staged: bool) -> Deployment:
        """What a push does: a new deployment, with an environment and with mistakes in its code of its own.

        It is live at once if the project assigns its domains automatically. All others go on as they are.
        """
        created = self.edge.deployments.clock.now
        server = self.servers.serve(self.servers.build_anew(variant), changes)
        deployment = self._deployment(server, created)
        self.added.add(deployment.id)
        if named := sorted(faults):
            self.break_app(deployment.id, *named)
        if staged:
            self.edge.deployments.add(deployment)
        else:
            self.edge.deployments.deploy(deployment)
        return deployment

    def promote(self, deployment_id: str) -> None:
        """Let a deployment serve the production domain, as a person in the dashboard would."""
        deployment = self._known(deployment_id)
        self.edge.deployments.auto_assign = True
        self._promote(deployment)

    def change_variables(self, *names: str) -> None:
        """Variables of Production were changed just now, on the platform's clock."""
        for name in names:
            self.variables.environment.touch(name, self.edge.deployments.clock.milliseconds)

    def roll(self, deployment_id: str) -> None:
        """Begin a rolling release."""
        self.edge.deployments.roll(self._known(deployment_id))

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
        """Give the smoke user an unknown password."""
        self.auth_service.user(self.email).change_password(secrets.token_urlsafe())

    def protect(self) -> None:
        """Put up the wall."""
        self.edge.protection = Protection(self.settings.bypass_secret)

    def protect_own_hosts(self) -> None:
        """Put up the wall before every deployment's own host; the production domains stay open."""
        self.edge.protection = Protection(self.settings.bypass_secret, self.edge.deployments.domains)

    def challenge(self) -> None:
        """Take every visitor for a bot."""
        self.edge.challenges = True

    def wall_before_crons(self) -> None:
        """Put up the wall before the cron routes."""
        self.edge.barrier = WallBeforeCrons(self.settings.bypass_secret)

    def challenge_probes(self) -> None:
        """Take every client of crons, webhooks or admin routes for a bot."""
        self.edge.barrier = ChallengeForProbes()

    def lose_chunk(self) -> None:
        """Lose one script of the live deployment that only the dashboard needs."""
        self.edge.missing = {self.live.id: frozenset(self.visitor.dashboard_chunks()[:1])}

    def corrupt_chunk(self, how: Literal["page", "cut-off", "type", "encoding"]) -> None:
        """Serve something else than one script that only the dashboard needs."""
        self.edge.barrier = Corrupt(frozenset(self.visitor.dashboard_chunks()[:1]), how)

    def tag(self, name: str) -> None:
        """Put a snippet at the end of every page of the live deployment."""
        live = self.live.id
        self.edge.tags[live] = self.edge.tags.get(live, b"") + tags.snippet(name)

    def write_into_the_database(self, script: str) -> None:
        """Change what people are called or write; put back by filling the database anew."""
        self.store.change(script)
        self.rewritten = True

    def further_workspaces(self, count: int) -> None:
        """Let the smoke user see so many more, each with three people."""
        self.memberships([*WORKSPACES, *self.store.add_workspaces(count)])
        self.rewritten = True

    def become(self, shape: Shape) -> None:
        """Be another app, or one with other oddities, and healthy; `restore` leaves it so."""
        self.rewritten = self.rewritten or shape.script != self.shape.script
        self.shape = shape
        self.restore()

    def restore(self) -> None:
        """Put everything back, except what has happened: rows stay in the logs, and the platform's clock goes on.

        What was deployed meanwhile is gone, as if it had never been: only one deployment of each variant is kept.
        """
        write(SHAPE, {"app": self.shape.app, "oddities": sorted(self.shape.oddities), "vendor": self.vendor_url})
        self.visitor.places = self.shape.places
        self.edge.latency = self.shape.latency
        self.logs.faults = LogFaults()
        self.logs.plan = Plan()
        self.app_faults.clear()
        shutil.rmtree(FAULTS, ignore_errors=True)
        self.platform.restore()
        self.edge.watch = None
        self.edge.protection = None
        self.edge.challenges = False
        self.edge.barrier = None
        self.edge.slowness = None
        self.edge.policy = ""
        self.variables.restore()
        self.edge.missing = {}
        self.edge.tags = {}
        self.auth(Condition.HEALTHY)
        self.auth_service.lifetime = LIFETIME
        self.auth_service.user(self.email).change_password(self.settings.password)
        self.database(Open())
        if self.rewritten:
            self.store.reset()
            self.store.change(self.shape.script)
            self.rewritten = False
        self.store.set_memberships(WORKSPACES)
        self.edge.deployments.restore(self.added)
        self.build("good")
        self.servers.forget(self.added)
        self.added.clear()
        self.visitor.wait_for_inbox(SERVED_WITHIN)

    def deployment(self, variant: Variant) -> Deployment:
        """The deployment of a variant that is made once and kept, served in the healthy environment."""
        server = self.servers.serve(self.servers.build(variant), {})
        deployments = self.edge.deployments
        known = deployments.find(server.build.deployment_id)
        if known:
            self.made[known.id] = server
            return replace(known, upstream=server.upstream, state="READY", deleted="")
        return self._deployment(server, deployments.clock.now)

    def _deployment(self, server: Server, created: datetime) -> Deployment:
        id_ = server.build.deployment_id
        self.made[id_] = server
        commit = Commit(hashlib.sha256(id_.encode()).hexdigest()[:40], message=f"Build {server.build.directory.name}")
        return Deployment(id_, server.upstream, created_at=created, routes=server.routes, commit=commit)

    def _known(self, deployment_id: str) -> Deployment:
        deployment = self.edge.deployments.find(deployment_id)
        if deployment is None:
            raise ValueError(f"sandbox: unknown deployment {deployment_id}")
        return deployment

    def _promote(self, deployment: Deployment) -> None:
        self.edge.deployments.promote(deployment)
