"""What kind of request a row of an export is of, by its cells: asked once for all that differ only in ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from postdeploy.analysis.remembered import Remembered
from postdeploy.analysis.request_routes import RequestRoutes
from postdeploy.analysis.signals import Route, status_of
from postdeploy.logs import cells
from postdeploy.logs.announcement import is_announcement
from postdeploy.logs.entry import function_of
from postdeploy.logs.sentinel import sentinel_in
from postdeploy.runbook.path_steps import without_build

PRODUCTION = (None, "", "production")
"""Environments whose rows count: a source that names none has only production's."""
_REMEMBERED = 20_000
"""Paths and kinds that are remembered, of each."""
_ANY_UUID = "00000000-0000-4000-8000-000000000000"
_UUID = re.compile(r"(?<=/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=/|$)")
"""A step of a path that is an id to whatever names routes."""


@dataclass(frozen=True, slots=True, eq=False)
class RequestKind:
    """What is the same for all such rows. Two of them may say the same."""

    route: Route | None
    """None: they are not read together with others."""
    is_counted: bool
    """Whether they are of production; True where `route` is not known."""
    status: int
    deployment: str


class RequestKinds:
    """The kinds of a runbook's app."""

    def __init__(self, routes: RequestRoutes) -> None:
        self._routes = routes
        self.alike = Remembered(_asked, _REMEMBERED)
        """Paths, by the cells that hold them: one for all that differ in ids, and whether they are asked for by the suite alone."""
        self.of = Remembered(self._kind, _REMEMBERED)
        """By what `alike` says of a path, and the cells of method, status, deployment, environment, function and source.

        Raises:
            UnreadableError: the status is none.
        """

    def _kind(self, cells_of_row: tuple[tuple[str, bool], tuple[Any, ...]]) -> RequestKind:
        (path, ours), (method, given_status, deployment, environment, function, source) = cells_of_row
        is_counted = ours or environment in PRODUCTION
        route = None
        if is_counted and not ours:
            route = self._routes.of(method or "", path, function_of(function, source))
        return RequestKind(route, is_counted, status_of(cells.status(given_status)), deployment or "")


def _asked(cell: str | None) -> tuple[str, bool]:
    path = cells.path(cell)
    return _UUID.sub(_ANY_UUID, without_build(path)), bool(sentinel_in(path)) or is_announcement(path)
