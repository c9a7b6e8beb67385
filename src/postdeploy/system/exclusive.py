"""One holder at a time, by a lock of the operating system: it ends with the process that holds it, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path


class Held(Exception):  # noqa: N818 - reads as a sentence: the file is held
    """Another process holds it. Its text: what that process said of itself."""


def hold(path: Path, says: str) -> int:
    """Hold the file; returns the descriptor that holds it. `says`: what a second process is to read.

    The file stays: one that is removed could be held twice.

    Raises:
        Held: another process does.
        OSError: the file can't be written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, says.encode())
    except BlockingIOError:
        said = os.read(descriptor, 1000).decode(errors="replace")
        os.close(descriptor)
        raise Held(said) from None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def release(descriptor: int) -> None:
    """Let another process hold it."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def holder(path: Path) -> str | None:
    """What the process that holds the file said of itself; None: no process does."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(descriptor, 1000).decode(errors="replace")
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None
