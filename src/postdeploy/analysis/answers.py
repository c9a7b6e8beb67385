"""How the requests of each part of the app, and of each route, were answered: whether any succeeded, and how many got no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.signals import UNKNOWN_STATUS, Part, Route

ASKS_NOTHING = ("HEAD ", "OPTIONS ")
"""How the routes of requests begin that no person makes."""
GIVEN_UP = 499
"""The client left before an answer came."""
_NOT_MODIFIED, _SEE_OTHER = 304, 303
FAILED = 500
_BITS = 32
"""A status, and a route's number, have fewer."""


@dataclass(frozen=True, slots=True)
class PartAnswers:
    """To user traffic, of one part or of one of its routes."""

    part: Part
    statuses: Mapping[int, int] = field(default_factory=dict)
    """How many requests got each; `UNKNOWN_STATUS`: no row shows one."""
    suite_succeeded: bool = False
    """Whether a request of the suite's own browser did."""
    shown: str = field(default="", compare=False)
    """Its route as people see it."""

    @property
    def requests(self) -> int:
        """All of them."""
        return sum(self.statuses.values())

    @property
    def asked(self) -> int:
        """All of them that did not fail with a 5xx."""
        return sum(count for status, count in self.statuses.items() if status < FAILED)

    @property
    def admitted(self) -> int:
        """All of them that were neither refused nor led away, as bots and the signed-out are: a share of failures is of these."""
        return sum(count for status, count in self.statuses.items() if not _is_turned_away(self.part, status))

    @property
    def succeeded(self) -> int:
        """Those that got what they asked for."""
        return sum(count for status, count in self.statuses.items() if _is_success(self.part, status))

    @property
    def unfinished(self) -> int:
        """Those of which no row shows a status."""
        return self.statuses.get(UNKNOWN_STATUS, 0)

    @property
    def unanswered(self) -> int:
        """The same, and those whose client gave up."""
        return self.unfinished + self.statuses.get(GIVEN_UP, 0)


def _is_success(part: Part, status: int) -> bool:
    """A Server Action that leads on answers 303; a page that does has shown nothing yet."""
    return bool(successes(np.array(part is Part.ACTION), np.array(status)))


def successes(actions: npt.NDArray[np.bool_], statuses: npt.NDArray[np.int_]) -> npt.NDArray[np.bool_]:
    """The same of many requests at once. `actions`: which of them are Server Actions."""
    is_success: npt.NDArray[np.bool_] = (statuses >= 200) & (statuses < 300) | (statuses == _NOT_MODIFIED)
    led_on: npt.NDArray[np.bool_] = actions & (statuses == _SEE_OTHER)
    return is_success | led_on


def _is_turned_away(part: Part, status: int) -> bool:
    return not admitted(np.array(part is Part.ACTION), np.array(status))


def admitted(actions: npt.NDArray[np.bool_], statuses: npt.NDArray[np.int_]) -> npt.NDArray[np.bool_]:
    """Which requests were neither refused nor led away."""
    turned_away: npt.NDArray[np.bool_] = (statuses >= 300) & (statuses < GIVEN_UP) & ~successes(actions, statuses)
    return ~turned_away


def by_template(routes: Sequence[Route]) -> npt.NDArray[np.int64]:
    """For each route the number of the first with its template."""
    first: dict[str, int] = {}
    return np.array([first.setdefault(one.template, number) for number, one in enumerate(routes)], np.int64)


def by_part(
    parts: npt.NDArray[np.int8],
    statuses: npt.NDArray[np.int_],
    users: npt.NDArray[np.bool_],
    suite: npt.NDArray[np.bool_],
) -> dict[Part, PartAnswers]:
    """By the number of each request's part, its status, and whose it is."""
    found = {}
    for number, part in enumerate(Part):
        there = parts == number
        seen, counts = np.unique(statuses[there & users], return_counts=True)
        own = {int(status) for status in np.unique(statuses[there & suite])}
        found[part] = PartAnswers(
            part,
            dict(zip(seen.tolist(), counts.tolist(), strict=True)),
            any(_is_success(part, status) for status in own),
        )
    return found


def by_route(
    routes: Sequence[Route],
    numbers: npt.NDArray[np.int64],
    statuses: npt.NDArray[np.int_],
    users: npt.NDArray[np.bool_],
    suite: npt.NDArray[np.bool_],
) -> dict[str, PartAnswers]:
    """The same by method and path, of routes that people asked for. `numbers`: each request's place in `routes`."""
    found: dict[str, PartAnswers] = {}
    for route, status, count in _counts(routes, numbers[users], statuses[users]):
        known = found.get(route.template, PartAnswers(route.part, shown=route.shown))
        there = {**known.statuses, status: known.statuses.get(status, 0) + count}
        found[route.template] = replace(known, statuses=there)
    for route, status, _ in _counts(routes, numbers[suite], statuses[suite]):
        if route.template in found and _is_success(route.part, status):
            found[route.template] = replace(found[route.template], suite_succeeded=True)
    return found


def _counts(
    routes: Sequence[Route], numbers: npt.NDArray[np.int64], statuses: npt.NDArray[np.int_]
) -> Iterator[tuple[Route, int, int]]:
    """Each route and status, and how many requests there are of both."""
    pairs, counts = np.unique((numbers.astype(np.int64) << _BITS) | statuses, return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        yield routes[pair >> _BITS], pair & ((1 << _BITS) - 1), count
