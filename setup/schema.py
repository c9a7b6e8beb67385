"""Writes docs/verdict.schema.json from the type that verdict.json is written from: `make schema`.

The sentence below a field or an enum's member is its description. Every key is always written, so all are required.
"""

from __future__ import annotations

import ast
import enum
import inspect
import json
import sys
import textwrap
import typing
from pathlib import Path
from typing import Any

import msgspec

from postdeploy.record.document import VerdictDocument

FILE = Path(__file__).resolve().parent.parent / "docs/verdict.schema.json"
_NOISE = ("title", "default")
"""What msgspec says of each part besides, and a reader has no use for."""


def schema() -> dict[str, Any]:
    """The schema as it stands in the file."""
    found = msgspec.json.schema(VerdictDocument)
    parts = {name: _part(part, _types()[name]) for name, part in found["$defs"].items()}
    whole = parts.pop(VerdictDocument.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": whole.pop("description").rstrip("."),
        **whole,
        "$defs": dict(sorted(parts.items())),
    }


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _part(part: dict[str, Any], kind: type) -> dict[str, Any]:
    said = _sentences(kind)
    if issubclass(kind, enum.Enum):
        members = [f"{member.value}: {said[member.name]}" for member in kind if member.name in said]
        described = {"description": " ".join([part["description"], *members])}
        return described | {"enum": [member.value for member in kind]}
    properties = {
        name: {key: value for key, value in each.items() if key not in _NOISE}
        for name, each in part["properties"].items()
    }
    for field, name in _names(kind):
        if field in said:
            properties[name]["description"] = said[field]
    return {
        "description": part["description"],
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _names(kind: type) -> list[tuple[str, str]]:
    """The fields as Python names them, with their keys."""
    if issubclass(kind, msgspec.Struct):
        return [(field.name, field.encode_name) for field in msgspec.structs.fields(kind)]
    return [(name, name) for name in typing.get_type_hints(kind)]


def _sentences(kind: type) -> dict[str, str]:
    """Field or member → the text below it."""
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for above, below in zip(tree.body, tree.body[1:], strict=False):
        target = above.target if isinstance(above, ast.AnnAssign) else None
        if isinstance(above, ast.Assign):
            [target] = above.targets  # type: ignore[assignment]
        if isinstance(target, ast.Name) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[target.id] = inspect.cleandoc(str(below.value.value)).replace("\n", " ")
    return found


def _types() -> dict[str, type]:
    """All types that the document is made of, by their names."""
    found: dict[str, type] = {}
    waiting: list[Any] = [VerdictDocument]
    while waiting:
        kind = waiting.pop()
        waiting += typing.get_args(kind)
        if isinstance(kind, type) and kind.__module__.startswith("postdeploy.") and kind.__name__ not in found:
            found[kind.__name__] = kind
            waiting += typing.get_type_hints(kind).values()
    return found


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is written\n")
