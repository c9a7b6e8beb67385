"""Which route a request is of, by method, path and the function that answered: the same for the same kind of request.

A path is looked at once, however many methods and functions answer it, and a route is made once for all paths that differ in ids:
in a big log nearly every path has one.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeVar

from postdeploy.analysis.pattern_sets import one_of
from postdeploy.analysis.route_names import PARAMETER, NamedRoute, RouteNames, without_locale
from postdeploy.analysis.shown_paths import ShownPaths
from postdeploy.analysis.signals import Part, Route
from postdeploy.logs.entry import label
from postdeploy.page.journal import path_template
from postdeploy.runbook.app_routes import HANDLER
from postdeploy.runbook.path_steps import BUILD, without_build
from postdeploy.runbook.tables import Runbook

Key = TypeVar("Key")
Value = TypeVar("Value")
_BUILD = len(BUILD)
_FLIGHT, _ROOT = ".rsc", "/index"
"""How the path of a page ends when its data alone is asked for; that of `/` is `/index.rsc`."""
_SLASHES = re.compile(r"/{2,}")
_ASKS = ("GET", "HEAD", "POST", "")
"""Methods by which the app's pages ask: pages are loaded, and the inbox is read; by POST actions are called. Empty: it is not known."""
_REMEMBERED = 20_000
"""Paths, requests and routes that are remembered, of each."""


class _PathKind(NamedTuple):
    """What of a path its route depends on."""

    template: str
    """The path without ids."""
    bare: str
    """The same without its locale."""
    is_read: bool
    """Whether the inbox reads from it."""


class _Unanswered(NamedTuple):
    """What else a route depends on where no function is named."""

    found: NamedRoute | None
    part: Part
    """By the path alone; PAGE may be a Server Action."""


class RequestRoutes:
    """The routes of a runbook's app."""

    def __init__(self, runbook: Runbook) -> None:
        self._reads, self._below_reads = runbook.app.reads, tuple(read + "/" for read in runbook.app.reads)
        self._assets, self._not_pages = _any_of(runbook.logs.assets), _any_of(runbook.logs.not_pages)
        self._names = RouteNames(runbook.logs.routes)
        self._shown = ShownPaths(runbook)
        self._requests: dict[tuple[str, str, str], Route] = {}
        self._paths: dict[str, _PathKind] = {}
        self._routes: dict[tuple[str, str, _PathKind, _Unanswered | None], Route] = {}

    def of(self, method: str, path: str, function: str = "") -> Route:
        """What kind of request it is. `function`: the route of the one that answered, if the row names it."""
        request = (method, path, function)
        found = self._requests.get(request)
        if found is None:
            if path[:_BUILD] == BUILD:
                path = without_build(path)
            elif path[-1:] == "/" or path[-4:] == _FLIGHT or "//" in path:
                path = _of_page(path)
            kind = self._paths.get(path)
            if kind is None:
                kind = _remember(self._paths, path, self._kind(path))
            key = (method, function, kind, None if function else self._unanswered(path))
            found = self._routes.get(key)
            if found is None:
                found = _remember(self._routes, key, self._route(*key))
            _remember(self._requests, request, found)
        return found

    def _kind(self, path: str) -> _PathKind:
        bare, template = without_locale(path), path_template(path)
        is_read = bare in self._reads or bare.startswith(self._below_reads)
        return _PathKind(template, template if bare is path else path_template(bare), is_read)

    def _unanswered(self, path: str) -> _Unanswered:
        bare = without_locale(path)
        found = self._names.find(path) or self._names.find(bare)
        return _Unanswered(found, self._part(found.path if found else bare))

    def _route(self, method: str, function: str, kind: _PathKind, unanswered: _Unanswered | None) -> Route:
        found = unanswered.found if unanswered else None
        name = function or (found.path if found else "")
        page = Part.ACTION if method == "POST" else Part.PAGE if method in _ASKS else Part.ROUTE
        if kind.is_read:
            part = Part.INBOX if method in _ASKS else Part.ROUTE
        elif found and found.kind:
            part = Part.ROUTE if found.kind == HANDLER else page
        else:
            part = unanswered.part if unanswered else self._part(function)
            part = page if part is Part.PAGE else part
        by_path = label(f"{method} {kind.template}")
        template = label(f"{method} {PARAMETER.sub(':id', name) if '[' in name else kind.bare}")
        is_named = "[" in name or name == kind.bare
        shown = template if is_named else label(f"{method} {self._shown[kind.bare]}")
        return Route(part, template, bool(name), by_path if by_path != template else "", shown)

    def _part(self, asked: str) -> Part:
        """`asked`: the function or route that answers, else the path.

        A rewrite leads from a path that looks like a page to an API, and a page may be named like a file.
        """
        if self._assets.search(asked):
            return Part.ASSET
        return Part.ROUTE if not asked or self._not_pages.search(asked) else Part.PAGE


def is_sign_in(runbook: Runbook, route: str) -> bool:
    """Whether people sign in by it. `route`: method and path without ids."""
    of_the_app = route == f"POST {path_template(runbook.app.login_path)}"
    return of_the_app or bool(one_of(runbook.logs.sign_ins).search(route))


def _of_page(path: str) -> str:
    """`/leads/`, `//leads` and `/leads.rsc` as `/leads`: other names of one page."""
    path = _SLASHES.sub("/", path)
    if path.endswith(_FLIGHT):
        path = path.removesuffix(_FLIGHT).removesuffix(_ROOT)
    return path.rstrip("/") or "/"


def _remember(values: dict[Key, Value], key: Key, value: Value) -> Value:
    if len(values) >= _REMEMBERED:
        values.clear()
    values[key] = value
    return value


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns) or r"(?!)")
