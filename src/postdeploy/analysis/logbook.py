"""What was read of a log so far, and what it comes to: no thread, no socket, the clock is a parameter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from postdeploy.analysis import known_before, log_summary
from postdeploy.analysis.baseline import Baseline, compared
from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_summary import JudgedLog, ReadLog
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import Evidence
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import RowMeaning, Signal
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.protocol import News, Shows, Span
from postdeploy.logs.requests import identified
from postdeploy.logs.sentinel import Sentinel, sentinel_in
from postdeploy.logs.window import TOLERANCE, Seen, judged_window, prove, union
from postdeploy.model import Stage
from postdeploy.runbook.tables import Runbook

_PRODUCTION = (None, "", "production")
_NEAR = 2_000
"""Milliseconds within which a request of our browser and a row that names no request may be the same."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When the deployment got production traffic, and how that is known."""

    since: int | None
    """Epoch milliseconds by the platform's clock; None: with the first row of the log."""
    source: str
    deployment: str | None = None
    """Only its rows count; None: not known."""


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request of the suite's own browser."""

    request_id: str | None
    method: str
    path: str
    status: int | None
    at: float
    """Epoch milliseconds by the platform's clock."""


class Logbook:
    """Takes news in, in any order, and says what they come to."""

    def __init__(  # noqa: PLR0913 - what a book is about
        self,
        runbook: Runbook,
        today: dt.date,
        opening: Opening,
        window: float | None = None,
        tolerance: int = TOLERANCE,
        *,
        bears_the_known: bool = False,
    ) -> None:
        """`window`: seconds, if not those of the threshold; `tolerance`: milliseconds that are no gap.

        `bears_the_known`: what the baseline knows fails nothing, unless there is more of it than there was.
        """
        self._bears_the_known = bears_the_known
        self._tolerance = tolerance
        self.opening = opening
        self.seen = Seen()
        self.entries: tuple[LogEntry, ...] = ()
        """The rows as they were at the last report, each with a request id."""
        self.personal: frozenset[str] = frozenset()
        """The messages that hold personal data."""
        self._runbook = runbook
        self._first = round(runbook.threshold.window * 1000)
        self._length = round(window * 1000) if window else self._first
        self._reader = SignalReader(runbook, today)
        self._rows: dict[str, LogEntry] = {}
        self._meanings: dict[str, tuple[LogEntry, RowMeaning]] = {}
        self._read = 0
        self._elsewhere: set[str] = set()
        """Environments that are not production, and their rows are not counted."""

    # What goes in -------------------------------------------------------------------------------------------------------

    def sent(self, sentinel: Sentinel) -> None:
        """A sentinel is on its way."""
        self.seen.sent.append(sentinel)

    def note(self, news: News, now: int, shows: Shows) -> bool:
        """Take news in; whether anything is to be judged anew."""
        for entry in news.entries:
            self._note_row(entry, now)
            if Shows.LIVE not in shows:
                self._stretch(entry.at)
        if news.covered:
            self.seen.covered.append(news.covered)
        if news.gap:
            self.seen.gaps.append(news.gap)
        if news.malformed:
            self.seen.malformed += news.malformed
            self.seen.notes.append(f"a row that could not be read: {news.malformed_example[:120]}")
        if news.note:
            self.seen.notes.append(news.note)
        return bool(news.entries or news.gap)

    def _note_row(self, entry: LogEntry, now: int) -> None:
        self._read += 1
        if sentinel := sentinel_in(entry.path):
            if sentinel in self.seen.sent:
                self.seen.arrived.setdefault(sentinel, max(0, now - entry.at))
        elif entry.environment in _PRODUCTION:
            self._rows[entry.row_id or f"#{self._read}"] = entry  # the later tells more of the same row
        else:
            self._elsewhere.add(str(entry.environment))

    def _stretch(self, moment: int) -> None:
        """A file vouches for what lies between its first row and its last."""
        known = self.seen.covered[0] if self.seen.covered else Span(moment, moment + 1)
        self.seen.covered = [Span(min(known.since, moment), max(known.until, moment + 1))]

    # What comes out -----------------------------------------------------------------------------------------------------

    @property
    def all_arrived(self) -> bool:
        """Whether every sentinel that was sent has turned up."""
        return all(one in self.seen.arrived for one in self.seen.sent)

    def covered_until(self, moment: int, shows: Shows) -> bool:
        """Whether the source vouches for all that was before this moment, but for gaps that it has told.

        The history vouches late: a hole before or after what was heard live may close yet.
        """
        since = self.window.since
        seen = [span.since for span in self.seen.covered if span.until > since]
        begins = since if Shows.HISTORY in shows else max(since, min(seen, default=moment))
        told = union([*self.seen.covered, *(gap.span for gap in self.seen.gaps)])
        return any(span.since <= begins and span.since < moment <= span.until for span in told)

    @property
    def window(self) -> Span:
        """The stretch whose requests are to be judged; the threshold looks at its first minutes alone."""
        since = self.opening.since
        if since is None:
            wanted = self.opening.deployment
            mine = (row.at for row in self._rows.values() if wanted in (None, row.deployment_id))
            since = min(mine, default=0)
        return Span(since, since + self._length)

    def closes(self, shows: Shows) -> int:
        """When all of it has passed, epoch milliseconds: later than the window, where its beginning could not be seen."""
        return judged_window(self.window, self.seen, shows, self._runbook.logs.uncovered_start).until

    def report(  # noqa: PLR0913 - everything that a judgement rests on
        self,
        until: int,
        shows: Shows,
        *,
        source: str,
        stage: Stage,
        closed: bool,
        whole: bool = False,
        own: Iterable[OwnRequest] = (),
        baseline: Baseline | None = None,
        notes: Iterable[str] = (),
    ) -> LogReport:
        """What all this comes to, as far as `until`. `closed`: nothing more will come; `whole`: all of the window should be seen."""
        proof = prove(self.window, until, self.seen, shows, self._runbook.logs.uncovered_start, self._tolerance)
        ledger, ours = self._ledger(own)
        wanted = self.opening.deployment
        judged_span = Span(
            proof.judged.since, proof.judged.since + self._length
        )  # our idea of now may be behind the rows'
        tally = compared(replace(ledger.tally(judged_span, wanted, ours), seconds=proof.seconds), baseline)
        opened = Span(proof.judged.since, proof.judged.since + self._first)
        first = compared(ledger.tally(opened, wanted, ours), baseline) if judged_span.until > opened.until else tally
        kinds = known_before.split(tally, baseline, shows) if self._bears_the_known else known_before.KnownSplit()
        evidence = Evidence(
            tally=known_before.without(tally, kinds.tolerated),
            first=known_before.without(first, kinds.tolerated),
            runbook=self._runbook,
            baseline=baseline,
            shows=shows,
            closed=closed,
        )
        judged = findings(evidence)
        self.seen.truncated = self._reader.truncated_unknown
        foreign = {name for name in ledger.first_rows() if name != wanted} if wanted else set()
        least = (self._length - self._tolerance) / 1000 if whole else self._tolerance / 2000
        short = [f"only {proof.seconds:.0f} s of it were seen"] if closed and proof.seconds < least else []
        doubts = [*proof.missing, *short, *self._doubts(replace(evidence, first=first), foreign, judged)]
        window = Span(self.window.since, self.window.since + self._first)
        said = [*self.seen.notes, *notes, *self._notes(shows), *log_summary.certainty(first, self._runbook, baseline)]
        return log_summary.report(
            ReadLog(source, stage, wanted, window, self.opening.source, closed),
            replace(proof, proven=not doubts, missing=tuple(dict.fromkeys(doubts))),
            self.seen,
            JudgedLog(tally, len(errors(first)), judged, baseline, kinds),
            said,
        )

    def _ledger(self, own: Iterable[OwnRequest]) -> tuple[Ledger, set[str]]:
        """All rows by request, and which of them are our own browser's."""
        rows = identified(self._rows.values())
        ledger = Ledger()
        for row in rows:
            ledger.add(row, self._meaning(row))
        self.entries = tuple(rows)
        self.personal = frozenset(
            row.message
            for row, meaning in self._meanings.values()
            if meaning.message and Signal.PERSONAL_DATA in meaning.message.signals
        )
        return ledger, own_ids(rows, own)

    def _meaning(self, row: LogEntry) -> RowMeaning:
        known = self._meanings.get(row.row_id or "")
        if known is not None and known[0] == row:
            return known[1]
        meaning = self._reader.read(row)
        if row.row_id:
            self._meanings[row.row_id] = (row, meaning)
        return meaning

    def _doubts(self, evidence: Evidence, foreign: set[str], judged: tuple[LogFinding, ...]) -> list[str]:
        """What keeps this from proving anything, besides gaps."""
        doubts = []
        if not self._read:
            doubts.append("the log is empty")
        elif self._elsewhere and not self._rows:
            doubts.append(f"the log is of {', '.join(sorted(self._elsewhere))}, not of production")
        elif foreign and not evidence.first.at.size:
            doubts.append(
                f"the log holds no row of {self.opening.deployment}; it is of {', '.join(sorted(foreign)[:3])}"
            )
        if (
            self.seen.malformed and Shows.LIVE not in evidence.shows
        ):  # a stream tells a gap where a row of it can't be read
            doubts.append(f"{self.seen.malformed} rows could not be read")
        doubts += undecidable(evidence, judged)
        return doubts

    def _notes(self, shows: Shows) -> list[str]:
        notes = log_summary.shortcomings(shows)
        for known in self._reader.expired:
            notes.append(f"known noise hides nothing since {known.until}: {known.pattern} ({known.owner})")
        if not self._reader.inbox_error_lines:
            notes.append("no error line of the inbox: nothing to confirm about debug ids")
        if self._reader.truncated_unknown:
            notes.append(
                f"{self._reader.truncated_unknown} error messages were cut and fit no class: unknown, not clean"
            )
        return notes


def errors(tally: Tally) -> tuple[Incident, ...]:
    """The Server Action errors that are not the suite's own alone."""
    return tuple(one for one in tally.of(Signal.SERVER_ACTION_ERROR) if one.requests)


def own_ids(rows: Iterable[LogEntry], own: Iterable[OwnRequest]) -> set[str]:
    """The ids under which the log knows the requests of our own browser: by their ids; where it has none, by path and time."""
    kinds: dict[tuple[str, str], list[LogEntry]] = {}
    named = set()
    for row in rows:
        named.add(row.request_id)
        if (row.request_id or "").startswith("~"):
            kinds.setdefault((row.method, row.path), []).append(row)
    ours: set[str] = set()
    for one in own:
        key = request_key(one.request_id)
        if key in named:
            ours.add(str(key))
            continue
        near = [
            row
            for row in kinds.get((one.method, one.path.partition("?")[0]), ())
            if abs(row.at - one.at) <= _NEAR and row.request_id not in ours and row.status in (None, one.status)
        ]
        if near:
            ours.add(str(min(near, key=lambda row: (abs(row.at - one.at), row.at)).request_id))
    return ours
