"""One holder at a time, by a lock of the operating system: it ends with the process that holds it, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path

_ASKED_WITHIN = 1.0
"""Seconds for which those that ask may hold a file, each for a moment."""
_WRITTEN_WITHIN = 1.0
"""Seconds from holding a file until it says by whom, on a machine that is busy."""


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
        _lock(descriptor)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{says}\n{os.getpid()}\n".encode())
    except BlockingIOError:
        said = _said(descriptor)
        os.close(descriptor)
        raise Held(said) from None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _lock(descriptor: int) -> None:
    """One that only asks who holds it (`holder`) holds it, too, for a moment: that is waited out.

    Raises:
        BlockingIOError: another process holds it.
    """
    until = time.monotonic() + _ASKED_WITHIN
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until or _is_held(descriptor):
                raise
        time.sleep(0.01)


def _is_held(descriptor: int) -> bool:
    """Whether it is held by one that keeps it: no second one can ask then."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    except BlockingIOError:
        return True
    return False


def release(descriptor: int) -> None:
    """Let another process hold it."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def holder(path: Path) -> str | None:
    """What the process that holds the file said of itself; None: no process does. A file that can't be opened may be held."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"its lock can't be read: {error.strerror or error}"
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _said(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def _said(descriptor: int) -> str:
    """What the holder wrote into the file. Right after it took the lock that is nothing, or an earlier text: wait."""
    until = time.monotonic() + _WRITTEN_WITHIN
    while True:
        said, _, process = os.pread(descriptor, 1000, 0).decode(errors="replace").rstrip("\n").rpartition("\n")
        if _lives(process) or time.monotonic() > until:
            return said
        time.sleep(0.01)


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except PermissionError:  # another user's
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return True
