"""One run of a contender: a process of its own, its wall time, and whether it did what it was measured for."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.contenders import Contender

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
_LIMIT = 120
"""Seconds; the slowest contender takes seconds on a healthy sandbox, half a minute on a broken one."""
PROJECT = ("src", "smoke", "fixtures", "bench/steps")
"""Where the project's own modules are, which no installer compiles."""
FOREIGN = ("SMOKE_", "VERCEL_", "PYTEST_", "PLAYWRIGHT_", "BENCH_", "GITHUB_")
"""Beginnings of variables that would be meant for another run."""


class RunError(Exception):
    """A contender did not do its steps, or proves nothing. The message has its output."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    seconds: float
    cpu: float
    """Seconds of the processors, of the process and of all that it started and waited for."""
    exit_code: int
    output: str


def timed(contender: Contender, environment: Mapping[str, str], log: Path) -> Ended:
    """Run on a healthy sandbox, from the start of the process to its end.

    Raises:
        RunError: not all steps came true.
    """
    ended = _run(contender, environment, log)
    if not contender.came_true(ended.exit_code, ended.output):
        raise RunError(f"bench: {contender.name} failed, exit code {ended.exit_code}:\n\n{ended.output}")
    return ended


def without_bytecode(run: Callable[[], T]) -> T:
    """As on a fresh runner: of the project and of what pytest rewrites, no compiled module is there, and none is left."""
    for folder in PROJECT:
        for compiled in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(compiled, ignore_errors=True)
    before = os.environ.get("PYTHONDONTWRITEBYTECODE")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    try:
        return run()
    finally:
        if before is None:
            del os.environ["PYTHONDONTWRITEBYTECODE"]


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
        began, cpu = time.perf_counter(), _cpu()
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
            seconds, cpu = time.perf_counter() - began, _cpu() - cpu
        except subprocess.TimeoutExpired:
            raise RunError(f"bench: {contender.name} took longer than {_LIMIT} s:\n\n{_read(log)}") from None
        finally:
            process.kill()
            process.wait()
    return Ended(seconds, cpu, exit_code, _read(log))


def _cpu() -> float:
    """Seconds of the processors so far of all children that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
