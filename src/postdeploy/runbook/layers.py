"""The files that a runbook is made of: the packaged defaults, the folder's runbook.toml, and the file given with --runbook.

Each overlays the ones before it table by table. The packaged defaults are defaults/*.toml and the built-in app's runbook.toml, which
stands at the root of a checkout and travels in the wheel as defaults/app.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from postdeploy.model import UsageError
from postdeploy.runbook.aliases import DEFAULTS, NO_TABLES, translated
from postdeploy.runbook.app_routes import with_routes
from postdeploy.runbook.found_routes import FoundRoutes, found_in

SCHEMA = 1
NAME = "runbook.toml"
_LARGEST = 1 << 20
"""Characters: a device without end would fill the memory."""
_ROUTES = ("logs", "routes")
_CHECKOUT = Path(__file__).parents[3] / NAME


class SetBy(StrEnum):
    """Who gave a file, from the weakest to the strongest."""

    PACKAGED = "packaged"
    FOUND = "found"
    FOLDER = "folder"
    OPTION = "--runbook"


class Layer(msgspec.Struct, frozen=True):
    """One file."""

    origin: SetBy
    file: Path
    tables: dict[str, Any]
    """In today's spelling."""
    notes: tuple[str, ...] = ()
    """Earlier spellings that were found in it, for people."""


def read_layers(folder: Path | None = None, overlay: Path | None = None) -> tuple[Layer, ...]:
    """The files of a runbook, from the weakest to the strongest.

    `folder`: its runbook.toml counts, if there is one. `overlay`: the file given with --runbook.

    Raises:
        UsageError: a file is missing or malformed, or of another schema.
    """
    files = [(SetBy.PACKAGED, file) for file in sorted(DEFAULTS.glob("*.toml")) if file not in NO_TABLES]
    own = folder / NAME if folder else None
    if _CHECKOUT.is_file() and not (own and _same(own, _CHECKOUT)):
        files.append((SetBy.PACKAGED, _CHECKOUT))
    if own and own.is_file():
        files.append((SetBy.FOLDER, own))
    if overlay and not _same(overlay, files[-1][1]):
        files.append((SetBy.OPTION, overlay))
    layers = tuple(_layer(origin, file) for origin, file in files)
    given = [layer for layer in layers if layer.origin is not SetBy.PACKAGED]
    for layer in given:
        _check_schema(layer)
    if source_of(given, _ROUTES):
        return layers
    folders = (*(layer.file.parent for layer in reversed(given)), *((folder,) if folder else ()))
    return (*layers, *_routes_of(dict.fromkeys(folders)))


def overlaid(layers: Iterable[Layer]) -> dict[str, Any]:
    """The tables of all files as one: tables are merged, everything else is replaced."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _merged(merged, layer.tables)
    return merged


def source_of(layers: Iterable[Layer], key: tuple[str, ...]) -> Layer | None:
    """The file that says what counts for a key (the names of its tables, then its own)."""
    return next((layer for layer in reversed(tuple(layers)) if _has(layer.tables, key)), None)


def _layer(origin: SetBy, file: Path) -> Layer:
    tables, notes = translated(_read(file), file)
    return Layer(origin, file, with_routes(tables, file), notes)


def _routes_of(folders: Iterable[Path]) -> Iterator[Layer]:
    """The app's routes, which no runbook names: from the first of these folders that has files of them."""
    for folder in folders:
        found = found_in(folder)
        if found.routes or found.notes:
            tables = {"logs": {"routes": list(found.routes), "routes_from": list(found.files)}} if found.routes else {}
            yield Layer(SetBy.FOUND, folder / (found.files or ("vercel.json",))[0], tables, _says(found))
            return


def _says(found: FoundRoutes) -> tuple[str, ...]:
    if not found.routes:
        return found.notes
    files = " and ".join(found.files)
    return (
        f"{len(found.routes)} routes of the app are read from {files}, automatically: logs.routes names none",
        *found.notes,
    )


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _check_schema(layer: Layer) -> None:
    if "schema" not in layer.tables:
        raise UsageError(f"{layer.file}: the key schema is missing. Add as first line: schema = {SCHEMA}")
    if layer.tables["schema"] != SCHEMA:
        raise UsageError(
            f"{layer.file}: schema = {layer.tables['schema']!r} is not known here. This version reads schema = {SCHEMA}."
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"runbook {path} can't be read: {error.strerror}. Give --runbook FILE, or write one with: postdeploy doctor --init"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    if len(text) > _LARGEST:
        raise UsageError(f"{path}: larger than any runbook. Give --runbook FILE.")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}. Correct that line.") from None


def _merged(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in overlay.items():
        known = merged.get(key)
        merged[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _has(tables: object, key: tuple[str, ...]) -> bool:
    for name in key:
        if not isinstance(tables, dict) or name not in tables:
            return False
        tables = tables[name]
    return True
