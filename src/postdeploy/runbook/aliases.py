"""Earlier spellings of checks, tables, keys and values: defaults/aliases.toml as a value, and the translation to what they are now."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from postdeploy.model import UsageError

DEFAULTS = Path(__file__).parent / "defaults"
FILE = DEFAULTS / "aliases.toml"


class Aliases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each current spelling with the earlier ones, the oldest first."""

    checks: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[str, ...]]
    shapes: dict[str, tuple[str, ...]]
    removed: dict[str, str]
    """`table.key` that has no effect any more → what to do about it."""


@functools.cache
def aliases() -> Aliases:
    """The table, read once."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Aliases)


@functools.cache
def _current_checks() -> dict[str, str]:
    return {earlier: now for now, names in aliases().checks.items() for earlier in names}


def current_name(check: str) -> str:
    """What a check is called now. The subject in brackets (`test_x[DATABASE_URL]`) is kept."""
    function, bracket, subject = check.partition("[")
    return _current_checks().get(function, function) + bracket + subject


def earlier_names(function: str) -> tuple[str, ...]:
    """What a check function was called before, the oldest name first."""
    return aliases().checks.get(function, ())


def translated(tables: Mapping[str, Any], file: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The tables of one file in today's spelling, and a note on each earlier spelling that was found.

    Raises:
        UsageError: a table stands there under two of its names.
    """
    found, notes = dict(tables), []
    for now, names in aliases().tables.items():
        for earlier in names:
            if earlier not in found:
                continue
            if now in found:
                raise UsageError(f"{file}: [{earlier}] and [{now}] are the same table. Keep [{now}].")
            found[now] = found.pop(earlier)
            notes.append(f"[{earlier}] is called [{now}] now. Both names work.")
    for key, cure in aliases().removed.items():
        table, _, name = key.partition(".")
        if isinstance(found.get(table), dict) and name in found[table]:
            found[table] = {each: value for each, value in found[table].items() if each != name}
            notes.append(f"{key} has no effect. {cure}")
    return _with_current_values(found), tuple(notes)


def _with_current_values(tables: dict[str, Any]) -> dict[str, Any]:
    """Check names and shapes in today's spelling. What is malformed stays as it is: validation says so."""
    shapes = {earlier: now for now, names in aliases().shapes.items() for earlier in names}
    if isinstance(tables.get("variables"), dict):
        tables["variables"] = {
            name: {**one, "shape": shapes.get(one["shape"], one["shape"])}
            if isinstance(one, dict) and isinstance(one.get("shape"), str)
            else one
            for name, one in tables["variables"].items()
        }
    if isinstance(tables.get("checks"), dict):
        tables["checks"] = {part: _current_names(names) for part, names in tables["checks"].items()}
    cron = tables.get("cron")
    if isinstance(cron, dict) and isinstance(cron.get("after"), str):
        tables["cron"] = {**cron, "after": current_name(cron["after"])}
    return tables


def _current_names(names: object) -> object:
    if not isinstance(names, list):
        return names
    return [current_name(name) if isinstance(name, str) else name for name in names]
