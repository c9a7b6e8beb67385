"""All parts of a sandbox, put together in the order they need each other."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sandbox import builds, environment, processes, vendor
from sandbox.auth import AuthService, Keys, User
from sandbox.builds import BuildSettings
from sandbox.clock import Clock
from sandbox.database import ADMIN_USER, SMOKE_USER, Database
from sandbox.deployments import Deployments
from sandbox.edge import Edge
from sandbox.gateway import Gateway
from sandbox.impostor import Impostor
from sandbox.logs.capture import Capture
from sandbox.logs.logs import Logs
from sandbox.platform import Account, Platform, Project, Team
from sandbox.progress import timed
from sandbox.servers import Servers
from sandbox.serving import Loop, Site
from sandbox.state import KEYS
from sandbox.switches import Switches
from sandbox.variables import Variables
from sandbox.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiohttp import web

    from sandbox.state import Settings

SMOKE_EMAIL = "smoke@example.test"
ADMIN_EMAIL = "admin@example.test"
FOUNDED = 1_767_225_600_000
"""When team and project were made, in milliseconds."""
TEAM = Team("team_Pd7mKq2sVxB4wZc9TtYh1LrN", "acme", "Acme", FOUNDED, "JqN3vXb8RtLw2ZsKdYc5HmPf")
PROJECT = Project("prj_W4nTz8QkLx2BvYs6RmCd9HjPtGf1", "inbox", TEAM, FOUNDED)


@dataclass(frozen=True)
class Services:
    """The running parts, and what others need to know of them."""

    loop: Loop
    switches: Switches
    platform_url: str
    project: Project
    platform: Platform
    impostor_port: int

    @property
    def url(self) -> str:
        """The production domain, for a browser."""
        return f"http://{self.switches.edge.deployments.domain}"


@contextlib.contextmanager
def started(settings: Settings, progress: Callable[[str], None]) -> Iterator[Services]:
    """Start everything, and stop it again in reverse order."""
    with contextlib.ExitStack() as stack:
        loop = Loop()
        stack.callback(loop.close)

        def serve(application: web.Application, port: int = 0) -> Site:
            site = loop.run(Site.serve(application, port))
            stack.callback(lambda: loop.run(site.close()))
            return site

        keys = Keys.load(KEYS)
        auth_url = _auth_url(settings)
        auth = AuthService(
            auth_url,
            keys,
            [User(SMOKE_USER, SMOKE_EMAIL, settings.password), User(ADMIN_USER, ADMIN_EMAIL, settings.admin_password)],
        )
        serve(auth.application(), settings.auth_port)

        deployments = Deployments(settings.edge_port, Clock(), PROJECT.id)
        logs = Logs(deployments.clock)
        edge = Edge(deployments, logs)
        serve(edge.application(), settings.edge_port)

        vendor_site = serve(vendor.application())
        account = Account(TEAM.creator, "smoke", SMOKE_EMAIL, settings.platform_token, TEAM.id)
        platform = Platform(account, PROJECT, deployments, logs)
        platform_site = serve(platform.application())

        url = f"http://{deployments.domain}"
        build_settings = _build_settings(auth_url, keys, deployments)
        with timed(progress, "Node modules installed"):
            builds.install(progress)
            builds.discard()
        with _side_by_side() as pool:
            starting = pool.submit(_start_database, progress)
            with timed(progress, "app built"):
                builds.build("good", build_settings, progress)
            database = starting.result()
        stack.callback(database.stop)

        gateway = loop.run(_gateway(database.url))
        stack.callback(lambda: loop.run(gateway.close()))
        impostor = Impostor()
        loop.run(impostor.start())
        stack.callback(lambda: loop.run(impostor.close()))
        capture = Capture(logs.ledger, deployments)
        loop.run(capture.start())
        stack.callback(lambda: loop.run(capture.close()))
        variables = environment.production(settings, build_settings, database.url, gateway.port)
        kept = Variables(platform.environment, variables, FOUNDED)
        servers = Servers(build_settings, environment.at_run_time(variables) | capture.environment(), progress)
        stack.callback(servers.stop)
        visitor = Visitor(url, auth_url, keys, SMOKE_EMAIL, settings.password)
        stack.callback(visitor.close)

        switches = Switches(
            loop, settings, SMOKE_EMAIL, auth, gateway, edge, servers, database, visitor, logs, kept, platform
        )
        switches.vendor_url = f"http://chat.localhost:{vendor_site.port}"
        with timed(progress, "app serves the inbox"):
            switches.restore()
        yield Services(loop, switches, f"http://localhost:{platform_site.port}", PROJECT, platform, impostor.port)


def prepare(settings: Settings, progress: Callable[[str], None]) -> None:
    """Install and build what `started` needs, without starting anything."""
    deployments = Deployments(settings.edge_port, Clock(), PROJECT.id)
    with timed(progress, "app built"):
        builds.build("good", _build_settings(_auth_url(settings), Keys.load(KEYS), deployments), progress)


def _auth_url(settings: Settings) -> str:
    return f"http://localhost:{settings.auth_port}"


def _build_settings(auth_url: str, keys: Keys, deployments: Deployments) -> BuildSettings:
    url, origins = f"http://{deployments.domain}", ",".join(deployments.domains)
    return BuildSettings(auth_url, keys.anon_key, url, origins, keys.service_key)


def _start_database(progress: Callable[[str], None]) -> Database:
    with timed(progress, "database started and filled"):
        return Database.start(progress)


@contextlib.contextmanager
def _side_by_side() -> Iterator[ThreadPoolExecutor]:
    """Threads for steps that do not need each other; if one fails or we are interrupted, none goes on for long."""
    with ThreadPoolExecutor() as pool:
        try:
            yield pool
        except BaseException:
            processes.stop_all()
            raise


async def _gateway(database_url: str) -> Gateway:
    address = urlsplit(database_url)
    gateway = Gateway(address.hostname or "127.0.0.1", address.port or 5432)
    await gateway.start()
    return gateway
