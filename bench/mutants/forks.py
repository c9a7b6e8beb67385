"""A pytest plugin that tests each change in a fork of one process: pytest starts, imports and collects once, not once a change."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from _pytest.runner import runtestprotocol

Kind = TypeVar("Kind")

_UNNOTICED, _NOTICED, _NO_TESTS = 0, 1, 33
_LEAST_CPU, _TIMES_CPU = 2, 10
"""A test may take 2 s of the processor and 10 times what it takes without the change: seconds that a busy machine does not lengthen."""
_HANGS = 1_200.0
"""Seconds of the clock after which one that waits for ever is ended; that counts as unnoticed, for the machine may only be busy."""

Tests = Mapping[str, Sequence[int]]
"""Function to its tests, as places in the order of collection, the quickest first."""


@dataclass
class Forks:
    """Runs what was collected once to see which test calls which function, and then a change at a time."""

    changes: Sequence[tuple[str, str]]
    """Name of each, and of the function that it changes."""
    switch: Callable[[str], None]
    """Makes the change of that name happen; `stats` makes every function tell when it is called."""
    called: Callable[[], set[str]]
    """Functions called since it was last asked."""
    done: Callable[[str, int], None]
    """Takes the name of a change and its exit code."""
    at_once: int = 3
    _running: dict[int, tuple[str, str, Path, float]] = field(default_factory=dict)
    _noticed_by: dict[str, dict[int, None]] = field(default_factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own."""
        if session.testsfailed:
            raise session.Interrupted("a file of tests can't be read")
        tests, cpu = self._measured(session.items)
        for name, function in self.changes:
            if not tests.get(function):
                self.done(name, _NO_TESTS)
                continue
            while len(self._running) >= self.at_once:
                self._wait()
            first = self._noticed_by.setdefault(function, {})
            order = [*first, *(test for test in tests[function] if test not in first)]
            self._start(name, function, [(test, session.items[test]) for test in order], cpu)
        while self._running:
            self._wait()
        return True

    def _measured(self, items: Sequence[pytest.Item]) -> tuple[Tests, Sequence[float]]:
        """Also that every test passes without a change."""
        folder = Path(tempfile.mkdtemp())
        child = os.fork()
        if not child:
            _alone(folder)
            self.switch("stats")
            _write(folder / "measured", list(self._measure(items)))
        _, status = os.waitpid(child, 0)
        if not (folder / "measured").is_file():
            said = (folder / "said").read_text(errors="replace")
            code = os.waitstatus_to_exitcode(status)
            pytest.exit(f"a test fails without any change, exit code {code}:\n{said[-3000:]}", 3)
        rows = json.loads((folder / "measured").read_text())
        shutil.rmtree(folder, ignore_errors=True)
        cpu = [row[0] for row in rows]
        tests: dict[str, list[int]] = {}
        for test in sorted(range(len(rows)), key=cpu.__getitem__):
            for function in rows[test][1]:
                tests.setdefault(function, []).append(test)
        return tests, cpu

    def _measure(self, items: Sequence[pytest.Item]) -> Iterator[tuple[float, list[str]]]:
        self.called()
        for item, following in _pairs(items):
            before = time.process_time()
            reports = runtestprotocol(item, log=False, nextitem=following)
            for report in reports:
                if report.failed:
                    print(report.nodeid, report.longreprtext, sep="\n", flush=True)
                    os._exit(_NOTICED)
            yield time.process_time() - before, sorted(self.called())

    def _start(self, name: str, function: str, tests: Sequence[tuple[int, pytest.Item]], cpu: Sequence[float]) -> None:
        folder = Path(tempfile.mkdtemp())
        child = os.fork()
        if not child:
            _alone(folder)
            self.switch(name)
            for (test, item), following in _pairs(tests):
                signal.setitimer(signal.ITIMER_PROF, _LEAST_CPU + _TIMES_CPU * cpu[test])
                reports = runtestprotocol(item, log=False, nextitem=following and following[1])
                if any(report.failed for report in reports):
                    _write(folder / "noticed", test, code=_NOTICED)
            os._exit(_UNNOTICED)
        self._running[child] = (name, function, folder, time.monotonic())

    def _wait(self) -> None:
        """Until one of those that run has ended."""
        while True:
            for child, (name, function, folder, started) in list(self._running.items()):
                ended, status = os.waitpid(child, os.WNOHANG)
                if not ended and time.monotonic() - started > _HANGS:
                    os.kill(child, 9)
                if ended:
                    del self._running[child]
                    if (folder / "noticed").is_file():
                        test = json.loads((folder / "noticed").read_text())
                        earlier = self._noticed_by.setdefault(function, {})
                        self._noticed_by[function] = {test: None} | earlier
                    shutil.rmtree(folder, ignore_errors=True)
                    self.done(name, os.waitstatus_to_exitcode(status))
                    return
            time.sleep(0.005)


def _pairs(each: Sequence[Kind]) -> Iterator[tuple[Kind, Kind | None]]:
    return zip(each, [*each[1:], None], strict=True)


def _alone(folder: Path) -> None:
    """A fork's files and output are its own."""
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)
    said = os.open(folder / "said", os.O_CREAT | os.O_WRONLY)
    sys.stdout.flush()
    os.dup2(said, 1)
    os.dup2(said, 2)


def _write(file: Path, what: object, code: int = 0) -> None:
    file.write_text(json.dumps(what))
    os._exit(code)
