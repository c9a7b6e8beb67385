"""The app's routes where no runbook names them: what `next build` wrote, and vercel.json, if they lie in the folder of a runbook.

These files may be anything: another tool's, of any size, half written. One that can't be read is named with the reason, and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from postdeploy.runbook.app_routes import RoutesError, read_routes
from postdeploy.system.files import read_start

MOST_ROUTES = 20_000
_MANIFESTS = ("app-path-routes-manifest.json", "routes-manifest.json")
_BUILD, _STANDALONE = ".next", "standalone/.next"
"""With `output: "standalone"` a build may be all that is there of the app."""
_CONFIGS = tuple(f"next.config.{suffix}" for suffix in ("ts", "js", "mjs", "cjs", "mts"))
_MOST_OF_A_CONFIG = 65_536
_OTHER_BUILD = re.compile(r"""\bdistDir["']?\s{0,9}:\s{0,9}["'`]([\w./-]{1,200})["'`]""")


class FoundRoutes(NamedTuple):
    """What a folder says of its app's routes."""

    routes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Those that name them, as paths in the folder."""
    notes: tuple[str, ...] = ()
    """What was left out, as sentences."""


def found_in(folder: Path) -> FoundRoutes:
    """The routes that the files of this folder name; at most `MOST_ROUTES`."""
    routes: dict[str, None] = {}
    files, notes = [], []
    for name in dict.fromkeys(_candidates(folder)):
        try:
            read = read_routes(folder / name)
        except FileNotFoundError:
            continue
        except RoutesError as error:
            notes.append(f"{name} is not used for the app's routes: {error}")
            continue
        if any(route not in routes for route in read):
            files.append(name)
        routes |= dict.fromkeys(read)
    if len(routes) > MOST_ROUTES:
        notes.append(f"of the app's {len(routes)} routes the first {MOST_ROUTES} are used")
    return FoundRoutes(tuple(routes)[:MOST_ROUTES], tuple(files), tuple(notes))


def _candidates(folder: Path) -> Iterator[str]:
    for build in (*_other_builds(folder), _BUILD):
        for within in (build, f"{build}/{_STANDALONE}"):
            yield from (f"{within}/{name}" for name in _MANIFESTS)
    yield "vercel.json"


def _other_builds(folder: Path) -> Iterator[str]:
    """Where next.config says that a build stands, if that is within the folder."""
    for name in _CONFIGS:
        try:
            text = read_start(folder / name, _MOST_OF_A_CONFIG).decode("utf-8", "replace")
        except OSError:
            continue
        for found in _OTHER_BUILD.finditer(text):
            if not found[1].startswith("/") and ".." not in found[1].split("/"):
                yield found[1].removeprefix("./").rstrip("/")
