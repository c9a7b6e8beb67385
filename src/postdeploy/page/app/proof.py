"""Positive proof: what must be seen before the inbox counts as loaded. Everything else is a failure.

Pure: evaluated on an Observation again and again, until it is proven or nothing more can arrive.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from postdeploy.model import Diagnosis
from postdeploy.page.app.answers import ALL, ConversationList, opens_conversation
from postdeploy.page.app.contradiction import contradiction
from postdeploy.page.app.expectation import Expectation
from postdeploy.page.journal import Exchange, Kind, lasting
from postdeploy.page.observation import Observation
from postdeploy.page.screen import Screen


@dataclass(frozen=True, slots=True)
class Shown:
    """A workspace is shown correctly: list answer, cards and selector agree, and nothing failed."""

    workspace: str


class Loaded(Shown):
    """The workspace's conversations are there."""


class Empty(Shown):
    """The workspace has no conversations, and the page says so."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An opened conversation shows the messages that the server sent."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Anything else: what the page shows, and the likely cause."""

    diagnosis: Diagnosis
    screen: Screen

    def __repr__(self) -> str:
        return f"Broken({self.diagnosis.cause}: {self.diagnosis.sentence})"


_POLLED = 2
"""Answers after which a further request of the same kind is one of a poll."""
AWAITED = (Kind.PAGE, Kind.ACTION, Kind.API)
"""What the inbox waits for. A script that still loads need not be: what it would render is missing."""


def prove(seen: Observation, wanted: Expectation) -> Shown | None:
    """The proof, or None as long as something is missing."""
    screen = seen.screen
    if screen.error or screen.app.selector is None or waits(seen, wanted.since) or journey_failures(seen, wanted.since):
        return None
    if contradiction(seen, wanted):
        return None
    shown = seen.answers.workspace_in(screen.app.selector)
    if not wanted.lists(seen)[-1].rows:
        return Empty(shown) if screen.app.empty and not screen.app.cards else None
    if not screen.app.filled or screen.app.out_of_reach:
        return None
    return Loaded(shown)


def waits(seen: Observation, since: float) -> bool:
    """Whether the page still waits for something that its list is made of."""
    return any(not opens_conversation(one, seen.runbook) for one in awaited(seen, since))


def awaited(seen: Observation, since: float) -> list[Exchange]:
    """What is pending and was not answered well time and again since: a page that polls never rests, and what it polls for is there."""
    answered = Counter(one.key for one in seen.journal if one.started >= since and not (one.pending or one.failed))
    return [one for one in seen.pending if one.kind in AWAITED and answered[one.key] < _POLLED]


def journey_failures(seen: Observation, since: float = 0.0, *, opening: bool = False) -> list[str]:
    """Requests that failed for good: any failed Server Action; anything else that no repetition made good.

    `opening`: also those that open a conversation. They are not part of loading the list: their own check judges them.
    """
    recent = [one for one in _journey(seen, since) if opening or not opens_conversation(one, seen.runbook)]
    failed = [one for one in recent if one.kind is Kind.ACTION and one.failed]
    failed += [one for one in lasting(recent) if one.kind is not Kind.ACTION]
    failed += [one for one in {one.key: one for one in recent}.values() if one.unreadable]
    ended = {one.key: one for one in recent if not one.pending and one.kind is not Kind.PAGE}
    failed += [one for one in ended.values() if one.lost]  # the network gave no answer, and no repetition did
    return [exchange.line() for exchange in failed]


def failed_writes(seen: Observation, since: float) -> list[str]:
    """What opened conversations made the page write, however late, and that failed for good. Their reads have a check of their own."""
    failed = lasting(_journey(seen, since))
    return [one.line() for one in failed if one.method != "GET" and opens_conversation(one, seen.runbook)]


_THREW = 500
_MANY = 5
"""Conversations of which a page shows more than one."""


def warnings(seen: Observation, since: float) -> list[str]:
    """What is suspicious although the inbox is loaded."""
    slow = seen.runbook.budgets.slow * 1000
    found = [f"slow, but within budget: {one.line()}" for one in _journey(seen, since) if (one.ms or 0.0) >= slow]
    healed = _made_good(_journey(seen, since))
    found += [f"{_who_failed(one)}, and the page asked again: {one.line()}" for one in healed[:3]]
    others = [one for one in seen.journal if one.kind is Kind.OTHER and one.started >= since]
    found += [f"another route failed: {one.line()}" for one in lasting(others) if (one.status or 0) >= 500]
    found += [f"an uncaught error in the page: {said}" for said in seen.uncaught[:3]]
    listed, screen = seen.answers.latest_list, seen.screen.app
    if listed and len(screen.cards) == 1 and len(listed.rows) >= _MANY:
        found.append(f"the server sent {len(listed.rows)} conversations, but the page shows one card")
    counted = _counted(seen, listed) if listed else []
    if listed and listed.rows and counted and not any(counted):
        found.append(f"every count is 0, but the server lists {len(listed.rows)} conversations")
    if listed and not listed.rows and any(counted):
        found.append(f"the server lists no conversation, but counts up to {max(counted):g}")
    if listed and len(listed.workspaces) == 1 and seen.answers.workspace_in(screen.selector or "") == ALL:
        found.append(f"{ALL} shows conversations of one workspace only")
    nonsense = seen.screen.nonsense
    if nonsense and not seen.answers.quote(nonsense):
        found.append(f"the page shows “{nonsense}” in place of a value")
    found += [f"the inbox is loaded, but the page said “{text}”" for text, at in seen.alerts.items() if at >= since][:3]
    return found + [f"the inbox is loaded, but a toast says “{text}”" for text in seen.screen.error_toasts]


def _made_good(journey: list[Exchange]) -> list[Exchange]:
    """The reads and files that failed on the server, and that another attempt brought."""
    lost = {one.key for one in lasting(journey)}
    threw = [one for one in journey if one.failed and (one.status or 0) >= _THREW and one.key not in lost]
    return [one for one in threw if one.kind in (Kind.API, Kind.ASSET)]


def _who_failed(one: Exchange) -> str:
    return "a gateway answered in the app's place" if one.of_a_gateway else "the server failed at first"


def _counted(seen: Observation, listed: ConversationList) -> list[float]:
    """The newest counts for the workspace of this list."""
    counts = [one for one in seen.answers.counts if one.workspace_id == listed.workspace_id]
    return [*counts[-1].numbers.values()] if counts else []


def storms(seen: Observation, since: float) -> list[str]:
    """Requests that the page repeats far more often than an inbox needs."""
    counts = Counter(one.template for one in seen.journal if one.started >= since)
    most = seen.runbook.app.most_requests
    return [
        f"{template} was requested {count} times since the page was opened"
        for template, count in counts.items()
        if count > most
    ]


def _journey(seen: Observation, since: float) -> list[Exchange]:
    return [one for one in seen.journal if one.kind is not Kind.OTHER and one.started >= since]
