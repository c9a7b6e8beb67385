"""Says what a long start is doing, and how long it took."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTICED = 0.5
"""Seconds below which a person does not notice the wait."""


def say(line: str) -> None:
    """A line for the person who waits; on stderr, so that a command's own output stays alone on stdout."""
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def timed(progress: Callable[[str], None], done: str) -> Iterator[None]:
    """Say that something is done and the seconds it took, if anybody can have noticed."""
    begun = time.monotonic()
    yield
    if (took := time.monotonic() - begun) >= NOTICED:
        progress(f"sandbox: {done} ({took:.1f} s)")
