"""The functions of a deployment: one ``next start`` for each build and environment, started on demand and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox import builds, processes
from sandbox.routes import Routes
from sandbox.serving import free_port
from sandbox.state import SHAPE, faults_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sandbox.builds import Build, BuildSettings, Variant

READY = r"Ready in"
TIMEOUT = 60.0


Changes = Mapping[str, str | None]
"""How an environment differs from the healthy one; None: unset."""


@dataclass(frozen=True)
class Server:
    """A server that is up."""

    build: Build
    changes: Changes
    upstream: str
    routes: Routes
    child: processes.Child


class Servers:
    """All servers of a sandbox."""

    def __init__(self, settings: BuildSettings, environment: dict[str, str], progress: Callable[[str], None]) -> None:
        self.settings = settings
        self._environment = environment
        self._progress = progress
        self._servers: dict[tuple[str, frozenset[tuple[str, str | None]]], Server] = {}
        self._copies = 0

    def build(self, variant: Variant) -> Build:
        """The build of a variant that is made once and kept."""
        return builds.build(variant, self.settings, self._progress)

    def build_anew(self, variant: Variant) -> Build:
        """A build of its own for another deployment of a variant."""
        self._copies += 1
        return builds.again(self.build(variant), self._copies)

    def serve(self, build: Build, changes: Changes) -> Server:
        """A server of this build whose environment differs from the healthy one's."""
        key = (build.deployment_id, frozenset(changes.items()))
        server = self._servers.get(key)
        if server is None or not server.child.running:
            server = self._servers[key] = self._start(build, changes)
        return server

    def forget(self, deployment_ids: Collection[str]) -> None:
        """Stop what serves these deployments, and remove what was built for them alone."""
        for key in [key for key in self._servers if key[0] in deployment_ids]:
            server = self._servers.pop(key)
            server.child.stop()
            builds.discard(server.build)

    def stop(self) -> None:
        """Stop them all."""
        for server in self._servers.values():
            server.child.stop()
        self._servers.clear()
        builds.discard()

    def _start(self, build: Build, changes: Changes) -> Server:
        port = free_port()
        switches = {"SANDBOX_FAULTS_FILE": str(faults_file(build.deployment_id)), "SANDBOX_SHAPE_FILE": str(SHAPE)}
        variables = {
            name: value for name, value in (self._environment | switches | dict(changes)).items() if value is not None
        }
        label = "-".join([build.directory.name, *(name.lower() for name in changes)])
        child = processes.start(
            f"next start ({label})",
            builds.serve_command(build, port),
            log=builds.STATE / "logs" / f"{label}.log",
            cwd=build.directory,
            environment=builds.serve_environment(build, **variables),
            ready=READY,
        )
        child.wait_until_ready(TIMEOUT)
        return Server(build, changes, f"http://127.0.0.1:{port}", Routes.read(build.dist_dir), child)
