"""The functions of a deployment: one ``next start`` for each build and environment, started on demand and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox import builds, processes
from sandbox.routes import Routes
from sandbox.serving import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.builds import BuildSettings, Variant

READY = r"Ready in"
TIMEOUT = 60.0


@dataclass(frozen=True)
class Server:
    """A server that is up."""

    deployment_id: str
    upstream: str
    routes: Routes
    child: processes.Child


class Servers:
    """All servers of a sandbox."""

    def __init__(self, settings: BuildSettings, environment: dict[str, str], progress: Callable[[str], None]) -> None:
        self.settings = settings
        self._environment = environment
        self._progress = progress
        self._servers: dict[tuple[Variant, frozenset[tuple[str, str | None]]], Server] = {}

    def serve(self, variant: Variant, **changes: str | None) -> Server:
        """A server of this variant whose environment differs by ``changes`` (None: unset) from the healthy one's."""
        key = (variant, frozenset(changes.items()))
        server = self._servers.get(key)
        if server is None or not server.child.running:
            server = self._servers[key] = self._start(variant, changes)
        return server

    def stop(self) -> None:
        """Stop them all."""
        for server in self._servers.values():
            server.child.stop()
        self._servers.clear()

    def _start(self, variant: Variant, changes: dict[str, str | None]) -> Server:
        build = builds.build(variant, self.settings, self._progress)
        port = free_port()
        variables = {name: value for name, value in (self._environment | changes).items() if value is not None}
        label = "-".join([variant, *(name.lower() for name in changes)])
        child = processes.start(
            f"next start ({label})",
            builds.serve_command(build, port),
            log=builds.STATE / "logs" / f"{label}.log",
            cwd=build.directory,
            environment=builds.serve_environment(build, **variables),
            ready=READY,
        )
        child.wait_until_ready(TIMEOUT)
        return Server(build.deployment_id, f"http://127.0.0.1:{port}", Routes.read(build.dist_dir), child)
