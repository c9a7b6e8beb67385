"""The files of a runbook → one value. Every error names the file, the key and the cure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from postdeploy.model import UsageError
from postdeploy.runbook.layers import Layer, SetBy, overlaid, read_layers
from postdeploy.runbook.tables import Runbook
from postdeploy.runbook.validation import convert, unknown_keys


def read_runbook(folder: Path | None = None, overlay: Path | None = None) -> Runbook:
    """The packaged defaults, overlaid by the folder's runbook.toml, overlaid by the file given with --runbook.

    Raises:
        UsageError: a file is missing or malformed, a key is unknown or of the wrong type.
    """
    return runbook_of(read_layers(folder, overlay))


def runbook_of(layers: Sequence[Layer]) -> Runbook:
    """The value of files that are read already.

    Raises:
        UsageError: a key is unknown or of the wrong type.
    """
    for layer in layers:
        unknown = next(unknown_keys(layer.tables, Runbook), None)
        if unknown:
            raise UsageError(f"{layer.file}: {unknown}")
    packaged = (layer for layer in layers if layer.origin is SetBy.PACKAGED)
    found = convert(overlaid(layers), frozenset(chain.from_iterable(_texts(layer.tables) for layer in packaged)))
    if isinstance(found, Runbook):
        return found
    raise UsageError(f"{_culprit(layers, found)}: {found}")


def _texts(value: object) -> Iterator[str]:
    """All texts of a file. The patterns among those of the defaults are held by a test: to compile them again takes long."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _culprit(layers: Sequence[Layer], problem: str) -> Path:
    """The file that brings the problem in: without it, and what comes after it, there would be none, or another one."""
    for count in range(len(layers) - 1, 0, -1):
        if convert(overlaid(layers[:count])) != problem:
            return layers[count].file
    return layers[0].file
