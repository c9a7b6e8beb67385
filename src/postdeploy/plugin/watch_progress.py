"""How far a watch is, while its checks wait: one screen in a terminal, else a line a minute and one at each change."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from postdeploy.model import Severity
from postdeploy.plugin import streams
from postdeploy.report.github import annotation
from postdeploy.report.watch_screen import WatchScreen
from postdeploy.report.watch_view import WatchView, one_line
from postdeploy.run.run import Run
from postdeploy.run.watched_inbox import RECOVERED, UPTIME, UPTIME_SO_FAR, UptimeProgress, sentences

if TYPE_CHECKING:
    from postdeploy.run.log_watch import Watch
    from postdeploy.system.store import Key
    from postdeploy.uptime.journey import UptimeReport

_LOOK = 0.2
_LINE_EVERY = 60.0
"""Seconds between two lines where there is no screen."""


class WatchProgress:
    """In the process that a person started. `quiet`: no screen."""

    def __init__(
        self, run: Run, log: Watch | None, *, quiet: bool = False, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._run = run
        self._log = log
        self._quiet = quiet
        self._environ = environ
        self._ended = threading.Event()
        self._lock = threading.RLock()
        self._screen: WatchScreen | None = None
        self._thread = threading.Thread(target=self._accompany, name="watch progress", daemon=True)

    def start(self) -> None:
        """From the moment on at which a check waits for the watch."""
        self._thread.start()

    def stop(self) -> None:
        """The run ends: the terminal is as it was."""
        self._ended.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(1.0)
        with self._lock:
            if self._screen is not None:
                self._screen.leave()

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Within, the screen is not there: what is written stays. It does not come back where nothing is waited for any more."""
        with self._lock:
            covered = self._screen is not None and self._screen.shown
            if self._screen is not None:
                self._screen.leave()
            yield
            if covered and self._screen is not None and not self._over:
                self._screen.enter()

    def _accompany(self) -> None:
        while not self._run.log_requested:
            if self._ended.wait(_LOOK):
                return
        with streams.terminal() as file:
            if file.isatty() and not self._quiet:
                self._show(file)
            else:
                self._print(file)

    def _show(self, file: TextIO) -> None:
        with self._lock:
            self._screen = WatchScreen(file)
            self._screen.enter()
        while not self._over:
            with self._lock:
                self._screen.show(self._redacted())
            self._ended.wait(_LOOK)
        with self._lock:
            self._screen.leave()
            self._screen = None

    def _print(self, file: TextIO) -> None:
        printed: float | None = None
        known = _state(self._view())
        while not self._over:
            view, now = self._redacted(), time.monotonic()
            state = _state(view)
            if view.left is not None and (printed is None or now - printed >= _LINE_EVERY or state != known):
                begin = "" if printed else "\n"  # pytest has begun a line
                print(f"{begin}{one_line(view)}", file=file, flush=True)
                if state != known and (note := annotation(_level(view), view.verdict, self._environ)):
                    print(note, file=file, flush=True)
                printed, known = now, state
            self._ended.wait(_LOOK)

    @property
    def _over(self) -> bool:
        if self._ended.is_set() or self._run.superseded:
            return True
        log = self._log is None or self._log.stopped
        return log and (self._run.plan.uptime is None or self._run.store.get(self._inbox_ends_with) is not None)

    @property
    def _inbox_ends_with(self) -> Key[UptimeReport]:
        return RECOVERED if self._run.plan.until_recovered else UPTIME

    def _redacted(self) -> WatchView:
        return self._view(self._run.redact)

    def _view(self, redact: Callable[[str], str] = str) -> WatchView:
        run, log = self._run, self._log
        latest = log.latest if log is not None else None
        progress = run.store.get(UPTIME_SO_FAR)
        inbox = progress.report if progress else None
        watched = run.plan.log.watch if run.plan.log else None
        whole = watched or run.plan.uptime or run.runbook.threshold.window
        verdict, fails = _verdict_so_far(self._log, inbox)
        left = log.closes if log is not None else _left(progress, whole)
        return WatchView(
            url=redact(run.plan.url),
            deployment=redact(run.deployment.name) if run.deployment else "",
            verdict=redact(verdict),
            fails=fails,
            log=latest,
            reads_log=log is not None,
            left=left,
            whole=whole,
            allowed=run.runbook.threshold.unique,
            inbox=inbox,
            watches_inbox=run.plan.uptime is not None,
            slo=sentences(inbox, run.runbook.slo) if inbox else (),
            next=tuple(_next(progress, left)),
        )


def _left(progress: UptimeProgress | None, whole: float) -> float | None:
    return None if progress is None else whole - progress.report.seconds - (time.time() - progress.at)


def _next(progress: UptimeProgress | None, left: float | None) -> Iterator[tuple[str, float]]:
    if progress:
        step, seconds = progress.until_next(time.time())
        yield (f"{step} (the repeat)" if progress.schedule.repeats else str(step)), seconds
    if left is not None and left > 0:
        yield "verdict", left


def _verdict_so_far(log: Watch | None, inbox: UptimeReport | None) -> tuple[str, bool]:
    """In words, and whether it fails. A PASS is never given early."""
    latest = log.latest if log is not None else None
    failing = next((one for one in latest.findings if one.severity is Severity.FAIL), None) if latest else None
    if failing:
        return f"FAIL: {failing.sentence}", True
    if inbox is not None and inbox.broken:
        return f"FAIL: {inbox.broken}; watched until it works again", True
    if inbox is not None and inbox.journeys and not inbox.journeys[-1].passed:
        return "a journey failed: it is repeated once before it counts", False
    return "no failure; PASS is only given at the end", False


def _state(view: WatchView) -> tuple[object, ...]:
    """What makes a line of its own: an error more, a journey that failed or recovered, a verdict."""
    journeys = view.inbox.journeys if view.inbox else ()
    return (
        view.log.totals.unique if view.log else 0,
        bool(journeys) and not journeys[-1].passed,
        view.fails,
        len(view.inbox.gaps) if view.inbox else 0,
    )


def _level(view: WatchView) -> str:
    return "error" if view.fails else "warning"
