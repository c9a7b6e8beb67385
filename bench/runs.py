"""One run of a contender: a process of its own, its wall time, and whether it did what it was measured for."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.contenders import Contender

ROOT = Path(__file__).parents[1]
_LIMIT = 120
"""Seconds; the slowest contender takes seconds on a healthy sandbox, half a minute on a broken one."""
FOREIGN = ("SMOKE_", "VERCEL_", "PYTEST_", "PLAYWRIGHT_", "BENCH_", "GITHUB_")
"""Beginnings of variables that would be meant for another run."""


class RunError(Exception):
    """A contender did not do its steps, or proves nothing. The message has its output."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    seconds: float
    exit_code: int
    output: str


def timed(contender: Contender, environment: Mapping[str, str], log: Path) -> float:
    """Run on a healthy sandbox; returns seconds from the start of the process to its end.

    Raises:
        RunError: not all steps came true.
    """
    ended = _run(contender, environment, log)
    if not contender.came_true(ended.exit_code, ended.output):
        raise RunError(f"bench: {contender.name} failed, exit code {ended.exit_code}:\n\n{ended.output}")
    return ended.seconds


def prove(contender: Contender, environment: Mapping[str, str], log: Path) -> None:
    """Run on a broken sandbox: exit code 1 is every runner's word for a failed test.

    Raises:
        RunError: it did not fail.
    """
    ended = _run(contender, environment, log)
    if ended.exit_code != 1:
        raise RunError(
            f"bench: {contender.name} proves nothing: the sandbox is broken, and it ends with "
            f"exit code {ended.exit_code}:\n\n{ended.output}"
        )


def _run(contender: Contender, environment: Mapping[str, str], log: Path) -> Ended:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    # Into a file: reading a pipe to its end also waits for what the process left running.
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            cwd=ROOT,
            env=inherited | dict(environment) | dict(contender.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            exit_code = process.wait(_LIMIT)
            seconds = time.perf_counter() - began
        except subprocess.TimeoutExpired:
            raise RunError(f"bench: {contender.name} took longer than {_LIMIT} s:\n\n{_read(log)}") from None
        finally:
            process.kill()
            process.wait()
    return Ended(seconds, exit_code, _read(log))


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
