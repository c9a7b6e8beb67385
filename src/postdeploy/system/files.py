"""Files that other processes read: replaced as a whole, so that a reader, or a crash, meets the old one or the new one."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
from pathlib import Path


def replace(path: Path, content: bytes, *, durable: bool = False, private: bool = False) -> None:
    """Write the file anew; its directory must exist, and the mode of an existing file stays.

    `durable`: it survives a power failure. `private`: readable by its owner alone, from its first byte on.

    Raises:
        OSError: it can't be written.
    """
    fresh = _fresh(path, content, 0o600 if private else 0o666, durable=durable)
    if not private and path.exists():
        shutil.copymode(path, fresh)
    fresh.replace(path)


def create(path: Path, content: bytes) -> None:
    """Write the file unless it exists, readable by its owner alone: of several writers at once the first one wins.

    Raises:
        OSError: it can't be written.
    """
    fresh = _fresh(path, content, 0o600)
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(fresh)  # at once with its content
    fresh.unlink()


def read_start(path: Path, most: int) -> bytes:
    """At most so many bytes from a file's beginning, without waiting: a pipe or a device in its place is an error.

    Raises:
        OSError: it can't be read, or is not a regular file.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe and leave it would end the one who writes into it
        raise OSError(errno.EINVAL, "not a regular file")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most)


def _fresh(path: Path, content: bytes, mode: int, *, durable: bool = False) -> Path:
    """The content in a file of its own, for this thread alone."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.fresh")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh
