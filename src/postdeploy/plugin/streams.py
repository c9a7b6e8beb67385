"""The terminal and the pipe as they were before pytest began to capture: a watch shows how far it is while a check waits for it."""

from __future__ import annotations

import contextlib
import io
import os
import select
import sys
from typing import TextIO

_KEPT: dict[int, int] = {}
"""Standard input and output by their own names: pytest puts others in their places for as long as a check runs."""


def keep() -> None:
    """Keep them; to be called before pytest captures, which it does before it configures plugins."""
    _open_what_is_closed()
    _write_what_can_be_written()
    for standard in (0, 1):
        with contextlib.suppress(OSError):  # closed from the beginning
            _KEPT[standard] = os.dup(standard)


def _open_what_is_closed() -> None:
    """The shell that starts us may have closed the output (`>&-`): pytest writes to it, and ends with 1 where it can't."""
    for standard, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                os.fstat(standard)  # another file may have its number by now
            except OSError:
                os.dup2(nowhere, standard)
                nowhere = standard
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8", errors="replace"))


class _Output(io.FileIO):
    """A full disk, a reader that is gone: what can't be shown is dropped. It decides nothing, and the verdict stands in its file."""

    def write(self, content: object, /) -> int:
        """Of a pipe that someone has made non-blocking, wait until it takes more."""
        try:
            while (written := super().write(content)) is None:  # type: ignore[arg-type]  # bytes of any kind
                select.select([], [self], [])
        except OSError:
            return len(memoryview(content))  # type: ignore[arg-type]
        return written


def _write_what_can_be_written() -> None:
    """Pytest ends with an error of its own where its output fails, whatever the checks have shown."""
    for standard, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is not getattr(sys, f"__{name}__") or not isinstance(stream, io.TextIOWrapper):
            continue
        with contextlib.suppress(OSError):  # no file at all, or one that is full
            if stream.fileno() != standard:
                continue
            stream.flush()
        file = _Output(standard, "wb", closefd=False)
        at_once, by_line = stream.write_through, stream.line_buffering  # PYTHONUNBUFFERED asks for the first
        buffer = file if at_once else io.BufferedWriter(file)
        made = io.TextIOWrapper(buffer, stream.encoding, stream.errors, line_buffering=by_line, write_through=at_once)
        setattr(sys, name, made)


def standard_input() -> int:
    """What was piped into this process."""
    return _KEPT.get(0, 0)


def terminal() -> TextIO:
    """Where a person, or a pipeline's log, reads along."""
    if 1 in _KEPT:
        return os.fdopen(os.dup(_KEPT[1]), "w", encoding="utf-8", errors="replace")
    return sys.stderr
