"""Positive proof: what must be seen before the inbox counts as loaded. Everything else is failure.

Pure: judged from an Observation, again and again, until it is proven or nothing more will come.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.app.answers import ConversationList
from postdeploy.page.journal import Exchange, Kind, lasting
from postdeploy.page.observation import ALL, Observation
from postdeploy.page.screen import Screen


@dataclass(frozen=True, slots=True)
class Shown:
    """A workspace is shown in good order: list answer, cards and selector agree, and nothing failed."""

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
    """Anything else, with what the page shows and the likely cause."""

    diagnosis: Diagnosis
    screen: Screen

    def __repr__(self) -> str:
        return f"Broken({self.diagnosis.cause}: {self.diagnosis.sentence})"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is to be proven: whose conversations, asked for since when, and what else is known."""

    workspace: str | None
    """None: whichever the app selected by itself."""
    workspace_id: str | None = None
    since: float = 0.0
    """Epoch milliseconds of the action that asked for it."""
    known: frozenset[str] = frozenset()
    """The names of all workspaces that may appear; empty: not known yet."""
    people: tuple[str, ...] = ()
    """Who must be among the conversations."""


_CALM = (Kind.PAGE, Kind.ACTION, Kind.API)
"""What the inbox waits for. A script that still loads is missed by itself, by what it would have rendered."""


def prove(seen: Observation, wanted: Expectation) -> Shown | None:
    """The proof, or None as long as something is missing."""
    screen = seen.screen
    if screen.error or screen.selector is None or _waits(seen) or journey_failures(seen, wanted.since):
        return None
    listed = lists_of(seen, wanted)
    shown = seen.workspace_in(screen.selector)
    if contradiction(seen, wanted):
        return None
    if not listed[-1].rows:
        return Empty(shown) if screen.empty and not screen.cards else None
    if not any(card.reachable for card in screen.cards):
        return None
    return Loaded(shown)


def _waits(seen: Observation) -> bool:
    return any(one.kind in _CALM and not opens_one(one, seen) for one in seen.pending)


def journey_failures(seen: Observation, since: float = 0.0) -> list[str]:
    """Requests that failed for good: any failed Server Action; anything else that no repetition made good.

    Opening a conversation is not part of loading the list: its own check judges it.
    """
    recent = [one for one in _journey(seen, since) if not opens_one(one, seen)]
    failed = [one for one in recent if one.kind is Kind.ACTION and one.failed]
    failed += [one for one in lasting(recent) if one.kind is not Kind.ACTION]
    ended = {one.key: one for one in recent if not one.pending and one.kind is not Kind.PAGE}
    failed += [one for one in ended.values() if one.lost]  # the network gave no answer, and no repetition did
    return [exchange.line() for exchange in failed]


_MANY = 5
"""Conversations of which a page shows more than one."""


def warnings(seen: Observation, since: float) -> list[str]:
    """What is worth a look although the inbox is loaded."""
    slow = seen.runbook.budgets.slow * 1000
    found = [f"slow, but within budget: {one.line()}" for one in _journey(seen, since) if (one.ms or 0.0) >= slow]
    beside = [one for one in seen.journal if one.kind is Kind.OTHER and one.started >= since]
    found += [f"beside the inbox: {one.line()}" for one in lasting(beside) if (one.status or 0) >= 500]
    found += [f"an error in the page that nothing caught: {said}" for said in seen.uncaught[:3]]
    listed = seen.latest_list
    if listed and len(seen.screen.cards) == 1 and len(listed.rows) >= _MANY:
        found.append(f"the server sent {len(listed.rows)} conversations, the page shows one card")
    if listed and len(listed.workspaces) == 1 and seen.workspace_in(seen.screen.selector or "") == ALL:
        found.append(f"{ALL} shows conversations of one workspace only")
    toasts = [toast.text for toast in seen.screen.toasts if toast.kind == "error"]
    return found + [f"the inbox is loaded, and yet a toast says “{text}”" for text in toasts]


def storms(seen: Observation, since: float) -> list[str]:
    """Requests that the page repeats far more often than an inbox needs."""
    counts = Counter(one.template for one in seen.journal if one.started >= since)
    most = seen.runbook.app.most_requests
    return [f"{count} times {template} since the page was opened" for template, count in counts.items() if count > most]


def _journey(seen: Observation, since: float) -> list[Exchange]:
    return [one for one in seen.journal if one.kind is not Kind.OTHER and one.started >= since]


def opens_one(exchange: Exchange, seen: Observation) -> bool:
    """Whether this request opens a conversation."""
    return exchange.path.startswith(seen.runbook.app.list_path + "/")


def lists_of(seen: Observation, wanted: Expectation) -> list[ConversationList]:
    """The list answers for what is wanted, oldest first. An action's answer belongs to what was asked for last."""
    started = {key: exchange.started for key, exchange in seen.exchanges.items()}
    mine = []
    for key, listed in seen.lists:
        fresh = started.get(key, 0.0) >= wanted.since
        if listed.asked:
            if wanted.workspace is None or listed.workspace_id == wanted.workspace_id:
                mine.append(listed)
        elif fresh or (wanted.workspace and listed.workspaces == {wanted.workspace}):
            mine.append(listed)
    return mine


def contradiction(seen: Observation, wanted: Expectation) -> Diagnosis | None:
    """What speaks against the proof although nothing failed: another workspace's conversations, cards that nobody can reach, …"""
    shown = seen.workspace_in(seen.screen.selector) if seen.screen.selector else None
    name = wanted.workspace or shown
    listed = lists_of(seen, wanted)
    if name is None:
        return None
    if shown != name:
        return Diagnosis(Cause.WRONG_CARDS, f"{name} was chosen, but the selector says {shown}")
    if not listed:
        return _no_list(seen, wanted, name)
    return (
        _wrong_rows(seen, wanted, listed[-1], name)
        or _wrong_cards(seen, listed, name)
        or _missing_people(listed, wanted, name)
    )


def _no_list(seen: Observation, wanted: Expectation, name: str) -> Diagnosis:
    path = seen.runbook.app.list_path
    answers = [
        one for one in seen.journal if one.started >= wanted.since and one.path.split("?")[0] == path and one.status
    ]
    if not answers:
        return Diagnosis(Cause.WRONG_CARDS, f"the selector says {name}, but the page asked for no list of it")
    kind = f" ({answers[-1].content_type})" if answers[-1].content_type else ""
    sentence = f"the conversation list answered {answers[-1].status}, but not with conversations of {name}{kind}"
    return Diagnosis(Cause.LIST_ROUTE, sentence, (answers[-1].line(),))


def _wrong_rows(seen: Observation, wanted: Expectation, listed: ConversationList, name: str) -> Diagnosis | None:
    full = {workspace.name for workspace in seen.runbook.workspace if not workspace.empty}
    if not listed.rows and (name in full or (name == ALL and full)):
        sentence = f"the server's list of {name} is empty, although runbook.toml says that it has conversations"
        return Diagnosis(Cause.EMPTY_LIST, sentence)
    if name == ALL:
        lacking = sorted(full - listed.workspaces) if listed.complete else []
        if lacking:
            sentence = f"the list of all workspaces holds no conversation of {', '.join(lacking)}"
            return Diagnosis(Cause.WRONG_WORKSPACE, sentence)
    allowed = set(wanted.known) if name == ALL else {name}
    foreign = sorted(listed.workspaces - allowed) if allowed else []
    asked_for = seen.workspace_names.get(listed.workspace_id or "")
    if foreign and name != ALL and asked_for and {asked_for} == set(listed.workspaces):
        return Diagnosis(
            Cause.WRONG_CARDS,
            f"the selector says {name}, but the page asked for and shows the conversations of {asked_for}",
        )
    if foreign:
        return Diagnosis(
            Cause.WRONG_WORKSPACE,
            f"asked for {name}, the server's list holds conversations of {', '.join(foreign[:3])}",
            (f"{len(listed.rows)} conversations, of {', '.join(sorted(listed.workspaces)[:5])}",),
        )
    return None


def _wrong_cards(seen: Observation, listed: list[ConversationList], name: str) -> Diagnosis | None:
    cards, rows = seen.screen.cards, listed[-1].rows
    people = frozenset[str]().union(*(each.people for each in listed))
    strange = [card for card in cards if not any(card.is_of(person) for person in people)]
    nameless = sum(1 for each in listed for row in each.rows if not row.person)
    others = [card for card in cards if name != ALL and not seen.says_workspace(card.text, name)]
    if rows and (len(strange) > nameless or others):
        return Diagnosis(
            Cause.WRONG_CARDS,
            f"the server's list for {name} is right, but the page shows other cards: "
            f"{len(strange)} of {len(cards)} are not in it, {len(others)} do not name {name}",
        )
    repeated = _repeated(seen, listed)
    if repeated:
        sentence = f"{repeated} of {len(cards)} cards are there more often than the server's list of {name} has them"
        return Diagnosis(Cause.WRONG_CARDS, sentence)
    if rows and cards and not any(card.reachable for card in cards):
        return Diagnosis(
            Cause.NEVER_RENDERED,
            f"{len(cards)} conversation cards are in the page, but nobody can reach one: covered, or out of sight",
        )
    if rows and seen.screen.unstyled:
        return Diagnosis(Cause.ASSET, "the page is shown without its style: no style sheet of it holds a rule")
    if rows and seen.screen.empty and not cards:
        return Diagnosis(
            Cause.NEVER_RENDERED, f"the server sent {len(rows)} conversations, the page says that there are none"
        )
    return None


def _repeated(seen: Observation, listed: list[ConversationList]) -> int:
    """How many cards there are beyond the conversations that they could stand for."""
    rows = Counter(person for _, person in {(row.id, row.person) for each in listed for row in each.rows if row.person})
    by_length = sorted(rows, key=len, reverse=True)
    whose = (next((person for person in by_length if card.is_of(person)), None) for card in seen.screen.cards)
    shown = Counter(person for person in whose if person)
    return sum(max(0, count - rows[person]) for person, count in shown.items())


def _missing_people(listed: list[ConversationList], wanted: Expectation, name: str) -> Diagnosis | None:
    people = frozenset[str]().union(*(each.people for each in listed))
    missing = [person for person in wanted.people if person not in people]
    if not missing:
        return None
    return Diagnosis(
        Cause.WRONG_WORKSPACE,
        f"{len(missing)} of {len(wanted.people)} people named in runbook.toml are not in {name}'s list",
    )
