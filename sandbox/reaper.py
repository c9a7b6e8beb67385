"""Ends the sandbox's child processes when the sandbox itself can no longer do it (SIGKILL, a crash).

Runs as a process of its own and reads its standard input: ``+<target>`` remembers a process (or, negative, a process
group, as for kill(2)), ``-<target>`` forgets it. The pipe closes when the parent is gone, however it went; then all
that is remembered is ended.
"""

from __future__ import annotations

import os
import signal
import sys
import time

GRACE = 1.0
"""Seconds between asking to stop and killing."""


def main() -> None:
    """Remember targets until the parent is gone, then end them."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # the parent's end is the only reason to act
    targets: set[int] = set()
    for line in sys.stdin:
        target = int(line[1:])
        if line.startswith("+"):
            targets.add(target)
        else:
            targets.discard(target)
    end(targets)


def end(targets: set[int]) -> None:
    """Ask all to stop, and kill what is left after the grace."""
    for target in targets:
        send(target, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while targets and time.monotonic() < deadline:
        targets = {target for target in targets if send(target, 0)}
        time.sleep(0.02)  # these are not our children, so there is nothing to wait on
    for target in targets:
        send(target, signal.SIGKILL)


def send(target: int, signum: int) -> bool:
    """Send a signal; says whether there was anybody to receive it."""
    try:
        os.kill(target, signum)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
