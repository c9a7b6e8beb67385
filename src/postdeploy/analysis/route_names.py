"""Which route a path is of: by the routes that the app's build names (`logs.routes`), and without a locale before it."""

from __future__ import annotations

import re
from typing import NamedTuple

from postdeploy.runbook.app_routes import CRON, PAGE, is_route

PARAMETER = re.compile(r"(?<=/)\[+[^/\]]*\]+")
"""A part of a route that differs from request to request: `[slug]`, `[...rest]`, `[[...rest]]`."""
_ONE, _MANY = "[", "[..."
_DEEPEST = 24
_AFTER = ("", "/", "-", "_")
"""What stands behind a language."""
_LOCALE = re.compile(
    r"/(?:[a-z]{2,3}[-_](?:[A-Z]{2}|[a-z]{2}|[A-Z][a-z]{3}|419)"
    r"|ar|bg|ca|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|it|ja|ko|lt|lv|ms|nb|nl|pl|pt|ro|ru|sk|sl|sr|sv|th|tr|uk|vi|zh)(?=/|$)"
)


class NamedRoute(NamedTuple):
    """A route of the app."""

    path: str
    """`/w/[slug]`."""
    kind: str
    """`page`, `handler`, or empty: the path decides."""


class RouteNames:
    """The routes of an app as a tree, so that a path is found step by step, however many there are."""

    def __init__(self, routes: tuple[str, ...]) -> None:
        """`routes`: as `logs.routes` lists them; what is not a route is the name of a file that is not there."""
        self._tree: dict[str, object] = {}
        for one in filter(is_route, routes):
            kind, _, path = one.rpartition(" ")
            self._add(NamedRoute(path, "" if kind == CRON else kind))

    def find(self, path: str) -> NamedRoute | None:
        """The route that serves this path: a fixed step before a parameter, a parameter before a rest."""
        if not self._tree:
            return None
        steps = [step for step in path.split("/") if step]
        return _found(self._tree, steps, 0) if len(steps) <= _DEEPEST else None

    def _add(self, route: NamedRoute) -> None:
        here: dict[str, object] = self._tree
        for step in (each for each in route.path.split("/") if each):
            if step.startswith(("[...", "[[...")):
                if step.startswith("[["):
                    here.setdefault("", route)
                here.setdefault(_MANY, route)
                return
            here = here.setdefault(_ONE if step.startswith("[") else step, {})  # type: ignore[assignment]
        known = here.get("")
        if not (isinstance(known, NamedRoute) and (known.kind == PAGE or (known.kind and not route.kind))):
            here[""] = route


def without_locale(path: str) -> str:
    """`/de/inbox` and `/en-US/inbox` as `/inbox`."""
    found = _LOCALE.match(path) if path[3:4] in _AFTER or path[4:5] in _AFTER else None
    return path[found.end() :] or "/" if found else path


def _found(tree: dict[str, object], steps: list[str], at: int) -> NamedRoute | None:
    if at == len(steps):
        end = tree.get("")
        return end if isinstance(end, NamedRoute) else None
    for name in (steps[at], _ONE):
        below = tree.get(name)
        if isinstance(below, dict) and (found := _found(below, steps, at + 1)):
            return found
    rest = tree.get(_MANY)
    return rest if isinstance(rest, NamedRoute) else None
