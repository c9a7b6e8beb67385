"""A stream of bytes of which the beginning was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from postdeploy.logs.format_reader import Format

HEAD = 1 << 14
"""Bytes by which a format is looked for."""


class BegunStream(NamedTuple):
    """An object or a pipe that is being read."""

    name: str
    format: Format | None
    """None where its first bytes do not tell, or are not UTF-8."""
    head: bytes
    """Its first bytes, decompressed."""
    pieces: Iterator[bytes]
    """All of its bytes, as they are stored; an empty piece: what came so far need not wait for more.

    Raises: PlaceError, OSError: not all of them can be read.
    """
