"""How a command ends that can't write or is stopped: without a traceback, and never as a failed deployment."""

from __future__ import annotations

import codecs
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from io import TextIOWrapper
from types import FrameType

_ESCAPED = "postdeploy-escaped"
_STOPPING = (signal.SIGINT, signal.SIGTERM)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What an encoding lacks as JSON writes it: a backslash and a number. In other texts it can at least be read."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end


codecs.register_error(_ESCAPED, _escaped)


def write_in_any_encoding() -> None:
    """Standard output and error escape what their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_ESCAPED)


def flush() -> None:
    """Write what is held back.

    Raises:
        OSError: it can't be written. What is left is dropped: the interpreter would try again when it ends.
    """
    try:
        sys.stdout.flush()
    except OSError:
        drop()
        raise


def drop() -> None:
    """Write nothing more to standard output."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until what runs within is done: a process that is half started would print a traceback."""
    if threading.current_thread() is not threading.main_thread():  # signals interrupt no other
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for first in came[:1]:
        signal.raise_signal(first)


@contextlib.contextmanager
def stopped_like_ctrl_c() -> Iterator[None]:
    """SIGTERM ends what runs within as Ctrl-C does: what was started is ended, too."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
