"""One run of a contender: wall time, time on the cores, and the memory of all its processes at its highest."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.runs import ROOT, RunError

_LOOK = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended well."""

    seconds: float
    cpu: float
    memory: int
    output: bytes


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took."""

    seconds: float
    cpu: float
    """Seconds on the cores, of all its processes."""
    memory: int
    """Bytes; what processes share is counted once (Pss)."""
    failed: int
    """Its answer: how many Server Action requests failed."""


def measured(command: Sequence[str]) -> Measured:
    """Run to the end.

    Raises:
        RunError: it failed.
    """
    ended = run(command)
    return Measured(ended.seconds, ended.cpu, ended.memory, int(json.loads(ended.output)["failed"]))


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ended:
    """Run to the end. `environment`: all variables; None: ours.

    Raises:
        RunError: it failed; the message ends with what it printed.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    highest = [0]
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(process.pid, highest, over))
    watching.start()
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    over.set()
    watching.join()
    if process.returncode:
        said = output.decode(errors="replace")[-5000:]
        raise RunError(f"bench: {' '.join(command)[:200]} failed, exit code {process.returncode}\n{said}")
    return Ended(seconds, usage.ru_utime + usage.ru_stime, highest[0], output)


def _watch(pid: int, highest: list[int], over: threading.Event) -> None:
    while not over.wait(_LOOK):
        highest[0] = max(highest[0], sum(map(_memory, _family(pid))))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
