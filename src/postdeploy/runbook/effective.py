"""The effective runbook: every value with the file that it comes from. The people of a workspace are counted, never shown."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from postdeploy.runbook.layers import Layer, SetBy, overlaid, source_of

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100
_PEOPLE = "people"

Key = tuple[str, ...]


def values(layers: Sequence[Layer]) -> Iterator[tuple[Key, Any, Layer]]:
    """Each key (the names of its tables, then its own) with its value and the file that it comes from."""
    yield from _values(layers, overlaid(layers), ())


def as_toml(layers: Sequence[Layer]) -> str:
    """A runbook.toml with the same meaning, except for the people of the workspaces."""
    lines = ["# The effective runbook. After each value: the file that it comes from.", "#"]
    lines += [f"#   {_label(one)}: {one.file}" for one in layers if one.origin is not SetBy.PACKAGED]
    lines += [f"# {note}" for layer in layers for note in layer.notes]
    table: Key = ()
    for key, value, source in values(layers):
        if key[:-1] != table:
            table = key[:-1]
            lines += ["", f"[{'.'.join(map(_key, table))}]"]
        if _is_tables(value):
            lines += [line for item in value for line in _item(key, item, source)]
        else:
            lines += _assignment(_key(key[-1]), value, _label(source))
    return "\n".join(lines) + "\n"


def as_json(layers: Sequence[Layer]) -> dict[str, Any]:
    """For machines: the files, the values and their sources by `table.key`, and the notes on earlier spellings."""
    found = list(values(layers))
    return {
        "files": [{"origin": one.origin, "file": str(one.file)} for one in layers],
        "values": {".".join(key): _without_people(value) for key, value, _ in found},
        "sources": {".".join(key): _label(source) for key, _, source in found},
        "notes": [note for layer in layers for note in layer.notes],
    }


def _values(layers: Sequence[Layer], tables: Mapping[str, Any], within: Key) -> Iterator[tuple[Key, Any, Layer]]:
    """Plain keys before arrays of tables and tables: the order that TOML needs."""
    order = sorted(tables.items(), key=lambda item: (isinstance(item[1], dict), _is_tables(item[1])))
    for name, value in order:
        key = (*within, name)
        if isinstance(value, dict):
            yield from _values(layers, value, key)
        elif source := source_of(layers, key):
            yield key, value, source


def _label(layer: Layer) -> str:
    return layer.origin if layer.origin is SetBy.OPTION else f"{layer.origin} {layer.file.name}"


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _item(key: Key, item: Mapping[str, Any], source: Layer) -> Iterator[str]:
    yield ""
    yield f"[[{'.'.join(map(_key, key))}]]  # {_label(source)}"
    for name, value in item.items():
        if name == _PEOPLE:
            yield f"# {_PEOPLE}: {len(value)}, not printed"
        else:
            yield f"{_key(name)} = {_literal(value)}"


def _without_people(value: Any) -> Any:
    if not _is_tables(value):
        return value
    return [
        {name: each if name != _PEOPLE else f"{len(each)}, not printed" for name, each in item.items()}
        for item in value
    ]


def _assignment(name: str, value: Any, source: str) -> list[str]:
    line = f"{name} = {_literal(value)}"
    if not isinstance(value, list) or len(line) <= _WIDTH:
        return [f"{line}  # {source}"]
    return [f"{name} = [  # {source}", *(f"    {_literal(item)}," for item in value), "]"]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)


def _literal(value: Any) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case str() if "\\" in value and "'" not in value and value.isprintable():
            return f"'{value}'"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case dt.date() | dt.time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(name)} = {_literal(each)}' for name, each in value.items())} }}"
        case _:
            return str(value)
