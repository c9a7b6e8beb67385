"""The patterns of a runbook, searched at once: which signals a message means."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, auto
from itertools import accumulate
from typing import NamedTuple

import re2

from postdeploy.analysis import mentions, peoples_texts
from postdeploy.analysis.called_services import CalledServices, Services
from postdeploy.analysis.coarse_texts import coarse, may_see_ids
from postdeploy.analysis.fingerprint import without_instances
from postdeploy.analysis.pattern_sets import any_in_lines, set_of
from postdeploy.analysis.remembered import Remembered
from postdeploy.analysis.signals import Signal
from postdeploy.logs import levels
from postdeploy.runbook import inbox_lines
from postdeploy.runbook.log_tables import KnownNoise
from postdeploy.runbook.tables import Runbook

_CACHED = 20_000
"""Texts whose services are remembered."""
_NO_SERVICES = Services()


class _Use(Enum):
    """What a pattern is for."""

    SIGNAL = auto()
    SHARED = auto()
    """The same, where the message names the signal's service."""
    COMMON = auto()
    """The same, unless the message names other services alone."""
    CALLED = auto()
    """The same, where the message names one of the services that it can be about."""
    DECISIVE = auto()
    """It means this signal whatever else matches, and not those that it stands for."""
    VARIABLE = auto()
    """A variable is missing, unless the message is about data."""
    DATA = auto()
    """The message is about data: a column of a file, a field of a template."""
    EXCEPTION = auto()
    """The message does not mean this signal, whatever else matches."""
    FIELD = auto()
    """A variable is missing, or a field of data: the first where the request failed."""
    SESSION = auto()
    """A session is refused: ours on a route of people, unless the message names another service."""
    THEIRS = auto()
    """The message names such a service."""
    WELL_EXCEPTION = auto()
    """The message does not mean this signal where its request did not fail."""
    REFUSED_EXCEPTION = auto()
    """The same, where it was refused."""
    OPTIONAL = auto()
    """The same, where it did not fail, unless the message names what is needed."""
    NEEDED = auto()
    OURS = auto()
    """The app itself lacks it."""
    NOT_SENT = auto()
    """No client sends it."""
    REQUIRED = auto()
    """The message names a variable that the runbook requires."""
    KNOWN_NOISE = auto()
    INBOX_ERROR = auto()
    """The message begins like one of the inbox's own error lines."""
    INBOX_FAILURE = auto()
    """It is one, in the app's exact words."""
    ACTION_FAILURE = auto()
    """The same, of its Server Actions alone."""
    TRIES_AGAIN = auto()
    """It says that an answer is still to come."""
    GAVE_UP = auto()
    """It says that there will be none."""
    PEOPLES = auto()
    """The message may hold what people wrote."""


_INBOX = (_Use.INBOX_ERROR, _Use.INBOX_FAILURE, _Use.ACTION_FAILURE)
_NO_OTHERS = frozenset({"database", "auth", "http", "webhook", "elsewhere", "storage", "cache"})
"""Services of [services] that are the app's own, or of no one in particular: a session may be refused next to their names."""


class _Pattern(NamedTuple):
    use: _Use
    name: str = ""
    """Of the signal."""
    known: int = -1
    """Which entry of [[known]] it is of."""


class Found(NamedTuple):
    """Which patterns match a message, and which services it names where they matter."""

    patterns: tuple[int, ...]
    services: Services


class Circumstances(NamedTuple):
    """What is known of the line that holds a message, and of its request."""

    is_error: bool
    failing: bool
    """The request failed."""
    went_well: bool
    """It did not, and the line is neither an uncaught error nor the inbox's own."""
    refused: bool
    """The same, and the request was refused (4xx)."""
    of_people: bool
    """Its route is one that people use."""
    warns: bool
    """The line is a warning."""


class Matches(NamedTuple):
    """What the patterns say of a message: names of signals, and an entry of [[known]]."""

    signals: tuple[str, ...]
    known: int | None


class MessagePatterns:
    """Of one runbook. `expired`: known noise that hides nothing any more."""

    def __init__(self, runbook: Runbook, expired: Sequence[KnownNoise]) -> None:
        self._runbook = runbook
        own = [*(one.pattern for one in runbook.signal), *(one.pattern for one in runbook.known)]
        self.seen: Callable[[str], str] = str if may_see_ids(own) else coarse
        """A message as the patterns see it."""
        self._texts: list[str] = []
        self._patterns: list[_Pattern] = []
        self._add_patterns(runbook, expired)
        self.only_in_errors = frozenset(name for name, one in runbook.signals.items() if not one.every_level)
        self._services = Remembered(CalledServices(runbook).of, _CACHED)
        """Which services texts name."""
        self._peoples = self._patterns.index(_Pattern(_Use.PEOPLES))
        by_service = (_Use.SHARED, _Use.COMMON, _Use.CALLED, _Use.SESSION)
        self._by_service = {at for at, one in enumerate(self._patterns) if one.use in by_service}
        of_signals = (*by_service, _Use.SIGNAL, _Use.VARIABLE)
        self._of_sessions = frozenset(at for at, one in enumerate(self._patterns) if one.use is _Use.SESSION)
        self._own_sessions = re2.compile("|".join(f"(?:{one})" for one in runbook.logs.own_sessions) or "[^\\s\\S]")
        self._of_signals = frozenset(at for at, one in enumerate(self._patterns) if one.use in of_signals)

    def possible(self, messages: Sequence[str]) -> list[int]:
        """Which of these messages may mean something: a pattern matches (`decide`), or they may name an error's level.

        They are searched together, as lines of one text: what matches alone matches there, too, since `^` and `$` match at lines.
        Behind a match the search goes on with the next message.
        """
        if self._in_lines is None:
            return [*range(len(messages))]
        encoded = [_searched(message) for message in messages]
        begins = [0, *accumulate(len(one) + 1 for one in encoded)]
        text, found, at = b"\n".join(encoded), [], 0
        while at < len(text) and (match := self._in_lines.search(text, at)):
            found.append(bisect_right(begins, match.start()) - 1)
            at = begins[found[-1] + 1]
        return found

    def decide(self, message: str) -> bool:
        """Whether any pattern matches that says what a message means."""
        return any(at < self._deciding for at in self._numbers(self.seen(message)))

    def found(self, message: str, text: str, *, failing: bool = True, inbound: bool = False) -> Found:
        """What of a message, as it is `seen`, its meaning depends on. `text`: the same without instances; `failing`: its request failed;
        `inbound`: its route is one by which people outside send texts.
        """
        found = self._numbers(message)
        of_the_app = message
        means = not self._of_signals.isdisjoint(found)
        may_be_peoples = self._peoples in found
        if may_be_peoples or (means and peoples_texts.may_be_an_outsiders(message)):
            of_the_app = peoples_texts.without_what_people_wrote(message, may_be_peoples=may_be_peoples)
        if not failing and means:
            of_the_app = mentions.without(of_the_app, inbound=inbound)
        if not self._of_sessions.isdisjoint(found) and self._own_sessions.search(of_the_app):
            of_the_app = self._own_sessions.sub(" ", of_the_app)
        if of_the_app is not message:
            found = tuple(dict.fromkeys([*self._numbers(of_the_app), *filter(self._also_of_people, found)]))
            text = without_instances(of_the_app)
        return Found(found, self._services[text] if self._by_service.intersection(found) else _NO_SERVICES)

    def is_inbox_error(self, found: Found, *, is_error: bool, of_action: bool) -> bool:
        """Whether the message is one of the inbox's own error lines. `of_action`: of its Server Actions."""
        uses = {self._patterns[at].use for at in found.patterns}
        is_exact = _Use.INBOX_FAILURE in uses or (of_action and _Use.ACTION_FAILURE in uses)
        goes_on = _Use.TRIES_AGAIN in uses and _Use.GAVE_UP not in uses
        return (is_exact and (is_error or not goes_on)) or (is_error and _Use.INBOX_ERROR in uses)

    def of(self, found: Found, line: Circumstances) -> Matches:
        """What the patterns say of a message."""
        return self._meaning([self._patterns[at] for at in found.patterns], found.services, line)

    def _also_of_people(self, at: int) -> bool:
        """Whether a pattern counts in what people wrote, too."""
        one = self._patterns[at]
        return one.use in (_Use.KNOWN_NOISE, *_INBOX) or one.name == Signal.PERSONAL_DATA

    def _meaning(self, found: Sequence[_Pattern], services: Services, line: Circumstances) -> Matches:
        """`services`: that the message names, where they matter."""
        names = {use: {one.name for one in found if one.use is use} for use in _Use}
        missing = names[_Use.VARIABLE] | (set() if line.went_well and not names[_Use.REQUIRED] else names[_Use.FIELD])
        signals = names[_Use.SIGNAL] | (missing - names[_Use.DATA])
        shared = names[_Use.SHARED]
        service = {name: one.service for name, one in self._runbook.signals.items()}
        signals |= {name for name in shared if service[name] in services.framed}
        signals |= {name for name in names[_Use.COMMON] if not services.said or service[name] in services.said}
        signals |= {
            name for name in names[_Use.CALLED] if not services.called.isdisjoint(self._runbook.signals[name].callees)
        }
        if line.of_people and services.said <= _NO_OTHERS:
            signals |= names[_Use.SESSION] - names[_Use.THEIRS]
        excepted = names[_Use.EXCEPTION] | self._excepted_where_well(names, line)
        signals = (signals - excepted) | names[_Use.DECISIVE]
        signals.difference_update(*(self._runbook.signals[name].instead_of for name in names[_Use.DECISIVE]))
        if Signal.AUTH_SLOW in shared - excepted and not services.framed:
            signals.add(Signal.UNNAMED_ABORT)
        if not line.is_error:
            signals.discard(Signal.PERSONAL_DATA)
            if not line.failing:
                warned_of = names[_Use.REQUIRED] if line.warns else set()
                signals = {name for name in signals if name not in self.only_in_errors or name in warned_of}
        return Matches(
            tuple(sorted(signals)), min((one.known for one in found if one.use is _Use.KNOWN_NOISE), default=None)
        )

    @staticmethod
    def _excepted_where_well(names: Mapping[_Use, set[str]], line: Circumstances) -> set[str]:
        if not line.went_well:
            return set()
        optional = names[_Use.OPTIONAL] - names[_Use.NEEDED] - names[_Use.REQUIRED]
        others = names[_Use.WELL_EXCEPTION] | (
            names[_Use.REFUSED_EXCEPTION] - names[_Use.NOT_SENT] if line.refused else set()
        )
        return (others - names[_Use.NEEDED] - names[_Use.OURS]) | optional

    def _numbers(self, text: str) -> tuple[int, ...]:
        """Which patterns match."""
        return tuple(self._set.Match(_searched(text)) or ())

    def _add_patterns(self, runbook: Runbook, expired: Sequence[KnownNoise]) -> None:
        for name, one in runbook.signals.items():
            uses = {
                _Use.SIGNAL: one.any,
                _Use.SHARED: one.shared,
                _Use.COMMON: one.common,
                _Use.CALLED: one.called,
                _Use.DECISIVE: one.decisive,
                _Use.VARIABLE: one.variables,
                _Use.FIELD: one.fields,
                _Use.SESSION: one.of_sessions,
            }
            for use, texts in uses.items():
                self._add_all(texts, _Pattern(use, name))
        for own in runbook.signal:
            self._add(own.pattern, _Pattern(_Use.SIGNAL, own.name))
        for number, known in enumerate(runbook.known):
            if known not in expired:
                self._add(known.pattern, _Pattern(_Use.KNOWN_NOISE, known=number))
        for beginning in runbook.logs.inbox_errors:
            self._add(rf"^\s*{re2.escape(beginning)}", _Pattern(_Use.INBOX_ERROR))
        self._add_all(inbox_lines.of_reads(runbook.logs), _Pattern(_Use.INBOX_FAILURE))
        self._add_all(inbox_lines.of_actions(runbook.logs), _Pattern(_Use.ACTION_FAILURE))
        self._deciding = len(self._texts)
        for name, one in runbook.signals.items():
            self._add_all(one.unless, _Pattern(_Use.EXCEPTION, name))
            self._add_all(one.unless_data, _Pattern(_Use.DATA, name))
            self._add_all(one.unless_well, _Pattern(_Use.WELL_EXCEPTION, name))
            self._add_all(one.unless_refused, _Pattern(_Use.REFUSED_EXCEPTION, name))
            self._add_all(one.optional, _Pattern(_Use.OPTIONAL, name))
            self._add_all(one.needed, _Pattern(_Use.NEEDED, name))
            self._add_all(one.ours, _Pattern(_Use.OURS, name))
            self._add_all(one.not_sent, _Pattern(_Use.NOT_SENT, name))
            self._add_all(one.unless_theirs, _Pattern(_Use.THEIRS, name))
        needed = [re2.escape(name) for name, one in runbook.variables.items() if not one.off and not one.unset_is_safe]
        if needed:
            self._add(rf"\b(?:{'|'.join(needed)})\b", _Pattern(_Use.REQUIRED, Signal.DATABASE_MISCONFIGURED))
        self._add_all(runbook.logs.tries_again, _Pattern(_Use.TRIES_AGAIN))
        self._add_all(runbook.logs.gave_up, _Pattern(_Use.GAVE_UP))
        self._add(peoples_texts.MAY_BE_PEOPLES, _Pattern(_Use.PEOPLES))
        self._set = set_of(self._texts)
        self._in_lines = any_in_lines([*self._texts[: self._deciding], levels.MAY_BE_AN_ERROR])

    def _add_all(self, texts: Iterable[str], pattern: _Pattern) -> None:
        for text in texts:
            self._add(text, pattern)

    def _add(self, text: str, pattern: _Pattern) -> None:
        self._texts.append(text)
        self._patterns.append(pattern)


def _searched(message: str) -> bytes:
    """What is searched: behind the escaped end of a line, as in JSON, a word begins."""
    return message.encode("utf-8", "replace").replace(b"\\n", b"\\n ")
