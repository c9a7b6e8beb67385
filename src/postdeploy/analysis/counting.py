"""What happened to requests: from rows, sorted by request, to incidents and totals. Requests are counted, never rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from postdeploy.analysis import answers
from postdeploy.analysis.distinct import alike, beginnings
from postdeploy.analysis.fingerprint import names_trouble
from postdeploy.analysis.incidents import BEHIND, Flags, Incident, Numbers, Rows, Tally
from postdeploy.analysis.signals import (
    DIED,
    HINT,
    PLAIN,
    UNKNOWN_STATUS,
    MessageMeaning,
    Part,
    Route,
    Signal,
    failure_of,
    importance,
)
from postdeploy.logs.protocol import Span

_SEVERITY: dict[str, int] = {signal: rank for rank, signal in enumerate(Signal)}
_PARTS = list(Part)
_MOST_PATHS = 50
"""Other names of a route that are kept for one incident."""
_OF_NO_FAILURE = (Signal.OTHER_ERROR, Signal.INBOX_ERROR)
_ERROR_LINE = 2
"""The last rank of messages that are errors."""


@dataclass(frozen=True, slots=True)
class RequestRows:
    """Rows in the order of requests and messages, and the tables that their numbers point into."""

    rows: Rows
    """Of `request`, `message`, `route`, `status`, `deployment`, `at`."""
    routes: Sequence[Route]
    messages: Sequence[MessageMeaning | None]
    """The first is None: the row has no message that means anything."""
    examples: Mapping[int, tuple[int, str]]
    """For the number of a message the earliest: when, and as it was logged."""


class _Case(NamedTuple):
    """Requests that went wrong in one way."""

    members: Numbers
    route: Route
    message: int
    status: int
    origin: str = ""


_Cases = dict[tuple[str, str, str, int | None], list[_Case]]
"""By what makes an incident: signal, route, normalized message, entry of [[known]]."""


def tally(rows: RequestRows, span: Span | None, own: Collection[int], *, totals: bool = False) -> Tally:
    """What happened to the requests that began in `span`. `own`: the numbers of the suite's own requests; `totals`: without incidents."""
    return _Counting(rows, span, own).tally(totals=totals)


class _Counting:
    """Requests are numbered in the order of the rows; all arrays but the two of messages have one item for each request."""

    def __init__(self, given: RequestRows, span: Span | None, own: Collection[int]) -> None:
        self._given = given
        rows = given.rows
        begins = np.r_[True, rows["request"][1:] != rows["request"][:-1]]
        starts = np.flatnonzero(begins)
        self._at = np.minimum.reduceat(rows["at"], starts)
        self._status = np.maximum.reduceat(rows["status"], starts)
        inside = np.ones(len(starts), bool) if span is None else (self._at >= span.since) & (self._at < span.until)
        of_the_suite = np.isin(rows["request"][starts], np.array(list(own), np.uint64))
        self._inside = inside
        self._suite = of_the_suite & inside
        self._counted = inside & ~of_the_suite
        self._route = self._first_routes(starts)
        self._part = np.array([_PARTS.index(route.part) for route in given.routes], np.int8)[self._route]
        speaks = rows["message"] > 0
        requests, messages = (np.cumsum(begins) - 1)[speaks], rows["message"][speaks].astype(np.int64)
        is_hint = np.array([one is not None and one.rank == HINT for one in given.messages])[messages]
        self._request_of_message, self._messages = requests[~is_hint], messages[~is_hint]
        self._request_of_hint, self._hints = requests[is_hint], messages[is_hint]

    def _first_routes(self, starts: Numbers) -> Numbers:
        """Each request's route; of several one that the log names, and the first by the alphabet."""
        by_name = sorted(self._given.routes, key=lambda route: (not route.known, route))
        order = {route: rank for rank, route in enumerate(by_name)}
        ranks = np.array([order[route] for route in self._given.routes], np.int64)
        first: Numbers = np.argsort(ranks)[np.minimum.reduceat(ranks[self._given.rows["route"]], starts)]
        return first

    def tally(self, *, totals: bool) -> Tally:
        times, routes = self._at[self._counted], self._given.routes
        asks = np.array([not one.template.startswith(answers.ASKS_NOTHING) for one in routes], bool)[self._route]
        of = dict(zip(Part, np.bincount(self._part[self._counted], minlength=len(_PARTS)).tolist(), strict=True))
        is_action, is_asset = (self._part == _PARTS.index(part) for part in (Part.ACTION, Part.ASSET))
        return Tally(
            requests=len(times) - of[Part.ASSET],
            actions=of[Part.ACTION],
            inbox=of[Part.INBOX],
            pages=of[Part.PAGE],
            suite_requests=int(self._suite.sum()),
            first=int(times.min()) if len(times) else None,
            last=int(times.max()) if len(times) else None,
            incidents=() if totals else self._incidents(),
            at=self._at,
            healthy=self._healthy(),
            answers=answers.by_part(self._part, self._status, self._counted & asks, self._suite),
            inside=self._inside & ~is_asset,
            of_users=self._counted & ~is_asset,
            by_route=answers.by_route(routes, self._route, self._status, self._counted, self._suite),
            route=answers.by_template(routes)[self._route],
            part=self._part,
            served=self._counted & answers.successes(is_action, self._status),
            admitted=self._counted & answers.admitted(is_action, self._status),
            succeeded=self._quiet() & self._inside & (self._status >= 200) & (self._status < 300),
        )

    def _healthy(self) -> int:
        """Everyone's, and files, too: a log that has none of them was filtered."""
        answered = (self._status > UNKNOWN_STATUS) & (self._status < 400)
        return int(np.count_nonzero(self._inside & self._quiet() & answered))

    def _quiet(self) -> Flags:
        """Whether a request logged nothing that means anything."""
        quiet = np.ones(len(self._at), bool)
        quiet[self._request_of_message] = False
        return quiet

    def _incidents(self) -> tuple[Incident, ...]:
        cases: _Cases = {}
        self._failing_requests(cases)
        self._by_messages(cases)
        return tuple(sorted((self._incident(*key, those) for key, those in cases.items()), key=_worst_first))

    def _failing_requests(self, cases: _Cases) -> None:
        """A case for each kind of failing request: what it was for, and its leading message."""
        failing = np.flatnonzero(self._inside & (self._status >= 500))
        if not len(failing):
            return
        leading, origins = self._leading_messages()
        status_of_request = self._status[failing].astype(np.int64)
        keys = self._route[failing], leading[failing], status_of_request, origins[failing]
        for these in alike(*keys):
            route_at, message, status, origin = (int(key[these[0]]) for key in keys)
            wrapped = self._given.messages[origin]
            case = _Case(
                failing[these], self._given.routes[route_at], message, status, wrapped.normalized if wrapped else ""
            )
            meaning, template = self._given.messages[message], case.route.template
            normalized = meaning.normalized if meaning else f"{template} {'died' if status == DIED else status}"
            if case.origin:
                normalized = f"{normalized}{BEHIND}{case.origin}"
            known = meaning.known if meaning else None
            cases.setdefault((failure_of(case.route, status, meaning), template, normalized, known), []).append(case)
            if status == DIED:
                cases.setdefault((Signal.FUNCTION_DIED, template, normalized, known), []).append(case)

    def _leading_messages(self) -> tuple[Numbers, Numbers]:
        """For each request its most important message, and where that names no trouble, the error in another row; 0: it has none."""
        messages = self._given.messages
        by_rank = [*sorted(range(1, len(messages)), key=self._importance), 0]
        leading = self._first_messages(by_rank, self._request_of_message, self._messages)
        is_error = np.array([one is not None and one.rank <= _ERROR_LINE for one in messages])
        leads = leading[self._request_of_message]
        others = np.flatnonzero((self._messages != leads) & is_error[self._messages])
        is_vague = np.zeros(len(messages), bool)
        for number in np.unique([leads[others], self._messages[others]]).tolist():  # most requests have one message
            one = messages[number]
            is_vague[number] = one is not None and not names_trouble(one.normalized)
        others = others[is_vague[leads[others]]]
        naming_first = sorted(by_rank[:-1], key=lambda at: bool(is_vague[at])) if len(others) else by_rank[:-1]
        return leading, self._first_messages(
            [*naming_first, 0], self._request_of_message[others], self._messages[others]
        )

    def _first_messages(self, order: Sequence[int], requests: Numbers, messages: Numbers) -> Numbers:
        """For each request the first of its messages in this order, in which 0 (none) is the last."""
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        first = np.full(len(self._at), len(order) - 1, np.int64)
        np.minimum.at(first, requests, rank[messages])
        found: Numbers = np.array(order, np.int64)[first]
        return found

    def _by_messages(self, cases: _Cases) -> None:
        """A case for each signal that a message means, whatever the request's status."""
        counts = self._inside[self._request_of_message] & ~self._outspoken()
        requests, messages = self._request_of_message[counts], self._messages[counts]
        if not len(requests):
            return
        once = beginnings(requests, messages)
        requests, messages = requests[once], messages[once]
        for these in alike(self._route[requests], messages):
            route, message = self._given.routes[int(self._route[requests[these[0]]])], int(messages[these[0]])
            meaning = self._given.messages[message]
            for signal in meaning.signals if meaning else ():
                members = requests[these]
                if signal in _OF_NO_FAILURE:  # of a failing request it is the leading message, not another incident
                    members = members[self._status[members] < 500]
                if meaning and len(members):
                    case = _Case(members, route, message, int(self._status[members].max()))
                    cases.setdefault((signal, route.template, meaning.normalized, meaning.known), []).append(case)

    def _outspoken(self) -> Flags:
        """Of each message, whether it explains nothing: an error of its request names the trouble, and this is a plain line."""
        is_plain: Flags = np.array([one is not None and one.rank == PLAIN for one in self._given.messages])[
            self._messages
        ]
        if not is_plain.any():
            return is_plain
        there = np.unique(self._messages[np.isin(self._request_of_message, self._request_of_message[is_plain])])
        errors = ((at, one) for at in there.tolist() if (one := self._given.messages[at]) and one.rank <= _ERROR_LINE)
        naming = [at for at, one in errors if names_trouble(one.normalized)]
        named = self._request_of_message[np.isin(self._messages, naming)]
        found: Flags = is_plain & np.isin(self._request_of_message, named) & ~self._explains_refusal()
        return found

    def _explains_refusal(self) -> Flags:
        """Of each message, whether it names a slow auth service in a request that was refused as not authenticated: no code names that."""

        def meaning(*signals: Signal) -> Flags:
            of = [one is not None and not set(signals).isdisjoint(one.signals) for one in self._given.messages]
            means: Flags = np.array(of)[self._messages]
            return means

        refused = self._request_of_message[meaning(Signal.NOT_AUTHENTICATED)]
        explains: Flags = meaning(Signal.AUTH_SLOW, Signal.UNNAMED_ABORT) & np.isin(self._request_of_message, refused)
        return explains

    def _hints_of(self, members: Numbers) -> dict[str, int]:
        """What so many of these requests show of the reason."""
        theirs = np.isin(self._request_of_hint, members)
        requests, hints = self._request_of_hint[theirs], self._hints[theirs]
        numbers, counts = np.unique(hints[beginnings(requests, hints)], return_counts=True)
        named = (
            (self._given.messages[number], count)
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
        )
        return {one.normalized: count for one, count in named if one}

    def _importance(self, message: int) -> tuple[Any, ...]:
        return importance(self._given.messages[message])

    def _incident(
        self, signal: str, template: str, normalized: str, known: int | None, cases: Sequence[_Case]
    ) -> Incident:
        members = np.unique(np.concatenate([case.members for case in cases]))
        counted = members[self._counted[members]]
        first = min(cases, key=lambda case: (self._importance(case.message), case.route))
        meaning = self._given.messages[first.message]
        meanings = [found for case in cases if (found := self._given.messages[case.message])]
        times = self._at[counted] if len(counted) else self._at[members]
        is_personal = meaning is not None and Signal.PERSONAL_DATA in meaning.signals
        example = self._given.examples.get(first.message, (0, ""))[1]
        return Incident(
            signal=signal,
            route=template,
            normalized=normalized,
            requests=len(counted),
            first=int(times.min()),
            last=int(times.max()),
            part=first.route.part,
            means=tuple(sorted({name for each in meanings for name in each.signals if name != signal})),
            example="" if is_personal else example,
            said=example,
            suite_requests=len(members) - len(counted),
            known=known,
            silent=meaning is None,
            cut=any(each.cut for each in meanings),
            is_error=any(each.is_error for each in meanings),
            by_name=first.route.known,
            shown_route=first.route.shown,
            statuses=tuple(sorted({case.status for case in cases} - {0})),
            members=counted.astype(np.int64),
            origin=first.origin,
            by_path=tuple(sorted({case.route.by_path for case in cases} - {""})[:_MOST_PATHS]),
            hints=self._hints_of(counted) if meaning is None else {},
        )


def _worst_first(one: Incident) -> tuple[Any, ...]:
    known = -1 if one.known is None else one.known
    return (
        _SEVERITY.get(one.signal, len(_SEVERITY)),
        -one.requests,
        one.normalized,
        one.route,
        one.signal,
        known,
    )
