"""The platform without an app behind it: its API is served, and its logs hold what a test puts there.

Starts in milliseconds, so hundreds of disturbed runs can be had where the whole sandbox would serve a few.

with platform_alone() as platform:
    platform.logs.faults = chaos(seed=7, start=platform.clock.milliseconds)
    platform.happened("/", status=500, message="Error: boom")
    read_all_logs(**platform.environment())
    assert … == platform.logs.truth
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.clock import Clock
from sandbox.deployments import Deployment, Deployments
from sandbox.logs import Answer, Line, Logs, Origin, Request, invocation
from sandbox.platform import Account, Platform, Project, Team
from sandbox.platform.exports import export
from sandbox.serving import Loop, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.logs import Row
    from sandbox.platform.exports import Format

PORT = 3000
"""The domain's port. No process listens there."""
NOWHERE = "http://127.0.0.1:1"
TOKEN = "a_token_of_word_characters"  # noqa: S105 - not a real platform's
FOUNDED = 1_767_225_600_000
TEAM = Team("team_alone", "acme", "Acme", FOUNDED, "user_alone")
PROJECT = Project("prj_alone", "inbox", TEAM, FOUNDED)


@dataclass
class PlatformAlone:
    """A platform that is being served: production is ``dpl_new``, and before that it was ``dpl_old``."""

    url: str
    logs: Logs
    deployments: Deployments
    platform: Platform
    """Its state, how it acts (`acts`), and the writes it received (`writes`)."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def clock(self) -> Clock:
        """The platform's clock."""
        return self.logs.clock

    def environment(self) -> dict[str, str]:
        """What a run needs to ask the platform."""
        return {
            "VERCEL_API_URL": self.url,
            "VERCEL_TOKEN": TOKEN,
            "VERCEL_TEAM_ID": TEAM.id,
            "VERCEL_PROJECT_ID": PROJECT.id,
        }

    def happened(  # noqa: PLR0913 - what may be different about a request
        self,
        path: str = "/",
        *lines: Line,
        status: int | None = 200,
        message: str = "",
        method: str = "POST",
        ago: float = 0.0,
        query: str = "",
        user_agent: str = "Mozilla/5.0",
        deployment: str = "dpl_new",
    ) -> list[Row]:
        """Let a request have happened ``ago`` seconds ago, with any lines, or one error line; returns its rows.

        The rows' ids follow from the number of the request, so the same test meets the same troubles.
        """
        number, at = next(self._numbers), self.clock.milliseconds - int(ago * 1000)
        known = self.deployments.find(deployment)
        origin = Origin(deployment, self.deployments.host(known) if known else "")
        id_ = f"iad1::iad1::alone-{at}-{number:012x}"
        request = Request(id_, origin, self.deployments.domain, path, at, method, query, user_agent, path)
        written = [*lines, *([Line(message)] if message else [])]
        rows = invocation(request, Answer(status, middleware=not path.startswith("/api/")), written)
        self.logs.store.add(*rows)
        return rows

    def export_logs(self, kind: Format) -> bytes:
        """The logs as a file."""
        return export(self.logs, PROJECT, kind)


@contextlib.contextmanager
def platform_alone(clock: Clock | None = None, port: int = PORT) -> Iterator[PlatformAlone]:
    """Serve a platform with two deployments and empty logs; its production domain is ``localhost:<port>``."""
    logs = Logs(clock or Clock())
    deployments = Deployments(port, logs.clock, PROJECT.id)
    for id_ in ("dpl_old", "dpl_new"):
        label = id_.replace("dpl_", "inbox-")
        deployments.promote(Deployment(id_, NOWHERE, label, logs.clock.now))
    account = Account(TEAM.creator, "ada", "ada@example.test", TOKEN, TEAM.id)
    loop = Loop()
    try:
        platform = Platform(account, PROJECT, deployments, logs)
        site = loop.run(Site.serve(platform.application()))
        try:
            yield PlatformAlone(f"http://localhost:{site.port}", logs, deployments, platform)
        finally:
            loop.run(site.close())
    finally:
        loop.close()
