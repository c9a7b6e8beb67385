"""Plans of runs that never begin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from postdeploy.run.options import Options
from postdeploy.run.plan import Plan, resolve

URL = "https://app.example.com"
NOTHING: Mapping[str, str] = {}


def planned(root: Path, *marks: str, environ: Mapping[str, str] = NOTHING, **options: Any) -> Plan:
    """The plan of `pytest -m …` in this folder; without a mark: of `-m smoke`."""
    marks = marks or ("smoke",)
    asked: dict[str, Any] = {"base_url": URL, "root": root, "folder": root} | options
    return resolve(Options(expression=" or ".join(marks), marks=frozenset(marks), **asked), environ)
