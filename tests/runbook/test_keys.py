"""Every key of the runbook is read by some code, and every default is explained where it stands or in docs/runbook.md."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from postdeploy.runbook.aliases import DEFAULTS, FILE
from postdeploy.runbook.tables import Runbook

PROJECT = Path(__file__).parents[2]
FILES = [*sorted(file for file in DEFAULTS.glob("*.toml") if file != FILE), PROJECT / "runbook.toml"]


def structs(kind: Any, table: str = "") -> Iterator[tuple[type[msgspec.Struct], str]]:
    """Each table of the runbook, with the key under which the runbook holds it."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind, table
        for field in msgspec.structs.fields(kind):
            yield from structs(field.type, field.name)
    for inner in get_args(kind):
        yield from structs(inner, table)


def readers() -> list[tuple[set[str], set[str]]]:
    """For each module: the attributes that it reads, and the names that it mentions."""
    files = [
        file
        for folder in ("src", "fixtures", "smoke")
        for file in (PROJECT / folder).rglob("*.py")
        if not file.name.endswith("tables.py")
    ]
    found = []
    for file in files:
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        read = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
        mentioned = {node.name for node in nodes if isinstance(node, ast.alias)}
        mentioned |= {node.id for node in nodes if isinstance(node, ast.Name)}
        found.append((read, read | mentioned))
    return found


def test_every_key_is_read_by_a_module_that_knows_its_table() -> None:
    """A module knows a table if it takes it from the runbook (`runbook.logs`), imports its class (`Logs`) or has one (`amount`)."""
    modules = readers()
    unread = [
        f"{kind.__name__}.{field.name}"
        for kind, table in structs(Runbook)
        for field in msgspec.structs.fields(kind)
        if not any(
            field.name in read and (kind is Runbook or {table, kind.__name__, kind.__name__.lower()} & names)
            for read, names in modules
        )
    ]
    assert unread == []


def keys(tables: dict[str, Any], within: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from keys(value, (*within, name))
        else:
            yield (*within, name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_default_is_explained(file: Path) -> None:
    """By a comment on its line or above it; for an entry of a list (a signal, a route) the comment above its table will do."""
    lines = file.read_text(encoding="utf-8").splitlines()
    entries = {
        "parts",
        "checks",
        "variables",
        "endpoints",
        "signals",
        "services",
        "unclear",
        "packages",
        "addresses",
        "amounts",
    }
    guide = (PROJECT / "docs/runbook.md").read_text(encoding="utf-8")
    table, unexplained = "", []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        if header := re.match(r"\[([\w.]+)\]", line):
            table = header[1]
            if table.partition(".")[0] in entries and not above.startswith("#"):
                unexplained.append(f"[{table}]")
        elif (key := re.match(r"(\w+) *=", line)) and table.partition(".")[0] not in entries:
            explained = "  # " in line or above.startswith("#") or f"`{table}.{key[1]}`" in guide
            unexplained += [] if explained else [f"{table}.{key[1]}"]
    assert unexplained == []


def test_no_key_has_two_defaults() -> None:
    found = [key for file in FILES for key in keys(tomllib.loads(file.read_text(encoding="utf-8")))]
    assert sorted({key for key in found if found.count(key) > 1}) == []


def test_the_runbook_that_a_user_owns_is_short() -> None:
    assert len((PROJECT / "runbook.toml").read_text(encoding="utf-8").splitlines()) <= 150
