"""Which of pytest's plugins a pipeline has: those of requirements/run.txt, not those of the project's own tests."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from pathlib import Path

from packaging.utils import canonicalize_name

_LOCK = Path(__file__).parents[1] / "requirements" / "run.txt"


def without_the_plugins_of_tests() -> list[str]:
    """Options that keep pytest from loading what only `make test` needs; one of them costs half a second."""
    lines = _LOCK.read_text(encoding="utf-8")
    has = {canonicalize_name(name) for name in re.findall(r"(?m)^([\w.-]+)\S*==", lines)} | {"postdeploy"}
    return [
        option
        for plugin in entry_points(group="pytest11")
        if plugin.dist and canonicalize_name(plugin.dist.name) not in has
        for option in ("-p", f"no:{plugin.name}")
    ]
