"""The terminal and the pipe as they were before pytest began to capture: a watch shows how far it is while a check waits for it."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

_KEPT: dict[int, int] = {}
"""Standard input and output by their own names: pytest puts others in their places for as long as a check runs."""


def keep() -> None:
    """Keep them; to be called before pytest captures, which it does before it configures plugins."""
    _open_what_is_closed()
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


def standard_input() -> int:
    """What was piped into this process."""
    return _KEPT.get(0, 0)


def terminal() -> TextIO:
    """Where a person, or a pipeline's log, reads along."""
    if 1 in _KEPT:
        return os.fdopen(os.dup(_KEPT[1]), "w", encoding="utf-8", errors="replace")
    return sys.stderr
