"""The log while the checks run: its watch begins with them, and ends for the checks that request it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.signals import Signal
from postdeploy.model import CheckResult, EvidenceKind, Outcome, Sent, Stage, evidence_lines
from postdeploy.plugin import streams
from postdeploy.plugin.record import RunRecord
from postdeploy.record.entries import Record
from postdeploy.report import allure
from postdeploy.run.log_request import VERCEL, LogRequest
from postdeploy.run.run import Run
from postdeploy.run.watched_log import LOG, WatchedLog

if TYPE_CHECKING:
    from postdeploy.analysis.suite_requests import SuiteRequest
    from postdeploy.logs.progress import ReadProgress
    from postdeploy.run.log_watch import Watch

_LOOK = 0.05
_ROUNDING = 2.0
_MOST_SERVER_LINES = 20
_SERVER_ERROR = 500
_LAST_WORDS = 10.0
"""Seconds that a watch gets to judge what it has seen, when another deployment has taken over."""
_LAST_ANNOUNCEMENT = 1.0
"""Seconds that the end of a run may take until the log names its requests."""


@dataclass(frozen=True, slots=True)
class LoggedRequests:
    """What the server logged of a check's failed requests."""

    lines: tuple[str, ...]
    """For people."""
    saturated: bool
    """Whether it names connections to the database that ran out."""


class RunLog:
    """In the process that a person started."""

    def __init__(self, run: Run, results: Callable[[], Iterable[CheckResult]], record: RunRecord) -> None:
        """`results`: of the checks that have ended.

        Raises:
            UsageError: what is read from a file can't be.
        """
        assert run.plan.log is not None
        self.report: LogReport | None = None
        """What the log says; None: that is not known yet."""
        self.watch: Watch | None = None
        """The watch of it; None: the modules that judge a log are still being loaded."""
        self._run = run
        self._request: LogRequest = run.plan.log
        self._results = results
        self._record = record
        self._ended = threading.Event()
        self._progress: ReadProgress | None = None
        """While a check waits for a file to be read."""
        if self._request.source != VERCEL or self._request.watch is not None or self._request.baseline:
            self.watch = self._open()

    def start(self) -> None:
        """Begin. Loading what judges a log takes as long as the start of a browser, so both happen at once."""
        threading.Thread(target=self._accompany, name="log", daemon=True).start()

    def _open(self) -> Watch:
        from postdeploy.report.reading_progress import ReadingProgress
        from postdeploy.run.log_access import LogAccess
        from postdeploy.run.log_watch import Settings, Watch

        redact, terminal = self._run.redact, streams.terminal()
        access = LogAccess(
            self._run,
            browser_requests=self._browser_requests,
            publish=self._publish,
            earlier=lambda: self._record.known or Record(),
            stdin=streams.standard_input(),
            progress=ReadingProgress(terminal, redact),
        )
        watch = Watch(Settings(self._run.runbook, dt.datetime.now(dt.UTC).date(), self._request), access)
        if self._request.source != VERCEL and self._request.watch is None:  # a watch has a screen of its own
            watch.progress = self._progress = ReadingProgress(
                terminal, redact, begins="\n", shows=lambda: self._run.log_requested
            )
        return watch

    def stop(self) -> None:
        """Stop watching; the log has the ids of our last requests, too."""
        self._ended.set()
        self._end_progress()
        if self.watch is None:
            return
        if self.report is not None:
            self.watch.announce(_LAST_ANNOUNCEMENT)
        self.watch.stop()

    def cut(self) -> None:
        """End the watch, for another deployment has taken over: only what was seen until now counts."""
        self._ended.set()
        if self.watch is not None:
            self.watch.cut()
            self.watch.join(_LAST_WORDS)
        self._run.store.put_first(LOG, WatchedLog(None))

    @property
    def stage(self) -> Stage:
        """What its report is about."""
        return self._request.stage(self._run.runbook.threshold.window)

    @property
    def open(self) -> bool:
        """Whether the window has not closed yet, for all that was seen."""
        return self.report is not None and self.report.window.seconds < self._run.runbook.threshold.window - _ROUNDING

    @property
    def auth_slow(self) -> bool:
        """Whether it shows that the auth service was slow."""
        return self.report is not None and self.report.shows(Signal.AUTH_SLOW)

    def join(self, result: CheckResult, allure_folder: Path) -> CheckResult:
        """A failing check with what the server logged of its failed requests; the whole of it is attached to its report."""
        logged = self._logged(result) if result.outcome is Outcome.FAILED else None
        if logged is None:
            return result
        redact = self._run.redact
        allure.attach_later(allure_folder, result.node_id, "server log", "\n".join(logged.lines), redact)
        shown = evidence_lines(map(redact, logged.lines[:_MOST_SERVER_LINES]), EvidenceKind.SERVER)
        return replace(result, evidence=(*result.evidence, *shown), saturated=result.saturated or logged.saturated)

    def _logged(self, result: CheckResult) -> LoggedRequests | None:
        """None: nothing failed, or there is no log."""
        failed = [one for one in result.sent if one.failed]
        entries = self.watch.entries if self.watch else ()
        if not failed or not self.watch or not entries:
            return None
        from postdeploy.analysis.correlation import correlate

        links = correlate(failed, entries, self.watch.world.clock.offset() * 1000)
        texts = self._run.runbook.meaning.saturation_texts
        return LoggedRequests(
            tuple(line for link in links for line in link.lines()),
            any(text in entry.message for link in links for entry in link.entries for text in texts),
        )

    def _browser_requests(self) -> Iterable[SuiteRequest]:
        """With the requests that look which deployment the address serves; one that was noted twice once."""
        from postdeploy.analysis.suite_requests import SuiteRequest

        results = list(self._results())
        sent = [one for result in results for one in result.sent]
        failed = [one for result in results if result.outcome is Outcome.FAILED for one in result.sent if _awaited(one)]
        keys = {one.request_id or id(one) for one in failed}
        once = {one.request_id or id(one): one for one in (*self._run.target.sent, *sent, *failed)}
        for key, one in once.items():
            yield SuiteRequest(one.request_id, one.method, one.path, one.status, one.at, key in keys)

    def _publish(self, report: LogReport) -> None:
        self.report = report
        self._end_progress()
        self._run.store.put_first(LOG, WatchedLog(report))

    def _end_progress(self) -> None:
        if self._progress is not None:
            self._progress.end()

    def _accompany(self) -> None:
        """Watch, and end the reading when a check requests the log, or all that it has to show of the run was requested."""
        watch = self._loaded()
        if watch is None or self._ended.is_set():
            return
        watch.start()
        while not (self._run.log_requested or self._run.requests_made):
            if watch.stopped:
                return
            time.sleep(_LOOK)
        watch.finish()

    def _loaded(self) -> Watch | None:
        """None: that failed, and is reported in place of the log."""
        try:
            self.watch = self.watch or self._open()
        except Exception as error:  # noqa: BLE001
            from postdeploy.analysis import log_summary

            self._publish(log_summary.unreadable(f"our own error: {type(error).__name__}: {error}", self.stage))
        return self.watch


def _awaited(sent: Sent) -> bool:
    """Whether the server writes about it: it threw, or says itself that it failed."""
    return sent.failed and bool(sent.digest or sent.ref or (sent.status or 0) >= _SERVER_ERROR)
