"""Pytest reads another configuration than that of our project: it has found another project, or another file in this one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest


def refuse_ours(folder: Path, root: Path, key: str) -> None:
    """Say what is wrong where the run was started in a project of ours, and pytest has found another one. `key`: what makes it ours.

    Pytest takes the value of an option that it does not know yet for a test's path, and looks for the project there.

    Raises:
        pytest.UsageError: it has.
    """
    if _says_ours(folder, key):
        raise pytest.UsageError(
            f"smoke: no checks below {root}. Run pytest in the project's folder, "
            "and write files with an equals sign: --runbook=FILE"
        )


def refuse_another_file(config: pytest.Config, key: str) -> None:
    """Say what is wrong where a file such as pytest.ini hides that pyproject.toml makes the project ours. An earlier verdict is set aside.

    Raises:
        pytest.UsageError: it does, and the run is asked to verify.
    """
    if not _says_ours(config.rootpath, key):
        return
    from postdeploy.plugin.selection import marks_in

    marks = marks_in(config.known_args_namespace.markexpr)
    if not marks:
        return
    from postdeploy.plugin.claim import set_aside

    set_aside(config, marks)
    raise pytest.UsageError(
        f"smoke: pytest reads {config.inipath}, so `{key} = true` in pyproject.toml has no effect and nothing would be "
        f"verified. Remove that file, or add `{key} = true` to its [pytest] section."
    )


def _says_ours(folder: Path, key: str) -> bool:
    try:
        tool: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
        return bool(tool["pytest"]["ini_options"][key])
    except (OSError, ValueError, KeyError, TypeError):
        return False
