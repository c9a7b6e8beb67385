"""A list that a search or a filter makes shorter: what must be seen of it, and what is wrong where it is not.

Pure. Nothing is concluded from the number of conversations: an app may search in all workspaces, and page by page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.app.answers import ConversationList, ListedConversation, is_list
from postdeploy.page.app.identity import Rows
from postdeploy.page.app.proof import journey_failures, waits
from postdeploy.page.app.screen import Card
from postdeploy.page.journal import Kind
from postdeploy.page.observation import Observation

_SHORTEST_WORD = 3
"""Letters of a word from which on a search can find a person by it."""
_ARRIVING = 1
"""Conversations that may begin at the very moment."""


@dataclass(frozen=True, slots=True)
class WholeList:
    """The list before it is made shorter, and since when it is."""

    cards: tuple[Card, ...] = ()
    rows: Rows = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    """The workspaces whose conversations may appear; empty: not known."""
    closed: bool = False
    """Whether these are all conversations that may appear."""
    since: float = 0.0
    """Epoch milliseconds."""

    def answers(self, seen: Observation) -> list[ConversationList]:
        """What the server has listed since, for requests that were not made before: pages ask for the whole list again and again."""
        before = _asked_before(seen, self.since)
        listed = [(seen.exchanges[key], one) for key, one in seen.answers.lists]
        return [one for by, one in listed if by.started >= self.since and not (one.asked and by.path in before)]


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom to search for, and by which texts: a search that knows first and last names apart finds none by both."""

    person: str
    texts: tuple[str, ...]

    def __repr__(self) -> str:
        return "Sought(…)"


def someone(whole: WholeList) -> Sought | None:
    """A person of the list whose name no other row contains, the oldest one: the newest may not be in a search index yet."""
    rows = list(whole.rows.values())
    alone = [row.person for row in rows if row.person and sum(row.person in other.person for other in rows) == 1]
    alone = [person for person in alone if any(not card.is_of(person) for card in whole.cards)]
    if not alone:
        return None
    words = [word for word in alone[-1].split() if len(word) >= _SHORTEST_WORD]
    words.sort(key=lambda word: (sum(word in row.person for row in rows), -len(word)))
    return Sought(alone[-1], tuple(dict.fromkeys([alone[-1], *words[:1]])))


def finds(seen: Observation, whole: WholeList, person: str) -> bool:
    """Whether the list became shorter, and shows this person."""
    return is_shorter(seen, whole) and any(card.is_of(person) for card in seen.screen.app.cards)


def is_shorter(seen: Observation, whole: WholeList) -> bool:
    """Whether cards have gone, nothing is awaited, nothing failed, and nothing appears that may not."""
    gone = Counter(map(_same, whole.cards)) - Counter(map(_same, seen.screen.app.cards))
    answers = whole.answers(seen)
    if answers and _shows_everything(whole, answers[-1].rows):
        return False
    return bool(gone) and _calm(seen, whole) and stray(seen, whole) is None


def lets_go(seen: Observation, whole: WholeList, short: tuple[Card, ...]) -> bool:
    """Whether the page shows cards again that the shorter list did not have."""
    back = Counter(map(_same, seen.screen.app.cards)) - Counter(map(_same, short))
    return bool(back) and _calm(seen, whole)


def is_rendered(seen: Observation, whole: WholeList) -> bool:
    """Whether the page shows what the server has listed since: other cards, none at all, or the same where the server lists the same."""
    answers, screen = whole.answers(seen), seen.screen.app
    changed = bool(screen.cards or screen.empty) and Counter(map(_same, screen.cards)) != Counter(
        map(_same, whole.cards)
    )
    return bool(answers) and (changed or _shows_everything(whole, answers[-1].rows))


def has_reacted(seen: Observation, since: float, cards: tuple[Card, ...]) -> bool:
    """Whether the page has asked for a list since then, shows other cards, or an error."""
    before, fresh = _asked_before(seen, since), [one for one in seen.journal if one.started >= since]
    asked = any(one.kind is Kind.ACTION or (is_list(one, seen.runbook) and one.path not in before) for one in fresh)
    return asked or seen.shows_error or Counter(map(_same, cards)) != Counter(map(_same, seen.screen.app.cards))


def stray(seen: Observation, whole: WholeList) -> Diagnosis | None:
    """Conversations in the shorter list that the whole one does not have; None: there are none, as far as is known."""
    answers = whole.answers(seen)
    foreign = sorted(answers[-1].workspaces - whole.allowed) if answers and whole.allowed else []
    if foreign:
        sentence = f"the shorter list contains conversations of {', '.join(foreign[:3])}, which the whole one does not"
        return Diagnosis(Cause.WRONG_WORKSPACE, sentence)
    if not whole.closed:
        return None
    added = {row.id for row in answers[-1].rows} - whole.rows.keys() if answers else set()
    if len(added) > _ARRIVING:
        sentence = f"the shorter list contains {len(added)} conversations that the whole one does not"
        return Diagnosis(Cause.LIST_ROUTE, sentence)
    named = [row.person for row in whole.rows.values() if row.person]
    strange = [card for card in seen.screen.app.cards if not any(map(card.is_of, named))]
    if not answers and len(strange) > len(whole.rows) - len(named):
        return Diagnosis(Cause.WRONG_CARDS, f"{len(strange)} cards of the shorter list are not in the whole one")
    return None


def why_not_found(seen: Observation, whole: WholeList, person: str) -> Diagnosis:
    """Why a search does not show a person of the list, where no request failed."""
    answers = whole.answers(seen)
    if found := stray(seen, whole):
        return found
    if answers and _shows_everything(whole, answers[-1].rows):
        return Diagnosis(Cause.LIST_ROUTE, "the search leaves none out: the server lists the same as without it")
    if answers and (renamed := _renamed(answers[-1].rows, whole.rows)):
        sentence = (
            f"the server's lists contradict each other: {renamed} of the conversations found had another name before"
        )
        return Diagnosis(Cause.LIST_ROUTE, sentence)
    if answers and any(row.person == person for row in answers[-1].rows):
        return Diagnosis(
            Cause.WRONG_CARDS, "the server finds the person who is searched for, but the page shows others"
        )
    if answers:
        sentence = f"the search does not find a person of the list: the server lists {len(answers[-1].rows)} others"
        return Diagnosis(Cause.LIST_ROUTE, sentence)
    return Diagnosis(Cause.WRONG_CARDS, "a person of the list is searched for, but the page shows the same as before")


def why_not_shorter(seen: Observation, whole: WholeList) -> Diagnosis:
    """Why a filter does not show fewer conversations, where no request failed."""
    if found := stray(seen, whole):
        return found
    if whole.answers(seen):
        return Diagnosis(
            Cause.LIST_ROUTE, "the filter leaves no conversation out: the server lists the same without it"
        )
    return Diagnosis(Cause.WRONG_CARDS, "the filter is switched on, but the page shows the same as before")


def _asked_before(seen: Observation, at: float) -> set[str]:
    return {one.path for one in seen.journal if one.started < at}


def _shows_everything(whole: WholeList, rows: tuple[ListedConversation, ...]) -> bool:
    return {row.id for row in rows} >= whole.rows.keys()


def _renamed(rows: tuple[ListedConversation, ...], before: Rows) -> int:
    """How many are listed under another name than before."""
    names = {row.id: (row.person, before[row.id].person) for row in rows if row.id in before}
    return sum(bool(new and old) and new != old for new, old in names.values())


def _same(card: Card) -> tuple[str, str]:
    """What a card is recognised by: its text may say how old it is."""
    return card.person, card.marks


def _calm(seen: Observation, whole: WholeList) -> bool:
    screen = seen.screen
    if screen.error or screen.app.selector is None or not (screen.app.cards or screen.app.empty):
        return False
    return not waits(seen, whole.since) and not journey_failures(seen, whole.since)
