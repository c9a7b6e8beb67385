"""What was read of a log so far, and what it means: no thread, no socket, the clock is a parameter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from postdeploy.analysis import known_before, log_ends, log_summary
from postdeploy.analysis import suite_requests as by_suite
from postdeploy.analysis.baseline import compared
from postdeploy.analysis.failed_requests import failed_requests
from postdeploy.analysis.fingerprint import named_slots, words
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.live_rows import LiveRows
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.log_summary import JudgedLog, ReadLog
from postdeploy.analysis.request_kinds import PRODUCTION
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.run_sentinels import RunSentinels, says_otherwise
from postdeploy.analysis.settling import Settled
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import RowMeaning
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.analysis.undecidable import undecidable, unused
from postdeploy.analysis.variants import linked
from postdeploy.logs.entry import LogEntry, label, request_key
from postdeploy.logs.protocol import News, Shows, Span
from postdeploy.logs.sentinel import Sentinel, answered, sentinel_in
from postdeploy.logs.spans import union
from postdeploy.logs.window import Leeway, Proof, Seen, judged_window, prove, traffic_since
from postdeploy.runbook.tables import Runbook

_USUAL = BookSettings()


class Logbook:
    """Takes news in, in any order, and reports what they mean."""

    def __init__(self, runbook: Runbook, today: dt.date, opening: Opening, settings: BookSettings = _USUAL) -> None:
        self.opening = opening
        self.seen = Seen()
        self.sentinels = RunSentinels()
        self.own: tuple[str, ...] = ()
        """Ids of this run's own requests, as far as the log shows them: also of those whose answer did not say theirs."""
        self._runbook = runbook
        self._settings = settings
        self._leeway = Leeway(runbook.logs.uncovered_start, settings.tolerance)
        self._first = round(runbook.threshold.window * 1000)
        self._length = round(settings.window * 1000) if settings.window else self._first
        self._reader = SignalReader(runbook, today)
        self._settled = Settled(settings.most_rows)
        self._rows = LiveRows(self._settled.ledger)
        self._read = 0
        self._other_environments: set[str] = set()
        """Environments that are not production, whose rows are not counted."""

    # What goes in -------------------------------------------------------------------------------------------------------

    def sent(self, sentinel: Sentinel) -> None:
        """A sentinel was sent."""
        self.seen.sent.append(sentinel)

    def note(self, news: News, now: int, shows: Shows) -> bool:
        """Take news in; whether that may change the report."""
        for entry in news.entries:
            self._note_row(entry, now)
            if Shows.LIVE not in shows:
                self._cover(entry.at)
        self.sentinels.settle(self._rows.remove, self.seen.arrived, shows, self._meaning)
        if news.covered:
            self.seen.covered.append(news.covered)
        if news.malformed:
            self.seen.malformed += news.malformed
            self.seen.notes.append(f"a row that could not be read: {named_slots(words(news.malformed_example))[:120]}")
        self.seen.add(news)
        return bool(news.entries or news.gap)

    def _note_row(self, entry: LogEntry, now: int) -> None:
        self._read += 1
        key, own = entry.row_id or f"#{self._read}", sentinel_in(entry.path)
        if own is not None and own in self.seen.sent:
            self.seen.shown.add(own)
            self.sentinels.note(own, key, entry, max(0, now - entry.at))
        elif answered(entry) and not says_otherwise(entry, self._meaning):
            return
        if entry.environment in PRODUCTION:
            self._rows.put(key, entry)  # the later of two says more of the same row
        elif own is None:
            self._other_environments.add(label(str(entry.environment)))

    def _cover(self, moment: int) -> None:
        """A file covers what lies between its first row and its last."""
        known = self.seen.covered[0] if self.seen.covered else Span(moment, moment + 1)
        self.seen.covered = [Span(min(known.since, moment), max(known.until, moment + 1))]

    # What comes out -----------------------------------------------------------------------------------------------------

    def shows_failed(self, ours: Iterable[SuiteRequest]) -> bool:
        """Whether the log says something about each request of ours that failed a check."""
        self._rows.settle(self._reader.read)
        return failed_requests(self._rows, ours, self._meaning).is_shown

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """The rows as they were at the last report, each with a request id. Another thread may ask."""
        return self._rows.entries()

    @property
    def all_arrived(self) -> bool:
        """Whether every sentinel that was sent has arrived."""
        return all(one in self.seen.arrived for one in self.seen.sent)

    def covered_until(self, moment: int, shows: Shows) -> bool:
        """Whether all before this moment is covered, except for gaps that the source has reported.

        The history covers late: a gap before or after what was received live may still close.
        """
        since = self.window.since
        seen = [span.since for span in self.seen.covered if span.until > since]
        begins = since if Shows.HISTORY in shows else max(since, min(seen, default=moment))
        settled = union([*self.seen.covered, *(gap.span for gap in self.seen.gaps)])
        return any(span.since <= begins and span.since < moment <= span.until for span in settled)

    @property
    def window(self) -> Span:
        """The span whose requests are judged; the threshold is about its first minutes alone."""
        since = self.opening.since
        if since is None:
            since = traffic_since(self._rows.times(self.opening.deployment), self._first)
        return Span(since, since + self._length)

    def closes(self, shows: Shows) -> int:
        """When all of it has passed, epoch milliseconds: later than the window, where its beginning could not be seen."""
        return judged_window(self.window, self.seen, shows, self._leeway).until

    def report(self, asked: ReportRequest) -> LogReport:
        """What all this means."""
        self.sentinels.settle(self._rows.remove, self.seen.arrived, asked.shows, self._meaning, closed=asked.closed)
        proof = prove(self.window, asked.until, self.seen, asked.shows, self._leeway)
        ours = tuple(asked.suite_requests)
        ledger, suite = self._ledger(ours)
        suite.update(asked.earlier_requests)
        evidence = self._evidence(asked, proof, ledger, suite, ours)
        known = known_before.KnownSplit()
        if self._settings.tolerates_known:
            known = known_before.split(evidence.tally, asked.baseline, asked.shows)
        found = findings(
            replace(
                evidence,
                tally=known_before.without(evidence.tally, known.tolerated),
                first=known_before.without(evidence.first, known.tolerated),
            )
        )
        self.seen.truncated = self._reader.truncated_unknown
        undecided = undecidable(evidence, found)
        doubts = [*proof.missing, *self._not_whole(asked, proof, evidence), *self._doubts(evidence, ledger), *undecided]
        if asked.closed and not undecided:
            doubts += log_ends.end_badly(
                lambda span: self._as_it_counts(self._tally(ledger, span, suite), asked), evidence, found, proof.judged
            )
        notes = [*self.seen.notes, *asked.notes, *log_summary.shortcomings(asked.shows)]
        notes += [*log_summary.limits(self._reader), *log_summary.unread(self._reader.unread)]
        window = Span(self.window.since, self.window.since + self._first)
        said = log_summary.report(
            ReadLog(
                source=asked.source,
                stage=asked.stage,
                deployment=self.opening.deployment,
                window=window,
                opened_by=self.opening.source,
                closed=asked.closed,
            ),
            replace(proof, proven=not doubts, missing=tuple(dict.fromkeys(doubts))),
            self.seen,
            JudgedLog(
                evidence.tally,
                self._runbook.logs,
                evidence.first.unique,
                found,
                asked.baseline,
                known,
                self._runbook.threshold.unique,
            ),
            [*notes, *log_summary.certainty(evidence.first, self._runbook, asked.baseline)],
        )
        return msgspec.structs.replace(said, own_requests=by_suite.ids_of(ours, self.own))

    def _evidence(
        self, asked: ReportRequest, proof: Proof, ledger: Ledger, suite: set[str], ours: Sequence[SuiteRequest]
    ) -> LogEvidence:
        since = proof.judged.since
        whole = Span(since, since + self._length)  # not to `until`: rows may be ahead of what we take for now
        opened = Span(since, since + self._first)
        tally = compared(replace(self._tally(ledger, whole, suite), seconds=proof.seconds), asked.baseline)
        first = compared(self._tally(ledger, opened, suite), asked.baseline) if whole.until > opened.until else tally
        return LogEvidence(
            tally=tally,
            first=first,
            runbook=self._runbook,
            baseline=asked.baseline,
            shows=asked.shows,
            closed=asked.closed,
            browser_reads=by_suite.successful_reads(ours, self._runbook.app.reads),
            failed_requests=failed_requests(self._rows, ours, self._meaning),
        )

    def _tally(self, ledger: Ledger, span: Span, suite: Iterable[str]) -> Tally:
        return linked(ledger.tally(span, self.opening.deployment, suite), self._runbook.logs)

    def _as_it_counts(self, tally: Tally, asked: ReportRequest) -> Tally:
        """Compared, and after a rollback without what was known before."""
        found = compared(tally, asked.baseline)
        if not self._settings.tolerates_known:
            return found
        return known_before.without(found, known_before.split(found, asked.baseline, asked.shows).tolerated)

    def _ledger(self, suite_requests: Iterable[SuiteRequest]) -> tuple[Ledger, set[str]]:
        """All rows by request, and the ids of those that are the suite's own."""
        self._rows.settle(self._reader.read)
        if self.opening.since is not None:
            self._settled.take(self._rows, self._meaning)
        own = by_suite.ids_in_log(self._rows, suite_requests)
        self.own = tuple(by_suite.announceable(own))
        named = {request_key(one.request_id) for one in suite_requests} - {None}
        return self._rows.ledger(), own | set(map(str, named)) | {*self._rows.announced()}

    def _meaning(self, row: LogEntry) -> RowMeaning:
        return self._rows.meaning(row) or self._reader.read(row)

    def _not_whole(self, asked: ReportRequest, proof: Proof, evidence: LogEvidence) -> Iterator[str]:
        tolerance = self._settings.tolerance
        least = (self._length - tolerance) / 1000 if asked.whole else tolerance / 2000
        if asked.closed and proof.seconds < least:
            yield f"only {proof.seconds:.0f} s of it were seen"
        if asked.closed and asked.whole:
            yield from unused(evidence)

    def _doubts(self, evidence: LogEvidence, ledger: Ledger) -> list[str]:
        """What keeps this from proving anything, besides gaps."""
        wanted = self.opening.deployment
        others = sorted({name for name in ledger.beginnings(self._first) if name != wanted}) if wanted else []
        doubts = list(self.seen.unread)
        if not self._read:
            doubts.append("the log is empty")
        elif self._other_environments and not (self._rows or self._settled.rows):
            doubts.append(f"the log is of {', '.join(sorted(self._other_environments))}, not of production")
        elif others and not evidence.first.at.size:
            doubts.append(f"the log holds no row of {wanted}; it is of {', '.join(others[:3])}")
        if unseen := evidence.failed_requests.unseen:
            doubts.append(f"{unseen} of {evidence.failed_requests.count} requests that failed a check are not in it")
        if self.seen.malformed and Shows.LIVE not in evidence.shows:  # a stream reports a gap for such a row
            doubts.append(f"{wording.count(self.seen.malformed, 'row')} could not be read")
        return doubts
