"""Child processes that leave nothing behind: each in a group of its own, logged to a file, ended with its parent.

Stopping ends the whole group, so that what a child started goes with it. If this process dies without stopping its
children, the reaper (``reaper.py``) does it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GRACE = 3.0
"""Seconds a child gets to stop before its group is killed."""

_running: set[Child] = set()


class ChildError(Exception):
    """A child process ended or stayed silent where it should have become ready."""


class Child:
    """One running child process and the lines it writes."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Path, ready: re.Pattern[str] | None) -> None:
        self.name = name
        self.log = log
        self._process = process
        self._pattern = ready
        self._ready: re.Match[str] | None = None
        self._settled = threading.Event()
        self._reader = threading.Thread(target=self._read, name=f"log of {name}", daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._process.pid

    def wait_until_ready(self, timeout: float) -> re.Match[str]:
        """Wait for the line that says the child is ready; raise `ChildError` if it ends or ``timeout`` seconds pass."""
        settled = self._settled.wait(timeout)
        if self._ready is not None:
            return self._ready
        self.stop()
        if settled:
            raise ChildError(self.ending(f"ended with exit code {self._process.returncode}"))
        raise ChildError(self.ending(f"was not ready in {timeout:.0f} s"))

    def wait(self, timeout: float) -> int:
        """Wait for the child's own end; returns its exit code, or raises `ChildError` after ``timeout`` seconds."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ChildError(self.ending(f"took longer than {timeout:.0f} s")) from None

    def ending(self, happened: str, count: int = 15) -> str:
        """A message about what happened to the child, with the last lines it wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        said = "\n".join(f"    {line}" for line in lines[-count:])
        return f"{self.name} {happened}. Its last lines ({self.log}):\n{said}"

    def stop(self) -> None:
        """End the process and everything it started; returns when they are gone."""
        send(self.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        send(self.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(GRACE)  # a process that left the group may still hold the pipe
        reaper().forget_group(self.pid)
        _running.discard(self)

    def _read(self) -> None:
        """Copy every line to the log, and notice the one that says "ready"."""
        stdout = self._process.stdout
        if stdout is None:
            raise RuntimeError("a child is started with a pipe")
        with stdout, self.log.open("a", encoding="utf-8") as log:
            for line in stdout:
                log.write(line)
                log.flush()
                if self._pattern and not self._ready and (match := self._pattern.search(line)):
                    self._ready = match
                    self._settled.set()
        self._settled.set()


class Reaper:
    """The process that outlives this one just long enough to end its children."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("reaper.py")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script)], stdin=subprocess.PIPE, text=True, start_new_session=True
        )
        self._lock = threading.Lock()

    def remember_group(self, group: int) -> None:
        """End this process group if we die."""
        self._tell(f"+{-group}")

    def forget_group(self, group: int) -> None:
        """This group has ended; its id may be given to others."""
        self._tell(f"-{-group}")

    def remember_process(self, pid: int) -> None:
        """End this one process if we die, for one that shares our group to share our terminal."""
        self._tell(f"+{pid}")

    def forget_process(self, pid: int) -> None:
        """This process has ended."""
        self._tell(f"-{pid}")

    def _tell(self, line: str) -> None:
        if self._process.stdin is None:
            raise RuntimeError("the reaper is started with a pipe")
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()


@functools.cache
def reaper() -> Reaper:
    """The one reaper of this process, started with the first child."""
    return Reaper()


def start(  # noqa: PLR0913 - the same things subprocess.Popen wants to know
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    ready: str | None = None,
) -> Child:
    """Start a child that writes to ``log``; ``ready`` is a pattern for the line by which it says that it serves.

    ``environment`` is the whole environment, not an addition to ours.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        list(command),
        cwd=cwd,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        bufsize=1,
        start_new_session=True,
    )
    reaper().remember_group(process.pid)
    child = Child(name, process, log, re.compile(ready) if ready else None)
    _running.add(child)
    return child


def stop_all() -> None:
    """Stop every child there is, so that no wait for one goes on; for the end of an interrupted start."""
    for child in list(_running):
        child.stop()


def run(  # noqa: PLR0913 - as above
    name: str,
    command: Sequence[str],
    *,
    timeout: float,
    log: Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a child to its end, for installs and builds; raise `ChildError` with its last lines if it fails or takes too long."""
    child = start(name, command, log=log, cwd=cwd, environment=environment)
    try:
        code = child.wait(timeout)
    finally:
        child.stop()
    if code:
        raise ChildError(child.ending(f"ended with exit code {code}"))


def send(group: int, signum: int) -> None:
    """Send a signal to a process group that may be gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signum)
