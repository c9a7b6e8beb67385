"""Incidents: the same error, or the same signal, on the same route is one incident, however often it happened.

Requests are counted, never rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.answers import PartAnswers
from postdeploy.analysis.fingerprint import named_slots
from postdeploy.analysis.signals import Part, Signal

BEHIND = " ← "
"""Between a message that names no trouble and the error of the same request that does."""
_MOST_MINUTES = 180
_PARTS = tuple(Part)
_GATEWAYS = frozenset(range(520, 531))
"""Cloudflare's statuses. https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/"""
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Incident:
    """One error or signal on one route. Times are epoch milliseconds by the platform's clock."""

    signal: str
    route: str
    """Method and path without ids; `place` is what is shown of it."""
    normalized: str
    """The message without what differs from request to request; without a message: method, path and status."""
    requests: int
    first: int
    last: int
    part: Part = Part.ROUTE
    means: tuple[str, ...] = ()
    """The other signals that its message means."""
    example: str = ""
    """One message as it was logged; withheld if it holds personal data."""
    said: str = field(default="", compare=False, repr=False)
    """What the words of the message were made of; never shown."""
    suite_requests: int = 0
    """How many requests of the suite's own browser there were; they are not counted in `requests`."""
    known: int | None = None
    """Which entry of [[known]] it matches."""
    new: bool | None = None
    """Whether the baseline lacks it; None: not compared."""
    silent: bool = False
    """No row of its requests says why they failed."""
    cut: bool = False
    """A message of its requests was cut before its end: what distinguishes them may be missing."""
    is_error: bool = False
    """A message of its requests is an error line, whichever signal claims it."""
    by_name: bool = False
    """Its route is named by the log or by the app's routes, not by paths alone."""
    statuses: tuple[int, ...] = ()
    members: Numbers = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)
    """Which requests of the tally they are."""
    origin: str = ""
    """Of a message that names no trouble by itself: the error in another row of its requests. It stands behind it in `normalized`."""
    variant_of: str = ""
    """The fingerprint of the incident that it is one trouble with; empty: it is one of its own."""
    by_path: tuple[str, ...] = ()
    """What the paths of its requests alone would call its route, where that is something else."""
    hints: Mapping[str, int] = field(default_factory=dict)
    """What its requests show of the reason, if no row says it (`silence`): how many of them."""
    shown_route: str = field(default="", compare=False)

    @property
    def fingerprint(self) -> str:
        """The same for the same incident, in every build."""
        return self._fingerprint_on(self.route)

    @property
    def place(self) -> str:
        """Its route as people see it, with `‹text›` where a step may name a person."""
        return self.shown_route or self.route

    @property
    def shown(self) -> str:
        """Its words as people see them, with `‹id›` and `‹text›` in the place of instances."""
        if self.silent:
            return self.normalized.replace(self.route, self.place, 1)
        lead, behind, origin = self.normalized.partition(BEHIND)
        return named_slots(lead, self.said) + behind + named_slots(origin) or named_slots("…")

    @property
    def also(self) -> tuple[str, ...]:
        """Its fingerprints where nothing but paths names its route: in a log that shows no functions, read without the app's routes."""
        return tuple(map(self._fingerprint_on, self.by_path))

    def is_in(self, fingerprints: Collection[str]) -> bool:
        """Whether it is one of these errors, whatever named its route there."""
        return self.fingerprint in fingerprints or any(one in fingerprints for one in self.also)

    def _fingerprint_on(self, route: str) -> str:
        said = self.normalized.replace(self.route, route, 1) if self.silent else self.normalized
        return hashlib.sha256(f"{self.signal}\n{route}\n{said}".encode()).hexdigest()[:12]

    @property
    def trouble(self) -> str:
        """The same for all variants of one trouble."""
        return self.variant_of or self.fingerprint

    def only(self, members: Numbers, at: Numbers) -> Incident:
        """With these of its requests alone. `at`: when each request of the tally began."""
        if len(members) == len(self.members):
            return self
        times = at[members] if len(members) else np.array([self.first])
        return replace(self, members=members, requests=len(members), first=int(times.min()), last=int(times.max()))

    @property
    def seconds(self) -> float:
        """From the first request to the last."""
        return (self.last - self.first) / 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to the requests that began in a span."""

    requests: int = 0
    actions: int = 0
    inbox: int = 0
    suite_requests: int = 0
    """Of the suite's own browser; not counted in the others."""
    first: int | None = None
    last: int | None = None
    seconds: float = 0.0
    """How long the span is; without one, from the first request to the last."""
    incidents: tuple[Incident, ...] = ()
    pages: int = 0
    healthy: int = 0
    """Requests of everyone, files among them, that succeeded and logged nothing that means anything."""
    answers: Mapping[Part, PartAnswers] = field(default_factory=dict)
    """How the requests of each part were answered."""
    at: Numbers = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)
    """When each request began, the suite's own and those outside the span among them; `Incident.members` points here."""
    inside: Flags = field(default_factory=lambda: np.empty(0, bool), compare=False, repr=False)
    """Whether it belongs to the span and is not of an asset."""
    of_users: Flags = field(default_factory=lambda: np.empty(0, bool), compare=False, repr=False)
    """Whether it counts in `requests`."""
    by_route: Mapping[str, PartAnswers] = field(default_factory=dict, compare=False, repr=False)
    """How the requests of each route were answered."""
    route: Numbers = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)
    """The number of each request's route: requests with the same method and path have the same."""
    part: npt.NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8), compare=False, repr=False)
    """The place of each request's part in `Part`."""
    succeeded: Flags = field(default_factory=lambda: np.empty(0, bool), compare=False, repr=False)
    """Whether it belongs to the span, was answered 2xx, and logged nothing that means anything."""
    served: Flags = field(default_factory=lambda: np.empty(0, bool), compare=False, repr=False)
    """Whether it counts in `requests`, and got what it asked for by its status, whatever it logged."""
    admitted: Flags = field(default_factory=lambda: np.empty(0, bool), compare=False, repr=False)
    """Whether it counts in `requests`, and was neither refused nor led away."""

    @property
    def server_action_errors(self) -> tuple[Incident, ...]:
        """Those that user traffic met."""
        return tuple(one for one in self.of(Signal.SERVER_ACTION_ERROR) if one.requests)

    @property
    def unique(self) -> int:
        """How many different troubles they are."""
        return len({one.trouble for one in self.server_action_errors})

    def of(self, *signals: str) -> tuple[Incident, ...]:
        """The incidents of these signals."""
        return tuple(one for one in self.incidents if one.signal in signals)

    def answers_of(self, part: Part) -> PartAnswers:
        """How the requests of this part were answered."""
        return self.answers.get(part, PartAnswers(part))

    def is_of(self, part: Part) -> Flags:
        """Which requests are of this part."""
        found: Flags = self.part == _PARTS.index(part)
        return found

    def members(self, *signals: str) -> Numbers:
        """Which requests any row gives one of these signals."""
        found = [one.members for one in self.of(*signals)]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    @property
    def slow_sign_ins(self) -> Numbers:
        """Which requests the auth service was too slow for: by name, or aborted without one and refused as not authenticated."""
        aborted = np.intersect1d(self.members(Signal.UNNAMED_ABORT), self.members(Signal.NOT_AUTHENTICATED))
        return np.union1d(self.members(Signal.AUTH_SLOW), aborted)

    @property
    def passed_on(self) -> Numbers:
        """Which requests have no message, and a status that only gateways give: passed on from what they called."""
        found = [
            one.members for one in self.incidents if one.silent and one.statuses and _GATEWAYS.issuperset(one.statuses)
        ]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    def answers_on(self, route: str) -> PartAnswers:
        """How the requests of user traffic to a route were answered."""
        return self.by_route.get(route, PartAnswers(Part.ACTION))

    def requests_to(self, route: str) -> int:
        """How many requests of user traffic a route had."""
        return self.by_route[route].requests if route in self.by_route else 0

    def times(self, incidents: Iterable[Incident]) -> Numbers:
        """When the requests of these incidents began, each request once, in order."""
        members = [one.members for one in incidents]
        return np.sort(self.at[np.unique(np.concatenate(members))]) if members else np.empty(0, np.int64)

    def by_minute(self, since: int) -> tuple[tuple[int, int, int], ...]:
        """Minute since a moment, the requests that began in it, and those of them that met an incident. Empty minutes are left out."""
        members = [one.members for one in self.incidents]
        failed = np.zeros(len(self.at), bool)
        failed[np.concatenate(members) if members else []] = True
        minutes = (self.at[self.of_users] - since) // 60_000
        struck = (self.at[self.of_users & failed] - since) // 60_000
        found, counts = np.unique(minutes, return_counts=True)
        errors = dict(zip(*(each.tolist() for each in np.unique(struck, return_counts=True)), strict=True))
        pairs = zip(found.tolist(), counts.tolist(), strict=True)
        return tuple((minute, count, errors.get(minute, 0)) for minute, count in pairs)[:_MOST_MINUTES]

    def successes(self, incidents: Iterable[Incident]) -> Numbers:
        """When requests succeeded that need what these incidents lacked, in order: on the same routes, or reads of the inbox."""
        members = [one.members for one in incidents]
        routes = np.unique(self.route[np.concatenate(members)]) if members else np.empty(0, np.int64)
        return np.sort(self.at[self.succeeded & (self.is_of(Part.INBOX) | np.isin(self.route, routes))])
