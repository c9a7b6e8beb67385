"""What is wrong with a value of a runbook, in words of TOML: a person reads it who knows neither Python nor msgspec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec

from postdeploy.runbook.tables import Runbook

_WORDS = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table",
    "date": "a date such as 2027-03-01",
    "datetime": "a time such as 2027-03-01T12:00:00Z",
}
"""msgspec's name of a kind → what to write."""
_MANY = "[...]"
"""How msgspec writes a key of a table in which every key is allowed."""


def type_error(error: msgspec.ValidationError, tables: Mapping[str, Any]) -> str:
    """The sentence about it, with the key and the cure. `tables`: what was converted."""
    theirs, _, where = str(error).partition(" - at ")  # msgspec says it in no other way
    path = _named(where.strip("`").removeprefix("$").removeprefix("."), theirs, tables)
    key = re.sub(r"\[(\d+)\]", lambda found: f" (entry {int(found[1]) + 1})", path)
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", theirs):
        at = f"{key} lacks the key {missing[1]}" if key else f"the key {missing[1]} is missing"
        return f"{at}. Add it; the project's runbook.toml shows how."
    if wrong := re.fullmatch(r"Expected `([^`]+)`, got `(\w+)`", theirs):
        wanted = " or ".join(_word(one) for one in wrong[1].split(" | ") if one != "null")
        return f"{key} is {_word(wrong[2])}. It must be {wanted}. Correct this key."
    if theirs.startswith("Invalid enum value"):
        choices = ", ".join(f'"{one}"' for one in _choices(_kind_at(path)))
        return f"{key} is {theirs.removeprefix('Invalid enum value ')}. It must be one of {choices}. Correct this key."
    return f"{key}: {theirs}. Correct this key."


def _word(kind: str) -> str:
    return _WORDS.get(kind, kind)


def _named(path: str, theirs: str, tables: Mapping[str, Any]) -> str:
    """The path with the key that is meant, where msgspec says only that it is one of a table's: that which alone is refused, too."""
    before, found, after = path.partition(_MANY)
    table: Any = tables
    for key in filter(None, before.split(".")):
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if not found or not isinstance(table, dict):
        return path
    kind = _kind_at(before)
    for name, value in table.items():
        try:
            msgspec.convert({name: value}, kind)
        except msgspec.ValidationError as error:
            if str(error).partition(" - at ")[0] == theirs:
                return f"{before}.{name}{after}"
    return path


def _kind_at(path: str) -> Any:
    """The type of what stands at a path."""
    kind: Any = Runbook
    for key in re.findall(r"[^.\[\]]+", path):
        (kind,) = [*_inside(kind, key)][:1] or [Any]
    return kind


def _inside(kind: Any, key: str) -> Iterator[Any]:
    """The type of one of its keys or entries."""
    origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from (field.type for field in msgspec.structs.fields(kind) if field.name == key)
    elif origin is dict:
        yield get_args(kind)[1]
    elif origin is tuple:
        yield get_args(kind)[0]
    else:
        for each in get_args(kind):
            yield from _inside(each, key)


def _choices(kind: Any) -> Iterator[str]:
    """The words that a value may be."""
    if get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    else:
        for each in get_args(kind):
            yield from _choices(each)
