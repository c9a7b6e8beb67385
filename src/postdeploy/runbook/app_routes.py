"""The app's routes, from what its build or its configuration says of them: the files that `logs.routes` names, as a list of routes.

A route is `/w/[slug]`; before it may stand `page` or `handler`, where the file distinguishes them, or `cron`, where it is called by the
platform. A file that is not there (a checkout without a build) stays in the list under its name, and names nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from postdeploy.model import UsageError
from postdeploy.system.files import read_start

PAGE, HANDLER, CRON = "page", "handler", "cron"
_KINDS = {"/page": PAGE, "/route": HANDLER}
_NOT_IN_A_PATH = re.compile(r"/(?:\(\w[^/]*\)|@[^/]+)(?=/|$)")
"""Groups and slots of Next's app folder: `/(app)/w`, `/@modal/w`."""
_INTERCEPTS = re.compile(r"/\(\.")
_PARAMETER = re.compile(r"^:(\w+)(\*|\+)?(?:\([^)]*\))?$")
"""As vercel.json writes it: `:slug`, `:rest*`, `:id(\\d+)`."""
_MOST_BYTES = 8 << 20
"""Of a file of routes. 20,000 routes take about 2 MB."""
_CURE = "Name .next/app-path-routes-manifest.json, .next/routes-manifest.json or vercel.json."


def with_routes(tables: dict[str, Any], runbook: Path) -> dict[str, Any]:
    """The tables of a runbook with the files of `logs.routes`, next to it, replaced by the routes in them.

    Raises:
        UsageError: a file can't be read, or names no routes.
    """
    logs = tables.get("logs")
    given = logs.get("routes") if isinstance(logs, dict) else None
    if not isinstance(logs, dict) or not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        return tables
    found = [route for one in given for route in ([one] if is_route(one) else _routes_in(runbook.parent / one, one))]
    return {**tables, "logs": {**logs, "routes": list(dict.fromkeys(found))}}


class RoutesError(Exception):
    """A file of routes that can't be read, with the reason."""


def is_route(given: str) -> bool:
    """Whether it is a route, not the name of a file."""
    kind, _, path = given.rpartition(" ")
    return path.startswith("/") and (kind in (PAGE, HANDLER, CRON) or (kind == "" and not path.endswith(".json")))


def read_routes(file: Path) -> list[str]:
    """The routes that a file names: Next's manifests, vercel.json. Empty: it is JSON, and names none.

    Raises:
        FileNotFoundError: there is no such file.
        RoutesError: it is another kind of file, too large, or not JSON.
    """
    try:
        data = read_start(file, _MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise RoutesError(f"it is larger than {_MOST_BYTES >> 20} MB")
        content = json.loads(data)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(file) from None
    except (OSError, ValueError, RecursionError) as error:
        raise RoutesError(error.strerror if isinstance(error, OSError) and error.strerror else str(error)) from None
    found = _read(content) if isinstance(content, dict) else ()
    return [route for route in found if is_route(route) and route.isprintable()]


def _routes_in(file: Path, name: str) -> list[str]:
    try:
        found = read_routes(file)
    except FileNotFoundError:
        return [name]
    except RoutesError as error:
        raise UsageError(f"logs.routes: {file} can't be read: {error}. {_CURE}") from None
    if not found and file.name != "vercel.json":
        raise UsageError(f"logs.routes: {file} names no routes. {_CURE}")
    return found


def _read(content: Mapping[str, Any]) -> Iterator[str]:
    """The routes of Next's manifests of the app folder, of its manifest of all routes, or of vercel.json."""
    for path in content:
        folder, slash, last = path.rpartition("/")
        if (kind := _KINDS.get(slash + last)) and not _INTERCEPTS.search(path):
            yield f"{kind} {_NOT_IN_A_PATH.sub('', folder) or '/'}"
    base = content.get("basePath") if isinstance(content.get("basePath"), str) else ""
    for one in (*_list(content, "staticRoutes"), *_list(content, "dynamicRoutes")):
        if isinstance(page := one.get("page"), str) and not page.startswith("/_"):
            yield f"{base}{page}" if page != "/" or not base else base
    for name in ("rewrites", "routes", "crons"):
        for one in _list(content, name):
            source = one.get("source") or one.get("path")
            if isinstance(source, str) and (route := _as_next_writes(source)):
                yield f"{CRON} {route}" if name == "crons" else route


def _list(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    given = content.get(name)
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _as_next_writes(source: str) -> str:
    """`/w/:slug/:rest*` as `/w/[slug]/[[...rest]]`; empty: it is a pattern of another kind."""
    steps = []
    for step in source.partition("?")[0].split("/")[1:]:
        found = _PARAMETER.match(step)
        if not found and re.search(r"[:(*\\]", step):
            return ""
        many = found and {"*": f"[[...{found[1]}]]", "+": f"[...{found[1]}]"}.get(found[2] or "")
        steps.append((many or f"[{found[1]}]") if found else step)
    route = "/" + "/".join(steps)
    return "" if route in ("/[[...path]]", "/[[...match]]") or not source.startswith("/") else route
