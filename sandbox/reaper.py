"""Ends the sandbox's child processes when the sandbox itself can no longer do it (SIGKILL, a crash, a closed laptop).

Runs as a process of its own and reads its standard input: ``+<group>`` remembers a process group, ``-<group>`` forgets
it. The pipe closes when the parent is gone, however it went; then every remembered group is ended.
"""

from __future__ import annotations

import os
import signal
import sys
import time

GRACE = 1.0
"""Seconds between asking a group to stop and killing it."""


def main() -> None:
    """Remember groups until the parent is gone, then end them."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # the parent's end is the only reason to act
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    end(groups)


def end(groups: set[int]) -> None:
    """Ask every group to stop, and kill what is left after the grace."""
    for group in groups:
        send(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while groups and time.monotonic() < deadline:
        groups = {group for group in groups if send(group, 0)}
        time.sleep(0.02)  # these are not our children, so there is nothing to wait on
    for group in groups:
        send(group, signal.SIGKILL)


def send(group: int, signum: int) -> bool:
    """Send a signal to a process group; says whether there was one to receive it."""
    try:
        os.killpg(group, signum)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
