"""Earlier spellings of checks, tables, keys and values: defaults/aliases.toml as a value, and the translation to what they are now."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from postdeploy.model import UsageError

DEFAULTS = Path(__file__).parent / "defaults"
FILE = DEFAULTS / "aliases.toml"
VOCABULARY = DEFAULTS / "vocabulary.toml"
ORDINARY_WORDS = DEFAULTS / "ordinary_words.toml"
PATH_WORDS = DEFAULTS / "path_words.toml"
PEOPLES_TEXTS = DEFAULTS / "peoples_texts.toml"
MENTIONS = DEFAULTS / "mentions.toml"
QUOTATIONS = DEFAULTS / "quotations.toml"
NO_TABLES = (FILE, VOCABULARY, ORDINARY_WORDS, PATH_WORDS, PEOPLES_TEXTS, MENTIONS, QUOTATIONS)
"""Not tables of the runbook: by what errors and routes are distinguished, and what is shown of them, is the same everywhere."""


class Aliases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each current spelling with the earlier ones, the oldest first."""

    checks: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[str, ...]]
    shapes: dict[str, tuple[str, ...]]
    secrets: dict[str, tuple[str, ...]]
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

    What is malformed stays as it is: validation says so.

    Raises:
        UsageError: the file names a table twice, under two of its names.
    """
    notes: list[str] = []
    found = _without_removed_keys(_under_current_names(tables, file, notes), notes)
    variables, checks, cron = (found.get(name) for name in ("variables", "checks", "cron"))
    if isinstance(variables, dict):
        shapes = {earlier: now for now, names in aliases().shapes.items() for earlier in names}
        found["variables"] = {
            name: _replaced(one, "shape", lambda shape: shapes.get(shape, shape), f"variables.{name}", notes)
            for name, one in variables.items()
        }
    if isinstance(checks, dict):
        found["checks"] = {
            part: [_current(name, current_name, f"checks.{part}", notes) for name in names]
            if isinstance(names, list)
            else names
            for part, names in checks.items()
        }
    if cron is not None:
        found["cron"] = _replaced(cron, "after", current_name, "cron", notes)
    return found, tuple(notes)


def _under_current_names(tables: Mapping[str, Any], file: Path, notes: list[str]) -> dict[str, Any]:
    found = dict(tables)
    for now, names in aliases().tables.items():
        for earlier in names:
            if earlier not in found:
                continue
            if now in found:
                raise UsageError(f"{file}: [{earlier}] and [{now}] are the same table. Keep [{now}].")
            found[now] = found.pop(earlier)
            notes.append(f"[{earlier}] is called [{now}] now. Both names work.")
    return found


def _without_removed_keys(tables: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    found = dict(tables)
    for key, cure in aliases().removed.items():
        left = _without(found, key.split("."))
        if left != found:
            found = left
            notes.append(f"{key} has no effect. {cure}")
    return found


def _without(table: Any, path: Sequence[str]) -> Any:
    """The table without the key at this path; `*` stands for every name."""
    first, *rest = path
    if not isinstance(table, dict):
        return table
    if not rest:
        return {name: value for name, value in table.items() if name != first}
    return {name: _without(value, rest) if first in (name, "*") else value for name, value in table.items()}


def _replaced(table: Any, key: str, now_of: Callable[[str], str], where: str, notes: list[str]) -> Any:
    """A table with one of its values in today's spelling."""
    if not isinstance(table, dict) or key not in table:
        return table
    return {**table, key: _current(table[key], now_of, f"{where}.{key}", notes)}


def _current(value: Any, now_of: Callable[[str], str], where: str, notes: list[str]) -> Any:
    if not isinstance(value, str) or (now := now_of(value)) == value:
        return value
    notes.append(f"{where}: {value} is called {now} now. Both names work.")
    return now
