"""Reads rows: what kind of request a row belongs to, and what its message means.

The patterns are data (the runbook's signals); what a status on a path means stands here.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from postdeploy.analysis import library_notes, structured_lines, tokens
from postdeploy.analysis.fingerprint import MAX_LENGTH, has_stack, head, without_fields, words_of
from postdeploy.analysis.message_patterns import Circumstances, MessagePatterns
from postdeploy.analysis.message_reader import MessageReader, ReadMessage, begins_like_an_error, is_uncaught
from postdeploy.analysis.remembered import Remembered
from postdeploy.analysis.request_kinds import RequestKinds
from postdeploy.analysis.request_routes import RequestRoutes, is_sign_in
from postdeploy.analysis.signals import PLAIN, LongMessage, MessageMeaning, Part, Route, RowMeaning, Signal, status_of
from postdeploy.analysis.silence import hint
from postdeploy.logs import levels
from postdeploy.logs.announcement import announced
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.own_marks import UNKNOWN_ACTION
from postdeploy.page.journal import path_template
from postdeploy.runbook.app_routes import CRON
from postdeploy.runbook.tables import Runbook

_ENDS_NO_REQUEST = re.compile(r"[^\n]{0,40}\b(?:unhandledRejection|uncaughtException)")
_RENDERS_ELSEWHERE = re.compile(r"\bdigest['\"]?: ?['\"](?:DYNAMIC|BAILOUT)_")
"""The digest of what the framework throws to render a page elsewhere, not of an error."""
_CUT_FROM = 990
"""Characters of a message from which on its source may have cut it: a digest stands at the end."""
_OF_THE_DATABASE = re.compile(
    r"\s*\[?(?i:prisma(?!:(?:query|info)\b)|database|db|pg|postgres|pool)\b"
    r"|[^\n]{0,200}\b(?:PrismaClient\w{1,40}|Postgres|Postgrest|DriverAdapter|DrizzleQuery|NeonDb)Error\b"
)
"""Lines of the app's database client, by their beginning or by the class of an error: no person wrote them."""
_EXPLAINS_NOTHING = frozenset({Signal.UNNAMED_ABORT, Signal.INBOX_ERROR, Signal.MISSING_DEBUG_ID, Signal.PERSONAL_DATA})
"""Signals that say that something failed, or what stands in its line, not why."""
_NOT_ITS_OWN = frozenset({Signal.CLIENT_LEFT, Signal.VERSION_SKEW})
"""Signals of errors that are not the build's."""
_CACHED = 20_000
"""Messages that are remembered."""

_AWAY = " away from the inbox"
"""Behind a redirect of a read: the digest says so, which the words of an error leave out."""


class _Line(NamedTuple):
    """All that the meaning of a message depends on: few differ, however many messages there are."""

    said: ReadMessage
    level: str
    route: Route
    failing: bool
    """Its request failed."""
    refused: bool
    """It was refused (4xx)."""
    led_on: bool
    """It was led on to another page (3xx)."""
    truncated: bool
    may_be_cut: bool


class _Meant(NamedTuple):
    message: MessageMeaning | None
    is_inbox_line: bool
    """It is one of the inbox's own error lines."""
    is_unknown: bool
    """An error that was cut, and that no signal explains."""


class SignalReader:
    """Reads rows by the patterns of a runbook."""

    def __init__(self, runbook: Runbook, today: dt.date) -> None:
        self._runbook = runbook
        self.expired = tuple(known for known in runbook.known if known.until < today)
        """Known noise that has expired: it hides nothing any more."""
        self.patterns = MessagePatterns(runbook, self.expired)
        self._routes = RequestRoutes(runbook)
        self.kinds = RequestKinds(self._routes)
        """The kinds of requests, by the cells of an export's row."""
        self._machines = re.compile("|".join(runbook.logs.machines) or r"(?!)")
        self._inbound = re.compile("|".join(runbook.logs.inbound) or r"(?!)")
        named = (one.rpartition(" ") for one in runbook.logs.routes)
        self._crons = frozenset(path_template(path) for kind, _, path in named if kind == CRON)
        origin = urlsplit(runbook.environment.foreign_origin).netloc
        self._own_texts = tuple(text for text in (origin, UNKNOWN_ACTION) if text)
        """What only messages about the suite's own probes contain, where a source shows nothing else of them."""
        self._words = Remembered(words_of, _CACHED)
        self._normalized = Remembered(self._words_of, _CACHED)
        """The words of texts without instances."""
        self._messages = MessageReader(self.patterns)
        self._meant = Remembered(self._meaning, _CACHED)
        """What lines mean."""
        self.inbox_error_lines = 0
        """How many of the inbox's own error lines were read: none at all confirms nothing about debug ids."""
        self.truncated_unknown = 0
        """Error messages that were cut and that no signal explains: unknown, not clean."""
        self.unread: set[LongMessage] = set()
        """Messages that are longer than what is read of one."""

    def route(self, method: str, path: str, function: str = "") -> Route:
        """What kind of request it is. `function`: the route of the one that answered, if the row names it."""
        return self._routes.of(method, path, function)

    def read(self, entry: LogEntry) -> RowMeaning:
        """What a row means."""
        route = self.route(entry.method, entry.path, entry.function)
        status = status_of(entry.status)
        if entry.message and not entry.message.isspace():
            message = self.message(entry.message, entry.level, route, status, truncated=entry.truncated)
        else:
            message = self.hint(entry.took, entry.memory, entry.source) if status >= 500 else None
        own = entry.own or bool(announced(entry)) or (message is not None and self.names_own(entry.message))
        shown_by_line = entry.status is None and route.part in (Part.ACTION, Part.PAGE)
        is_cut = entry.truncated or len(entry.message) >= _CUT_FROM
        if shown_by_line and message and message.rank == 0 and _fails_a_request(entry.message, is_cut=is_cut):
            return RowMeaning(route, 500, message, own)  # in a source without statuses only this line shows the failure
        return RowMeaning(route, status, message, own)

    def hint(self, took: int | None, memory: int | None, source: str) -> MessageMeaning | None:
        """What a row without a message, of a failing request, shows of the reason: its milliseconds, percent of its memory, source."""
        return hint(took, memory, source, self._runbook.logs)

    def names_own(self, message: str) -> bool:
        """Whether a message that means something is about a probe of the suite."""
        return any(text in message for text in self._own_texts)

    def is_meaningful(self, message: str, level: str, *, failing: bool) -> bool | None:
        """Whether a row says more than that its request was there; None: its words decide (`meaningful`)."""
        if not message or level in levels.IGNORED or message.isspace():
            return False
        if failing or level in levels.ERRORS or is_uncaught(message):
            return True
        return True if not level and begins_like_an_error(message) else None

    def meaningful(self, messages: Sequence[str]) -> list[int]:
        """Which of these messages mean something by their words. Much quicker than one by one, for few do."""
        return [
            at
            for at in self.patterns.possible(messages)
            if self.patterns.decide(messages[at]) or structured_lines.is_error(messages[at])
        ]

    def _is_inbox(self, route: Route, *parts: Part) -> bool:
        """Whether it is a read of the inbox, or one of these parts of its page."""
        is_its_page = route.template.partition(" ")[2] == path_template(self._runbook.app.inbox_path)
        return route.part is Part.INBOX or (route.part in parts and is_its_page)

    def _is_of_people(self, route: Route) -> bool:
        """Whether people use it, with a session: not a cron, nor a webhook."""
        path = route.template.partition(" ")[2]
        return route.part is not Part.ROUTE or not (path in self._crons or self._machines.search(path))

    def _is_inbound(self, route: Route) -> bool:
        """Whether people outside send texts by it."""
        path = route.template.partition(" ")[2]
        return route.part is Part.ROUTE and path not in self._crons and self._inbound.search(path) is not None

    def message(
        self, message: str, level: str, route: Route, status: int, *, truncated: bool = False
    ) -> MessageMeaning | None:
        """What a message that is not blank means. `status`: its request's."""
        if level in levels.IGNORED:
            return None
        failing = status >= 500
        line = _Line(
            self._messages.read(
                message, failing=failing and level not in levels.LOWER, inbound=self._is_inbound(route)
            ),
            level,
            route,
            failing,
            400 <= status < 500,
            300 <= status < 400,
            truncated,
            may_be_cut=len(message) >= _CUT_FROM,
        )
        meant = self._meant[line]
        self.inbox_error_lines += meant.is_inbox_line
        self.truncated_unknown += meant.is_unknown
        if len(message) > MAX_LENGTH and meant.message:
            self.unread.add(LongMessage(f"{MAX_LENGTH:,} characters", zlib.crc32(message.encode(errors="replace"))))
        return meant.message

    def _words_of(self, text: str) -> str:
        said = head(text)
        if tokens.are_more(said):
            self.unread.add(
                LongMessage(f"{tokens.MOST} words, blanks and marks", zlib.crc32(said.encode(errors="replace")))
            )
        return self._words[without_fields(said)]

    def _meaning(self, line: _Line) -> _Meant:
        failing = line.failing
        is_error = line.said.own_level == structured_lines.ERROR or (
            line.level in levels.ERRORS and (failing or not line.said.own_level)
        )
        is_error = is_error or (line.level == "" and (failing or (line.said.begins and not line.said.own_level)))
        uncaught = line.said.is_uncaught
        if (is_error or uncaught) and structured_lines.is_harmless(line.said.text, failing=failing):
            is_error, uncaught = self._leads_away(line), False
        is_thrown = is_error and not failing and structured_lines.is_control_flow(line.said.text)
        if is_thrown and (line.led_on or line.refused):  # it is answered by what was thrown
            return _Meant(None, is_inbox_line=False, is_unknown=False)
        is_inbox_line = (
            not is_thrown
            and self._is_inbox(line.route, Part.ACTION)
            and self.patterns.is_inbox_error(
                line.said.found, is_error=is_error, of_action=line.route.part is Part.ACTION
            )
        )
        is_error = is_error or is_inbox_line or self._fails_sign_in(line)
        went_well = not (uncaught or is_inbox_line or (failing and (is_error or not _is_aside(line))))
        circumstances = Circumstances(
            is_error or uncaught,
            failing,
            went_well,
            went_well and line.refused,
            self._is_of_people(line.route),
            warns=levels.WARNING in (line.level, line.said.own_level),
        )
        signals, known = self.patterns.of(line.said.found, circumstances)
        if is_inbox_line:
            lacking = () if self._runbook.logs.debug_id in line.said.text else (Signal.MISSING_DEBUG_ID,)
            signals = tuple(sorted({*signals, Signal.INBOX_ERROR, *lacking}))
        elif uncaught and self._breaks_inbox(line) and _NOT_ITS_OWN.isdisjoint(signals):
            signals = tuple(sorted({*signals, Signal.INBOX_ERROR}))
        if not (signals or uncaught or is_error or failing):
            return _Meant(None, is_inbox_line, is_unknown=False)
        explaining = {*signals} - _EXPLAINS_NOTHING
        explains = bool(explaining)
        begins = line.said.begins or _OF_THE_DATABASE.match(line.said.text)
        speaks = is_error or line.level == "warning" or explaining - self.patterns.only_in_errors or begins
        rank = 0 if uncaught else 1 if explains and speaks else 2 if is_error else PLAIN
        if Signal.CLIENT_LEFT in signals:  # whatever else the request wrote names its trouble
            rank = PLAIN
        is_unknown = line.truncated and rank < PLAIN and not explains
        if Signal.INBOX_ERROR not in signals and (rank == 2 or (uncaught and not explains)):
            signals = tuple(sorted({*signals, Signal.OTHER_ERROR}))
        is_cut = (line.truncated or (uncaught and line.said.text.rstrip()[-1:] == ":")) and not has_stack(
            line.said.text
        )
        counts = (is_error or uncaught) and Signal.CLIENT_LEFT not in signals
        words = self._normalized[line.said.text] + (_AWAY if is_error and self._leads_away(line) else "")
        found = MessageMeaning(rank, words, signals, known, is_cut, counts)
        return _Meant(found, is_inbox_line, is_unknown)

    def _fails_sign_in(self, line: _Line) -> bool:
        """Whether a sign-in says that it failed: that means the same at every level, like the inbox's own failures."""
        return is_sign_in(self._runbook, line.route.template) and self.patterns.is_inbox_error(
            line.said.found, is_error=False, of_action=False
        )

    def _leads_away(self, line: _Line) -> bool:
        """Whether a read of the inbox that was answered should have led people elsewhere: to a login, to an error."""
        is_answer = line.route.part is Part.INBOX and not (line.led_on or line.refused)
        return (
            is_answer
            and "NEXT_REDIRECT;" in line.said.text
            and not library_notes.is_note(line.said.text, self._runbook.logs)
        )

    def _breaks_inbox(self, uncaught: _Line) -> bool:
        """Whether people see this uncaught error in the inbox, whatever status its page had when it began to be sent."""
        is_inbox = self._is_inbox(uncaught.route, Part.ACTION, Part.PAGE)
        fails = _fails_a_request(uncaught.said.text, is_cut=uncaught.truncated or uncaught.may_be_cut)
        return is_inbox and fails and not _RENDERS_ELSEWHERE.search(uncaught.said.text)


def _is_aside(line: _Line) -> bool:
    """Whether a line of a failing request is written at a low level, and does not begin like an error: what failed is another row."""
    return line.level in levels.LOWER and not line.said.begins


def _fails_a_request(uncaught: str, *, is_cut: bool) -> bool:
    """Whether this uncaught error is a request's: it has a digest, or its end was cut off."""
    return "digest" in uncaught or (is_cut and not _ENDS_NO_REQUEST.match(uncaught))
