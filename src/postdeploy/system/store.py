"""What the processes of one run share: typed values in a private directory, deleted at the end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from filelock import FileLock

from postdeploy.system import files
from postdeploy.system.decoding import decode

T = TypeVar("T")
_LOOK = 0.05
"""Seconds between two looks for a value that is waited for."""


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """Under which name a value is kept, and its type."""

    name: str
    shape: type[T]


@dataclass(frozen=True, slots=True)
class Store:
    """The values of one run. Each is a JSON file, replaced as a whole and readable by its owner alone: it may hold a cookie."""

    directory: Path

    def put(self, key: Key[T], value: T) -> None:
        """Keep the value for every process, in place of an earlier one."""
        files.replace(self.file(key), msgspec.json.encode(value), private=True)

    def put_first(self, key: Key[T], value: T) -> None:
        """Keep the value unless there is one: the first writer wins."""
        files.create(self.file(key), msgspec.json.encode(value))

    def get(self, key: Key[T]) -> T | None:
        """The value, or None before one is put."""
        try:
            document = self.file(key).read_bytes()
        except FileNotFoundError:
            return None
        return decode(document, key.shape)

    def remove(self, key: Key[T]) -> None:
        """Forget the value, if there is one."""
        self.file(key).unlink(missing_ok=True)

    def wait(self, key: Key[T], seconds: float) -> T | None:
        """The value as soon as it is put; None: it was not within so many seconds."""
        until = time.monotonic() + seconds
        while (found := self.get(key)) is None and time.monotonic() < until:
            time.sleep(_LOOK)
        return found

    def file(self, key: Key[T]) -> Path:
        """Where the value is kept."""
        return self.directory / f"{key.name}.json"

    def lock(self, name: str) -> FileLock:
        """A lock that one process of the run can hold; the system releases it when that process ends."""
        return FileLock(self.directory / f"{name}.lock")
