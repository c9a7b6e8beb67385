"""The app's own part of the screen: the workspace selector, the conversation cards, the open menu."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_SHORTEST_SURE_NAME = 3
"""Characters from which on a name does not stand in a heading by accident."""
_FEWEST_WORDS = 2
_LONGEST_INITIAL = 3


@functools.lru_cache(maxsize=4096)  # the same names are compared at every look
def one_line(text: str) -> str:
    """The text as a page shows it: every run of white space is one space."""
    return " ".join(text.split())


@functools.lru_cache(maxsize=4096)
def spelled(text: str) -> str:
    """The text as it is compared: pages change its case, its composed letters, its entities, and what can't be seen."""
    plain = unicodedata.normalize("NFKC", html.unescape(text))
    return one_line("".join(each for each in plain if unicodedata.category(each) != "Cf")).casefold()


def letters(text: str) -> str:
    """Its letters and digits only: without e-mail markup, however it is wrapped."""
    return "".join(letter for letter in html.unescape(re.sub(r"<[^>]*>", " ", text)) if letter.isalnum())


def ways_to_show(text: str) -> tuple[str, ...]:
    """Its letters and digits as a page may show them: as markup, or as the plain text that it is (`Ada <ada@x.org> wrote`)."""
    plain = "".join(letter for letter in text if letter.isalnum())
    return tuple(dict.fromkeys([letters(text), plain]))


@dataclass(frozen=True, slots=True)
class Card:
    """A conversation card. The person's name serves comparison only and is never written."""

    person: str
    text: str
    reachable: bool = True
    """In sight and not covered: a person could press it."""
    covered_by: str = ""
    """The element that a pointer would hit in its place; empty: none, it is reachable or out of sight."""
    marks: str = ""
    """The values of its attributes that may hold its conversation's id."""

    @property
    def blank(self) -> bool:
        """It says nothing at all: a placeholder of what is still loading."""
        return not letters(self.person + self.text)

    def is_of(self, person: str) -> bool:
        """Whether the heading names this person, alone or together with initials and marks."""
        heading, name = spelled(self.person), spelled(person)
        shortened = heading.rstrip(". …") if heading.endswith(("…", "...")) else ""
        if len(shortened) >= _SHORTEST_SURE_NAME and name.startswith(shortened):
            return True
        return self.spells_out(person) or _rearranges(heading.split(), name.split())

    def spells_out(self, person: str) -> bool:
        """Whether the whole name stands in the heading."""
        heading, name = spelled(self.person), spelled(person)
        return bool(name) and (heading == name or (len(name) >= _SHORTEST_SURE_NAME and name in heading))

    def __repr__(self) -> str:
        return "Card(…)"


def _rearranges(heading: list[str], name: list[str]) -> bool:
    """Whether the heading has the name's words with the last one first (`Abbott, Ada`), or some as initials (`Ada A.`), not all."""
    if len(name) < _FEWEST_WORDS or len(heading) != len(name):
        return False
    if heading[0].endswith(","):
        return sorted(name) == sorted([heading[0].rstrip(","), *heading[1:]])
    whole = [word for word, own in zip(heading, name, strict=True) if word == own]
    initials = [word for word, own in zip(heading, name, strict=True) if word != own and own.startswith(word[:-1])]
    return bool(whole and initials) and len(whole) + len(initials) == len(name) and all(map(_is_initial, initials))


def _is_initial(word: str) -> bool:
    return word.endswith(".") and len(word) <= _LONGEST_INITIAL


@dataclass(frozen=True, slots=True)
class AppScreen:
    """What one look at the page found of the inbox."""

    selector: str | None = None
    """The label of the workspace selector, None while it is not visible."""
    cards: tuple[Card, ...] = ()
    empty: bool = False
    """The page says that there are no conversations."""
    options: tuple[tuple[str, str], ...] = ()
    """Id and name of each workspace while the menu is open."""

    @classmethod
    def read(cls, seen: dict[str, Any]) -> AppScreen:
        """The part of recorder.js's look that is about the app."""
        return cls(
            selector=seen["selector"],
            cards=tuple(Card(**card) for card in seen["cards"]),
            empty=seen["empty"],
            options=tuple((str(key), str(name)) for key, name in seen["options"]),
        )

    @property
    def filled(self) -> tuple[Card, ...]:
        """The cards that say something."""
        return tuple(card for card in self.cards if not card.blank)

    @property
    def out_of_reach(self) -> bool:
        """There are cards, and a pointer reaches none of them."""
        return bool(self.cards) and not any(card.reachable for card in self.cards)

    @property
    def names(self) -> frozenset[str]:
        """The names that stand on it: for the redactor."""
        return frozenset(card.person for card in self.cards)

    def describe(self) -> list[str]:
        """What is to be seen, for people: no names, no previews."""
        selector = f"workspace selector “{self.selector}”" if self.selector else "no workspace selector"
        if self.cards:
            return [selector, f"{len(self.cards)} conversation cards"]
        return [selector, "“No conversations yet”" if self.empty else "no conversation card"]
