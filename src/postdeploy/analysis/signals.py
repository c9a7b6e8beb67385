"""What a row of a log means: which request it belongs to, and what its message tells.

The patterns are data (runbook.toml, [signals]); what a status on a path means stands here. A row is *quiet* if it tells nothing
but that its request was there; nearly all rows are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import re2

from postdeploy.analysis.normalization import blotted, head
from postdeploy.logs.entry import LogEntry
from postdeploy.page.journal import path_template
from postdeploy.runbook.tables import Runbook

DIED = 999
"""The status of a request whose function died without an answer (-1 in the log): worse than any other."""
UNTOLD = 0
"""The status of a request that no row tells."""
_LOUD = frozenset({"error", "fatal"})
_SILENT = frozenset({"debug", "trace"})
_UNCAUGHT = "⨯"
"""How the framework begins an uncaught error."""
_TEXTS_ENDS = re.compile(r"\\[AzZQC]|\(\?[a-zA-Z]*-")
"""What makes a pattern match other than at lines: `\\A`, `\\z`, flags switched off; and texts that are not parsed."""
_MOST_KEPT = 20_000
"""Different routes and texts that are told apart; more are put together, which is said."""


class Signal(StrEnum):
    """What happened to a request. Those up to ORIGIN_REJECTED can fail a deployment; docs/findings/ explains them."""

    SERVER_ACTION_ERROR = "server_action_error"
    RENDER_ERROR = "render_error"
    INBOX_ROUTE_ERROR = "inbox_route_error"
    ROUTE_ERROR = "route_error"
    DATABASE_UNREACHABLE = "database_unreachable"
    DATABASE_MISCONFIGURED = "database_misconfigured"
    SCHEMA_DRIFT = "schema_drift"
    SESSION_REJECTED = "session_rejected"
    NOT_AUTHENTICATED = "not_authenticated"
    AUTH_SLOW = "auth_slow"
    FUNCTION_DIED = "function_died"
    ORIGIN_REJECTED = "origin_rejected"
    VERSION_SKEW = "version_skew"
    READ_API_DISABLED = "read_api_disabled"
    MISSING_DEBUG_ID = "missing_debug_id"
    PERSONAL_DATA = "personal_data"
    OTHER_ERROR = "other_error"
    """An error line that no class explains."""


class Part(StrEnum):
    """What a request was for, by method and path."""

    __hash__ = str.__hash__  # an Enum's own is much slower

    ACTION = "Server Action"
    PAGE = "page"
    INBOX = "inbox route"
    ROUTE = "route"
    ASSET = "asset"


class Route(NamedTuple):
    """Method and path without ids: the same for the same kind of request."""

    part: Part
    template: str


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """What a message tells. `words`: without what differs from time to time; `signals`: names of `Signal` or of own signals."""

    rank: int
    """0: an uncaught error, 1: a known class, 2: an error line, 3: any other line of a failing request."""
    words: str
    signals: tuple[str, ...] = ()
    known: int | None = None
    """Which entry of [[known]] it matches."""


class Sign(NamedTuple):
    """A row, read."""

    route: Route
    status: int
    text: Text | None
    """None: the row is quiet."""
    told: bool = True
    """Whether the status was told by the row, not taken from its message."""


class SignalReader:
    """Reads rows by the patterns of a runbook."""

    def __init__(self, runbook: Runbook, today: dt.date) -> None:
        self._runbook = runbook
        self.expired = tuple(known for known in runbook.known if known.until < today)
        """Known noise whose day has come: it hides nothing any more."""
        self._patterns = re2.Set.SearchSet(_options())
        self._given: list[str] = []
        self._meaning: list[tuple[str, str]] = []
        """For each pattern: what it is for (`any`, `unless`, `known`), and of which signal."""
        for name, meaning in runbook.signals.items():
            for pattern in meaning.any:
                self._add(pattern, "any", name)
            for pattern in meaning.unless:
                self._add(pattern, "unless", name)
        for own in runbook.signal:
            self._add(own.pattern, "any", own.name)
        for number, known in enumerate(runbook.known):
            if known not in self.expired:
                self._add(known.pattern, "known", str(number))
        for beginning in runbook.logs.inbox_errors:
            self._add(rf"^\s*{re2.escape(beginning)}", "inbox", beginning)
        self._patterns.Compile()
        self._by_lines = _by_lines(self._given)
        self._assets, self._not_pages = _any_of(runbook.logs.assets), _any_of(runbook.logs.not_pages)
        self._below_reads = tuple(read + "/" for read in runbook.app.reads)
        self._routes: dict[tuple[str, str], Route] = {}
        self._words: dict[str, str] = {}
        self.inbox_error_lines = 0
        """How many of the inbox's own error lines were read: none at all confirms nothing about debug ids."""
        self.truncated_unknown = 0
        """Error messages that were cut and that no class explains: unknown, not clean."""

    def _add(self, pattern: str, use: str, of: str) -> None:
        self._patterns.Add(pattern)
        self._given.append(pattern)
        self._meaning.append((use, of))

    def route(self, method: str, path: str) -> Route:
        """What kind of request it is."""
        known = self._routes.get((method, path))
        if known is None:
            known = Route(self._part(method, path), f"{method} {path_template(path)}")
            if len(self._routes) >= _MOST_KEPT:
                self._routes.clear()
            self._routes[method, path] = known
        return known

    def _is_inbox(self, route: Route) -> bool:
        action = f"POST {path_template(self._runbook.app.inbox_path)}"
        return route.part is Part.INBOX or (route.part is Part.ACTION and route.template == action)

    def _part(self, method: str, path: str) -> Part:
        if path in self._runbook.app.reads or path.startswith(self._below_reads):
            return Part.INBOX
        if self._assets.search(path):
            return Part.ASSET
        if not path or self._not_pages.search(path):
            return Part.ROUTE
        return Part.ACTION if method == "POST" else Part.PAGE

    def read(self, entry: LogEntry) -> Sign:
        """The row, read."""
        route = self.route(entry.method, entry.path)
        status = status_of(entry.status)
        text = self._text(entry, route, failing=status >= 500) if entry.message else None
        if (
            entry.status is None
            and text
            and text.rank == 0
            and route.part in (Part.ACTION, Part.PAGE)
            and "digest" in entry.message
        ):
            return Sign(route, 500, text, told=False)  # a source without statuses shows it by this line alone
        return Sign(route, status, text)

    def is_loud(self, message: str, level: str, *, failing: bool) -> bool | None:
        """Whether a row tells something beyond its request, whatever the patterns say; None: that is theirs to say."""
        if not message or level in _SILENT:
            return False
        return failing or level in _LOUD or _UNCAUGHT in message[:4] or None

    def telling(self, messages: Sequence[str]) -> list[int]:
        """Which of these messages match any pattern. Much quicker than one by one, for few do.

        They are looked at together, as lines of one text: what matches alone matches there, too, since `^` and `$` match at lines.
        """
        return self._telling([message.encode("utf-8", "replace") for message in messages], 0)

    def _telling(self, messages: Sequence[bytes], first: int) -> list[int]:
        count = len(messages)
        if not count:
            return []
        if count == 1 or not self._by_lines:
            return [first + at for at, message in enumerate(messages) if self._patterns.Match(message)]
        if not self._by_lines.Match(b"\n".join(messages)):
            return []
        half = count // 2
        return self._telling(messages[:half], first) + self._telling(messages[half:], first + half)

    def _text(self, entry: LogEntry, route: Route, *, failing: bool) -> Text | None:
        if entry.level in _SILENT:
            return None
        message = entry.message
        loud = entry.level in _LOUD or (failing and entry.level == "")
        uncaught = _UNCAUGHT in message[:4]
        signals, known, inbox = self._matches(message, loud=loud or uncaught)
        if inbox and loud and self._is_inbox(route):
            self.inbox_error_lines += 1
            if self._runbook.logs.debug_id not in message:
                signals = tuple(sorted({*signals, Signal.MISSING_DEBUG_ID}))
        if signals or uncaught or loud:
            rank = 0 if uncaught else 1 if signals else 2
            if entry.truncated and not signals:
                self.truncated_unknown += 1
        elif failing:
            rank = 3
        else:
            return None
        if rank == 2 and not signals:
            signals = (Signal.OTHER_ERROR,)
        return Text(rank, self._blotted(message), signals, known)

    def _matches(self, message: str, *, loud: bool) -> tuple[tuple[str, ...], int | None, bool]:
        found: set[str] = set()
        excused: set[str] = set()
        known: int | None = None
        inbox = False
        for at in self._patterns.Match(message.encode("utf-8", "replace")) or ():
            use, of = self._meaning[at]
            if use == "any":
                found.add(of)
            elif use == "unless":
                excused.add(of)
            elif use == "known":
                known = int(of) if known is None else min(known, int(of))
            else:
                inbox = True
        if not loud:
            found.discard(Signal.PERSONAL_DATA)
        return tuple(sorted(found - excused)), known, inbox

    def _blotted(self, message: str) -> str:
        message = head(message)
        words = self._words.get(message)
        if words is None:
            words = blotted(message)
            if len(self._words) >= _MOST_KEPT:
                self._words.clear()
            self._words[message] = words
        return words


def _by_lines(patterns: Sequence[str]) -> re2.Set | None:
    """The patterns, `^` and `$` matching at lines; None: some tell the text's ends from a line's."""
    if any(_TEXTS_ENDS.search(pattern) for pattern in patterns):
        return None
    found = re2.Set.SearchSet(_options())
    for pattern in patterns:
        found.Add(f"(?m:{pattern})")
    found.Compile()
    return found


def status_of(told: int | None) -> int:
    """A request's status as it is counted: the worse, the more."""
    return UNTOLD if told is None else DIED if told < 0 else told


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns) or r"(?!)")


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    return options
