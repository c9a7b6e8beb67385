"""Pytest takes the value of an option that it does not know yet for a test's path, and looks for the project there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest


def refuse_ours(folder: Path, root: Path, key: str) -> None:
    """Say what is wrong where the run was started in a project of ours, and pytest has found another one. `key`: what makes it ours.

    Raises:
        pytest.UsageError: it has.
    """
    try:
        tools = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
        ours = tools["pytest"]["ini_options"][key]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if ours:
        raise pytest.UsageError(
            f"smoke: no checks below {root}. Run pytest in the project's folder, "
            "and write files with an equals sign: --runbook=FILE"
        )
