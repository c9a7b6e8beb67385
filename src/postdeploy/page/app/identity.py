"""Which conversation a card stands for: by an id in its attributes, by its place in the list, and only then by its person.

Pure. Names alone do not identify: leads come without one, and two people share one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from postdeploy.page.app.answers import ConversationList, ListedConversation, OpenedConversation
from postdeploy.page.app.screen import Card

_WORD = re.compile(r"[\w-]+")
_BEGINS_A_PART = re.compile(r"(?:^|(?<=[-_]))(?=[^-_])")

Rows = dict[str, ListedConversation]
"""Conversations by id, in the order of the list."""


def rows_of(listed: Iterable[ConversationList]) -> Rows:
    """The conversations of several list answers, each once: a list is asked for again, and page after page."""
    return {row.id: row for each in listed for row in each.rows}


def marked_row(card: Card, rows: Rows) -> ListedConversation | None:
    """The conversation whose id stands in the card's attributes, alone or at the end of a word; None: none or several do."""
    found = {part for word in _WORD.findall(card.marks) for part in _ends(word) if part in rows}
    return rows[found.pop()] if len(found) == 1 else None


def candidates(card: Card, rows: Rows) -> Rows:
    """The conversations that the card may stand for: one by its id; else those of its person; else those without a person."""
    marked = marked_row(card, rows)
    if marked:
        return {marked.id: marked}
    theirs = {key: row for key, row in rows.items() if card.is_of(row.person)}
    return theirs or {key: row for key, row in rows.items() if not row.person} or rows


def stands_for(cards: Sequence[Card], position: int, listed: Sequence[ConversationList]) -> ListedConversation | None:
    """The conversation of the card at this position, where its id, its place or its person shows which; None: it may be one of several."""
    rows = rows_of(listed)
    marked = marked_row(cards[position], rows)
    if marked:
        return marked
    orders = (listed[-1].rows if listed else (), tuple(rows.values()))
    placed = next((order[position] for order in orders if _in_order(cards, order)), None)
    possible = tuple(candidates(cards[position], rows).values())
    return placed or (possible[0] if len(possible) == 1 else None)


@dataclass(frozen=True, slots=True)
class ChosenCard:
    """A card that is clicked, and the conversations that it may stand for."""

    position: int
    possible: Rows
    sure: str | None
    """The id of its conversation, where it is certain."""
    listed: Collection[str]
    """The ids of all conversations in the list."""

    def is_answered_by(self, opened: OpenedConversation, *, fresh: bool) -> bool:
        """Whether this answer holds the card's messages. `fresh`: since the click; earlier ones only for the very id (pages prefetch)."""
        if not fresh:
            return self.sure is not None and opened.id == self.sure
        if opened.id in self.possible:
            return True
        if opened.asked:  # a conversation may bear another id than its row, but not that of another row
            return opened.asked in self.possible and opened.id not in self.listed
        return opened.id is None and opened.person in {row.person for row in self.possible.values()}


def choose_card(
    cards: Sequence[Card], listed: Sequence[ConversationList], open_already: Collection[str] = ()
) -> ChosenCard:
    """A card whose conversation is certain and not open yet; else the second card: most pages open the first by themselves."""
    rows = rows_of(listed)
    known = {
        position: row
        for position, card in enumerate(cards)
        if card.reachable and (row := stands_for(cards, position, listed))
    }
    ranks = {
        position: (
            row.id in open_already,
            not row.person or len(candidates(cards[position], rows)) > 1,
            position == 0,
            bool(row.preview) and not row.previews_message,
        )
        for position, row in known.items()
    }
    position = min(ranks, key=lambda each: ranks[each], default=min(1, len(cards) - 1))
    return ChosenCard(position, *_meant(cards[position], known.get(position), rows), rows.keys())


def _meant(card: Card, sure: ListedConversation | None, rows: Rows) -> tuple[Rows, str | None]:
    """All that the card may stand for: also, unless its id is known, those without a person, whatever the page calls them."""
    if sure and marked_row(card, rows):
        return {sure.id: sure}, sure.id
    nameless = {key: row for key, row in rows.items() if not row.person}
    return candidates(card, rows) | nameless | ({sure.id: sure} if sure else {}), sure.id if sure else None


def _in_order(cards: Sequence[Card], rows: Sequence[ListedConversation]) -> bool:
    """Whether the cards are the first conversations of the list, in its order, as far as names show."""
    return len(cards) <= len(rows) and all(
        not row.person or card.is_of(row.person) for card, row in zip(cards, rows, strict=False)
    )


def _ends(word: str) -> list[str]:
    """`lead-7c1f-0a52` → itself, `7c1f-0a52`, `0a52`."""
    return [word[found.start() :] for found in _BEGINS_A_PART.finditer(word)]
