"""Reads rows: what kind of request a row belongs to, and what its message means.

The patterns are data (the runbook's signals); what a status on a path means stands here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple
from urllib.parse import urlsplit

import re2

from postdeploy.analysis import structured_lines
from postdeploy.analysis.fingerprint import head, without_fields, words_of
from postdeploy.analysis.pattern_sets import options, set_of_lines
from postdeploy.analysis.request_routes import RequestRoutes
from postdeploy.analysis.signals import PLAIN, MessageMeaning, Part, Route, RowMeaning, Signal, status_of
from postdeploy.analysis.silence import hint
from postdeploy.logs.announcement import announced
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.own_marks import UNKNOWN_ACTION
from postdeploy.page.journal import path_template
from postdeploy.runbook.tables import Runbook

_ERROR_LEVELS = frozenset({"error", "fatal"})
_IGNORED_LEVELS = frozenset({"debug", "trace"})
_UNCAUGHT = "⨯"
"""How the framework begins an uncaught error."""
_BEGINS_LIKE_AN_ERROR = re.compile(
    r"\s*(?:⨯|(?:Uncaught )?\[?\w*(?:Error|Exception)\b|FATAL|error:|prisma:error|Failed to )"
)
"""What makes a line without a level an error line."""
_OF_THE_DATABASE = re.compile(
    r"\s*\[?(?i:prisma|database|db|pg|postgres|pool)\b"
    r"|[^\n]{0,200}\b(?:PrismaClient\w{1,40}|Postgres|Postgrest|DriverAdapter|DrizzleQuery|NeonDb)Error\b"
)
"""Lines of the app's database client, by their beginning or by the class of an error: no person wrote them."""
_STACK = "\n    at "
_CACHED = 20_000
"""Messages that are remembered."""


class _Use(Enum):
    """What a pattern is for."""

    SIGNAL = auto()
    SHARED = auto()
    """The same, where the message names the signal's service."""
    COMMON = auto()
    """The same, unless the message names other services alone."""
    SERVICE = auto()
    """The message names this service."""
    EXCEPTION = auto()
    """The message does not mean this signal, whatever else matches."""
    KNOWN_NOISE = auto()
    INBOX_ERROR = auto()
    """The message is one of the inbox's own error lines."""
    PEOPLES = auto()
    """The message may hold what people wrote."""


class _Pattern(NamedTuple):
    use: _Use
    name: str = ""
    """Of the signal, or of the service."""
    known: int = -1
    """Which entry of [[known]] it is of."""


class _Matches(NamedTuple):
    signals: tuple[str, ...]
    known: int | None
    is_inbox_error: bool


class SignalReader:
    """Reads rows by the patterns of a runbook."""

    def __init__(self, runbook: Runbook, today: dt.date) -> None:
        self._runbook = runbook
        self.expired = tuple(known for known in runbook.known if known.until < today)
        """Known noise that has expired: it hides nothing any more."""
        self._set = re2.Set.SearchSet(options())
        self._texts: list[str] = []
        self._patterns: list[_Pattern] = []
        self._add_patterns()
        self._only_in_errors = frozenset(name for name, one in runbook.signals.items() if not one.every_level)
        self._routes = RequestRoutes(runbook)
        origin = urlsplit(runbook.environment.foreign_origin).netloc
        self._own_texts = tuple(text for text in (origin, UNKNOWN_ACTION) if text)
        """What only messages about the suite's own probes contain, where a source shows nothing else of them."""
        self._peoples = self._patterns.index(_Pattern(_Use.PEOPLES))
        self._common = {at for at, one in enumerate(self._patterns) if one.use is _Use.COMMON}
        self._meant: dict[tuple[tuple[int, ...], frozenset[str], bool, bool], _Matches] = {}
        """What patterns mean that match together."""
        self._normalized: dict[str, str] = {}
        """The words of heads, and of heads without their fields."""
        self.inbox_error_lines = 0
        """How many of the inbox's own error lines were read: none at all confirms nothing about debug ids."""
        self.truncated_unknown = 0
        """Error messages that were cut and that no signal explains: unknown, not clean."""

    def route(self, method: str, path: str, function: str = "") -> Route:
        """What kind of request it is. `function`: the route of the one that answered, if the row names it."""
        return self._routes.of(method, path, function)

    def read(self, entry: LogEntry) -> RowMeaning:
        """What a row means."""
        route = self.route(entry.method, entry.path, entry.function)
        status = status_of(entry.status)
        if entry.message and not entry.message.isspace():
            message = self._message(entry, route, failing=status >= 500)
        else:
            message = self.hint(entry.took, entry.memory, entry.source) if status >= 500 else None
        own = entry.own or bool(announced(entry)) or self._names_own(entry, message)
        if (
            entry.status is None
            and message
            and message.rank == 0
            and route.part in (Part.ACTION, Part.PAGE)
            and "digest" in entry.message
        ):
            return RowMeaning(route, 500, message, own)  # in a source without statuses only this line shows the failure
        return RowMeaning(route, status, message, own)

    def hint(self, took: int | None, memory: int | None, source: str) -> MessageMeaning | None:
        """What a row without a message, of a failing request, shows of the reason: its milliseconds, percent of its memory, source."""
        return hint(took, memory, source, self._runbook.logs)

    def _names_own(self, entry: LogEntry, message: MessageMeaning | None) -> bool:
        return message is not None and any(text in entry.message for text in self._own_texts)

    def is_meaningful(self, message: str, level: str, *, failing: bool) -> bool | None:
        """Whether a row says more than that its request was there; None: the patterns decide (`matching`)."""
        if not message or level in _IGNORED_LEVELS or message.isspace():
            return False
        if failing or level in _ERROR_LEVELS or _UNCAUGHT in message[:4]:
            return True
        if (not level and _BEGINS_LIKE_AN_ERROR.match(message)) or structured_lines.is_error(message):
            return True
        return None

    def matching(self, messages: Sequence[str]) -> list[int]:
        """Which of these messages match any pattern. Much quicker than one by one, for few do.

        They are searched together, as lines of one text: what matches alone matches there, too, since `^` and `$` match at lines.
        """
        return self._matching([message.encode("utf-8", "replace") for message in messages], 0)

    def _add_patterns(self) -> None:
        runbook = self._runbook
        for name, one in runbook.signals.items():
            uses = {
                _Use.SIGNAL: one.any,
                _Use.SHARED: one.shared,
                _Use.COMMON: one.common,
                _Use.EXCEPTION: one.unless,
            }
            for use, texts in uses.items():
                self._add_all(texts, _Pattern(use, name))
        for own in runbook.signal:
            self._add(own.pattern, _Pattern(_Use.SIGNAL, own.name))
        for number, known in enumerate(runbook.known):
            if known not in self.expired:
                self._add(known.pattern, _Pattern(_Use.KNOWN_NOISE, known=number))
        for beginning in runbook.logs.inbox_errors:
            self._add(rf"^\s*{re2.escape(beginning)}", _Pattern(_Use.INBOX_ERROR))
        self._deciding = len(self._texts)
        for name, texts in runbook.services.items():
            self._add_all(texts, _Pattern(_Use.SERVICE, name))
        self._add(structured_lines.MAY_BE_PEOPLES, _Pattern(_Use.PEOPLES))
        self._set.Compile()
        self._set_of_lines = set_of_lines(self._texts[: self._deciding])

    def _add_all(self, texts: Iterable[str], pattern: _Pattern) -> None:
        for text in texts:
            self._add(text, pattern)

    def _add(self, text: str, pattern: _Pattern) -> None:
        self._set.Add(text)
        self._texts.append(text)
        self._patterns.append(pattern)

    def _is_inbox(self, route: Route) -> bool:
        action = f"POST {path_template(self._runbook.app.inbox_path)}"
        return route.part is Part.INBOX or (route.part is Part.ACTION and route.template == action)

    def _matching(self, messages: Sequence[bytes], first: int) -> list[int]:
        count = len(messages)
        if not count:
            return []
        if count == 1 or not self._set_of_lines:
            return [first + at for at, message in enumerate(messages) if self._decides(message)]
        if not self._set_of_lines.Match(b"\n".join(messages)):
            return []
        half = count // 2
        return self._matching(messages[:half], first) + self._matching(messages[half:], first + half)

    def _decides(self, message: bytes) -> bool:
        return any(at < self._deciding for at in self._set.Match(message) or ())

    def _message(self, entry: LogEntry, route: Route, *, failing: bool) -> MessageMeaning | None:
        if entry.level in _IGNORED_LEVELS:
            return None
        message = entry.message
        without_level = entry.level == "" and (failing or _BEGINS_LIKE_AN_ERROR.match(message) is not None)
        is_error = entry.level in _ERROR_LEVELS or without_level or structured_lines.is_error(message)
        uncaught = _UNCAUGHT in message[:4]
        if not failing and (is_error or uncaught) and structured_lines.is_harmless(message):
            is_error = uncaught = False
        signals, known, is_inbox_error = self._matches(message, is_error=is_error or uncaught, failing=failing)
        if is_inbox_error and is_error and self._is_inbox(route):
            self.inbox_error_lines += 1
            if self._runbook.logs.debug_id not in message:
                signals = tuple(sorted({*signals, Signal.MISSING_DEBUG_ID}))
        if not (signals or uncaught or is_error or failing):
            return None
        explaining = {*signals} - {Signal.UNNAMED_ABORT}
        explains = bool(explaining)
        begins = _BEGINS_LIKE_AN_ERROR.match(message) or _OF_THE_DATABASE.match(message)
        speaks = is_error or entry.level == "warning" or explaining - self._only_in_errors or begins
        rank = 0 if uncaught else 1 if explains and speaks else 2 if is_error else PLAIN
        if entry.truncated and rank < PLAIN and not explains:
            self.truncated_unknown += 1
        if rank == 2 or (uncaught and not explains):
            signals = tuple(sorted({*signals, Signal.OTHER_ERROR}))
        return MessageMeaning(rank, self._normalize(message), signals, known)

    def _matches(self, message: str, *, is_error: bool, failing: bool) -> _Matches:
        found = self._found(message)
        if self._peoples in found:
            of_the_app = structured_lines.without_what_people_wrote(message)
            if of_the_app is not message:
                found = tuple(dict.fromkeys([*self._found(of_the_app), *filter(self._also_of_people, found)]))
        named = self._named(message.partition(_STACK)[0]) if self._common.intersection(found) else frozenset()
        key = (found, named, is_error, failing)
        known = self._meant.get(key)
        if known is None:
            if len(self._meant) >= _CACHED:
                self._meant.clear()
            known = self._meant[key] = self._meaning([self._patterns[at] for at in found], named, is_error, failing)
        return known

    def _named(self, text: str) -> frozenset[str]:
        """The services that a text names."""
        named = (self._patterns[at] for at in self._found(text))
        return frozenset(one.name for one in named if one.use is _Use.SERVICE)

    def _also_of_people(self, at: int) -> bool:
        """Whether a pattern counts in what people wrote, too."""
        one = self._patterns[at]
        return one.use in (_Use.KNOWN_NOISE, _Use.INBOX_ERROR) or one.name == Signal.PERSONAL_DATA

    def _meaning(self, found: Sequence[_Pattern], named: frozenset[str], is_error: bool, failing: bool) -> _Matches:
        """`named`: the services that the message names before its stack, where that matters."""
        services = {one.name for one in found if one.use is _Use.SERVICE}
        signals = {one.name for one in found if one.use is _Use.SIGNAL}
        shared = {one.name for one in found if one.use is _Use.SHARED}
        signals |= {name for name in shared if self._runbook.signals[name].service in services}
        common = {one.name for one in found if one.use is _Use.COMMON}
        signals |= {name for name in common if not named or self._runbook.signals[name].service in services}
        signals -= (excepted := {one.name for one in found if one.use is _Use.EXCEPTION})
        if Signal.AUTH_SLOW in shared - excepted and not services:
            signals.add(Signal.UNNAMED_ABORT)
        if not is_error:
            signals.discard(Signal.PERSONAL_DATA)
            if not failing:
                signals = {name for name in signals if name not in self._only_in_errors}
        return _Matches(
            tuple(sorted(signals)),
            min((one.known for one in found if one.use is _Use.KNOWN_NOISE), default=None),
            any(one.use is _Use.INBOX_ERROR for one in found),
        )

    def _found(self, text: str) -> tuple[int, ...]:
        """Which patterns match."""
        return tuple(self._set.Match(text.encode("utf-8", "replace")) or ())

    def _normalize(self, message: str) -> str:
        found = head(message)
        cached = self._normalized.get(found)
        if cached is None:
            rest = without_fields(found)
            cached = self._normalized.get(rest)
            if cached is None:
                cached = self._remember(rest, words_of(rest))
            self._remember(found, cached)
        return cached

    def _remember(self, text: str, normalized: str) -> str:
        if len(self._normalized) >= _CACHED:
            self._normalized.clear()
        self._normalized[text] = normalized
        return normalized
