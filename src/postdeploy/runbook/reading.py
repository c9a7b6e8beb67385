"""runbook.toml → values: the packaged defaults, overlaid table by table. Every error names file, key and cure."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from postdeploy.model import UsageError
from postdeploy.runbook.tables import SCHEMA, Runbook, Workspace
from postdeploy.runbook.validation import _check_amounts, _check_log_tables, _check_patterns, _readable, _unknown_keys


def builtin_path() -> Path:
    """The runbook that comes with the project: in a checkout the one at its root, else the packaged copy."""
    checkout = Path(__file__).parents[3] / "runbook.toml"
    if checkout.is_file():
        return checkout
    return Path(str(resources.files("postdeploy") / "runbook.toml"))


def read_runbook(path: Path | None = None) -> Runbook:
    """The built-in runbook, overlaid by `path` table by table.

    Raises:
        UsageError: a file is missing or malformed, a key is unknown or of the wrong type.
    """
    builtin = builtin_path()
    tables = _tables(builtin)
    source = builtin
    if path is not None and path.resolve() != builtin.resolve():
        overlay = _tables(path)
        if "schema" not in overlay:
            raise UsageError(f"{path}: the key schema is missing. Add as first line: schema = {SCHEMA}")
        tables = _overlaid(tables, overlay)
        source = path
    if tables.get("schema") != SCHEMA:
        raise UsageError(
            f"{source}: schema = {tables.get('schema')!r} is not known here. This version reads schema = {SCHEMA}."
        )
    unknown = next(_unknown_keys(tables, Runbook, ""), None)
    if unknown:
        raise UsageError(f"{source}: {unknown}")
    try:
        runbook = msgspec.convert(tables, Runbook)
    except msgspec.ValidationError as error:
        raise UsageError(f"{source}: {_readable(error)}") from None
    runbook = msgspec.structs.replace(runbook, workspace=tuple(_as_shown(each) for each in runbook.workspace))
    _check_patterns(runbook, source)
    _check_amounts(runbook, source)
    _check_log_tables(runbook, source)
    return runbook


def _as_shown(workspace: Workspace) -> Workspace:
    """With its name as a page shows it: every run of white space is one space."""
    return msgspec.structs.replace(workspace, name=" ".join(workspace.name.split()))


def _tables(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"runbook {path} can't be read: {error.strerror}. Give --runbook FILE, or write one with: postdeploy doctor --init"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}. Correct that line.") from None


def _overlaid(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """`base` with the keys of `overlay`; tables are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in overlay.items():
        known = merged.get(key)
        merged[key] = _overlaid(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged
