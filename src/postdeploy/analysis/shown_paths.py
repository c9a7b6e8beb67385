"""What is shown of a path: steps that apps and plain English use, and those that the runbook names. Others may name people.

Requests are counted and errors distinguished by the whole path.
"""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import SHORTEST, is_ordinary
from postdeploy.runbook.path_steps import is_of_apps
from postdeploy.runbook.tables import Runbook

_WORDS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TEXT = "‹text›"
_IDS = (":id", ";:id")


class ShownPaths:
    """Of a runbook's app."""

    def __init__(self, runbook: Runbook) -> None:
        app = runbook.app
        paths = (app.login_path, app.inbox_path, app.list_path, *app.reads, app.asset_prefix, app.database_route)
        routes = (route.rpartition(" ")[2] for route in runbook.logs.routes)
        self._steps = frozenset(step for path in (*paths, *routes) for step in path.partition("?")[0].split("/"))

    def __getitem__(self, path: str) -> str:
        """`/meet/anna/30min` as `/meet/‹text›/30min`."""
        return "/".join(step if step in self._steps or _is_shown(step) else _TEXT for step in path.split("/"))


def _is_shown(step: str) -> bool:
    for mark in _IDS:
        step = step.replace(mark, "")
    words = [word for part in _WORDS.findall(step) for word in _HUMP.split(part) if len(word) >= SHORTEST]
    return all(is_of_apps(word.lower()) or is_ordinary(word) for word in words)
