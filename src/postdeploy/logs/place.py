"""The contract of a place that keeps logs elsewhere: an object storage, an address. Each is a file next to this one."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from postdeploy.model import UsageError

PIECE = 1 << 20
"""Bytes that are read at once."""
CONNECT, READ = 10, 20
"""Seconds that are waited for a connection, and for the next bytes."""


class PlaceError(Exception):
    """What it keeps can't be listed or read; the message says why and names the remedy, and holds no secret."""


class ObjectStore(Protocol):
    """Where logs are kept as objects that are written once."""

    name: str
    """For people, without credentials."""
    grows: bool
    """Whether objects may be added while it is read."""

    def objects(self) -> Mapping[str, str]:
        """The objects, in the order in which they are read, each with what changes when it is replaced.

        Raises:
            PlaceError: they can't be listed.
        """
        ...

    def pieces(self, name: str) -> Generator[bytes]:
        """The bytes of an object, to its end.

        Raises:
            PlaceError: not all of them can be read.
        """
        ...


def address_parts(spec: str) -> SplitResult:
    """The parts of an address.

    Raises:
        UsageError: it is none; the message shows nothing of it, for it may hold a password.
    """
    try:
        return urlsplit(spec)
    except ValueError as error:
        scheme = spec.partition("://")[0]
        raise UsageError(
            f"logs: this {scheme} address can't be read ({error}). Write it as {scheme}://HOST/…"
        ) from None
