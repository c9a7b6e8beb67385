"""What rows mean, said as plainly as it can be: the engine must agree (test_plain.py). Slow, and used only in tests.

Rows become requests, requests that went wrong in the same way become incidents, and a span's requests are counted. What a single
row means is `SignalReader`'s matter; everything that takes several rows stands here once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from postdeploy.analysis.answers import ASKS_NOTHING, PartAnswers
from postdeploy.analysis.fingerprint import names_trouble
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import DIED, HINT, PLAIN, MessageMeaning, Part, Route, Signal
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Shows, Span
from postdeploy.logs.sentinel import REFUSED, answered

FAILED, SWITCHED_OFF = 500, 503
CLASS = {
    Part.ACTION: Signal.SERVER_ACTION_ERROR,
    Part.PAGE: Signal.RENDER_ERROR,
    Part.INBOX: Signal.INBOX_ROUTE_ERROR,
    Part.ROUTE: Signal.ROUTE_ERROR,
    Part.ASSET: Signal.ROUTE_ERROR,
}


@dataclass
class Request:
    """One request: what its rows say together."""

    at: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    messages: set[MessageMeaning] = field(default_factory=set)
    is_own: bool = False

    begins = property(lambda self: min(self.at))
    status = property(lambda self: max(self.statuses))
    route = property(lambda self: min(self.routes))

    @property
    def lead(self) -> MessageMeaning | None:
        """Its most important message."""
        return min(self.messages, key=importance, default=None)

    @property
    def origin(self) -> str:
        """Where the most important message names no trouble: the error in another row, one that names it before one that does not."""
        if self.lead is None or names_trouble(self.lead.normalized):
            return ""
        others = [one for one in self.messages - {self.lead} if one.rank <= 2]
        first = min(others, key=lambda one: (not names_trouble(one.normalized), importance(one)), default=None)
        return first.normalized if first else ""


def importance(one: MessageMeaning) -> tuple[Any, ...]:
    """An uncaught error before a known signal, before an error line, before other lines; then by their words."""
    return (one.rank, one.normalized, one.signals, one.known is not None, one.known or 0, one.is_error)


def sentinels(rows: Iterable[LogEntry], shows: Shows, reader: SignalReader) -> set[LogEntry]:
    """The rows of a finished log that are sentinels': refused; or a 503, or no status where none is shown, unless they say otherwise."""
    of_request: dict[str, list[LogEntry]] = {}
    for row in rows:
        if answered(row):
            of_request.setdefault(row.request_id or row.path, []).append(row)
    found: set[LogEntry] = set()
    for group in of_request.values():
        means = [reader.read(row).message for row in group if row.status == SWITCHED_OFF]
        agrees = all(one is None or one.rank == HINT or Signal.READ_API_DISABLED in one.signals for one in means)
        has_status = any(row.status is not None for row in group) or Shows.STATUS not in shows
        if any(row.status == REFUSED for row in group) or (agrees and has_status):
            found.update(group)
    return found


def requests(
    rows: Iterable[LogEntry],
    reader: SignalReader,
    suite: Collection[str] = (),
    left_out: Collection[LogEntry] | None = None,
) -> dict[str, list[Request]]:
    """The requests of each deployment; under "" those that no row gives to one. Sentinels, and what is not production's, are in none."""
    of_request: dict[Any, list[LogEntry]] = {}
    for row in rows:
        is_sentinel = answered(row) is not None if left_out is None else row in left_out
        if not is_sentinel and row.environment in (None, "", "production"):
            of_request.setdefault(row.request_id or (row.row_id, row.at, row.method, row.path), []).append(row)
    found: dict[str, list[Request]] = {}
    for key, group in of_request.items():
        meanings = [reader.read(row) for row in group]
        for deployment in {row.deployment_id for row in group if row.deployment_id} or {""}:
            one = Request(is_own=key in suite or any(meaning.own for meaning in meanings))
            for row, meaning in zip(group, meanings, strict=True):
                if row.deployment_id in (None, "", deployment):
                    one.at.append(row.at)
                    one.statuses.append(meaning.status)
                    one.routes.append(meaning.route)
                    one.messages |= {meaning.message} if meaning.message and meaning.message.rank != HINT else set()
            found.setdefault(deployment, []).append(one)
    return found


def incidents(request: Request) -> Iterator[tuple[Any, ...]]:
    """What makes the incidents that a request is part of: signal, route, words, the words of the error behind, entry of [[known]]."""
    template, lead = request.route.template, request.lead
    if request.status >= FAILED:
        words = lead.normalized if lead else f"{template} {'died' if request.status == DIED else request.status}"
        words += f" ← {request.origin}" if request.origin else ""
        known = lead.known if lead else None
        yield (_class(request), template, words, request.origin, known)
        if request.status == DIED:
            yield (Signal.FUNCTION_DIED, template, words, request.origin, known)
    names_it = any(one.rank < PLAIN and names_trouble(one.normalized) for one in request.messages)
    is_refused = any(Signal.NOT_AUTHENTICATED in one.signals for one in request.messages)
    for one in request.messages:
        explains_refusal = is_refused and not {Signal.AUTH_SLOW, Signal.UNNAMED_ABORT}.isdisjoint(one.signals)
        for signal in () if names_it and one.rank == PLAIN and not explains_refusal else one.signals:
            if signal not in (Signal.OTHER_ERROR, Signal.INBOX_ERROR) or request.status < FAILED:
                yield (signal, template, one.normalized, "", one.known)


def _class(request: Request) -> Signal:
    means = request.lead.signals if request.lead else ()
    for signal in (Signal.VERSION_SKEW, Signal.CLIENT_LEFT):
        if signal in means:
            return signal
    if request.route.part is Part.INBOX and Signal.READ_API_DISABLED in means and request.status == 503:
        return Signal.READ_API_DISABLED
    return CLASS[request.route.part]


def _answers(asking: list[Request], part: Part) -> PartAnswers:
    suite = PartAnswers(part, Counter(one.status for one in asking if one.is_own))
    return PartAnswers(part, dict(Counter(one.status for one in asking if not one.is_own)), suite.succeeded > 0)


def tally(given: Iterable[Request], span: Span | None = None) -> dict[str, Any]:
    """What happened to the requests that began in a span, and each incident's: when user traffic met it, how often the suite did."""
    inside = [one for one in given if span is None or span.since <= one.begins < span.until]
    users = [one for one in inside if not one.is_own]
    asking = [one for one in inside if one.is_own or not one.route.template.startswith(ASKS_NOTHING)]
    routes = {(one.route.template, one.route.part) for one in users}
    quiet = [one for one in inside if not one.messages]
    parts = Counter(one.route.part for one in users)
    met: dict[tuple[Any, ...], list[Request]] = {}
    for one in inside:
        for key in set(incidents(one)):
            met.setdefault(key, []).append(one)
    return {
        "requests": len(users) - parts[Part.ASSET],
        "actions": parts[Part.ACTION],
        "inbox": parts[Part.INBOX],
        "pages": parts[Part.PAGE],
        "suite_requests": len(inside) - len(users),
        "first": min((one.begins for one in users), default=None),
        "last": max((one.begins for one in users), default=None),
        "healthy": sum(0 < one.status < 400 for one in quiet),
        "answers": {part: _answers([one for one in asking if one.route.part is part], part) for part in Part},
        "by_route": {
            name: _answers([one for one in inside if one.route.template == name], part) for name, part in routes
        },
        "succeeded": sorted(one.begins for one in quiet if 200 <= one.status < 300),
        "incidents": {
            key: (sorted(one.begins for one in those if not one.is_own), sum(one.is_own for one in those))
            for key, those in met.items()
        },
    }
