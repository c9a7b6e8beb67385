"""Which errors may be one and the same, learnt from the log itself: their words differ in a single place that names no trouble.

A fingerprint knows one message, and takes a customer's name for a word of the error. Many of them side by side show the place in
which they differ. That is a guess: it never makes one error of two, it only says what can't be decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from postdeploy.analysis import word_shapes
from postdeploy.analysis.fingerprint import named_slots
from postdeploy.analysis.vocabulary import WORDS
from postdeploy.analysis.word_shapes import SLOT

LEAST_VARIANTS = 4
"""So many texts must differ in one place, where none of them shows that it is a place for instances."""
MOST_TEXTS = 2_000
"""Texts that are looked at; all others stay errors of their own."""
_LEAST_WORDS = 2
"""Words that must be equal: what has less in common says nothing."""
_EXAMPLES = 4
_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options"])
_ENDINGS_OF_VERBS = ("ed", "ing", "able", "ible")


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that may be one error."""

    texts: tuple[str, ...]
    """In the order given."""

    def __str__(self) -> str:
        """Why they are together: `12 variants: Error: tag {red; blue; …} is not known`."""
        texts = [named_slots(text) for text in self.texts]
        first, *others = [text.split(" ") for text in texts]
        if not others:
            return texts[0]
        shown = []
        for at, word in enumerate(first):
            variants = list(dict.fromkeys([word, *(other[at] for other in others if len(other) == len(first))]))
            more = "; …" if len(variants) > _EXAMPLES else ""
            shown.append(word if len(variants) == 1 else f"{{{'; '.join(variants[:_EXAMPLES])}{more}}}")
        return f"{len(self.texts)} variants: {' '.join(shown)}"


def groups(texts: Iterable[str]) -> tuple[Group, ...]:
    """The texts by what may be one error, each text once."""
    given = list(dict.fromkeys(texts))
    leader = list(range(len(given)))
    for members in (*_variants(given[:MOST_TEXTS]), *_shown_alike(given[:MOST_TEXTS])):
        first = _found(leader, members[0])
        for other in members[1:]:
            leader[_found(leader, other)] = first
    together: dict[int, list[str]] = {}
    for number, text in enumerate(given):
        together.setdefault(_found(leader, number), []).append(text)
    return tuple(Group(tuple(found)) for found in together.values())


def _variants(texts: Sequence[str]) -> Iterator[list[int]]:
    """Which texts differ in one place only, and may do so."""
    split = [text.split(" ") for text in texts]
    places: dict[tuple[int, int, int], list[int]] = {}
    for number, words in enumerate(split):
        for at in range(len(words)):
            if _is_free(words, at):
                around = (at, hash(tuple(words[:at])), hash(tuple(words[at + 1 :])))
                places.setdefault(around, []).append(number)
    for (at, _, _), members in places.items():
        if len(members) < 2 or sum(_says_something(word) for word in _without(split[members[0]], at)) < _LEAST_WORDS:
            continue
        if len(members) >= LEAST_VARIANTS or any(SLOT in split[number][at] for number in members):
            yield members


def _shown_alike(texts: Sequence[str]) -> Iterator[list[int]]:
    """Which texts look the same as they are shown: they differ in people's names, of however many words."""
    alike: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        alike.setdefault(named_slots(text), []).append(number)
    return (members for members in alike.values() if len(members) > 1)


def _found(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _without(words: Sequence[str], at: int) -> list[str]:
    return [*words[:at], *words[at + 1 :]]


def _says_something(word: str) -> bool:
    bare = word.strip("….,:;()[]{}'\"⨯-")
    return len(bare) > 1 and bare[:1].isalpha() and not _is_class(bare)


def _is_class(bare: str) -> bool:
    return bare.endswith(("Error", "Exception", "error"))


def _is_free(words: Sequence[str], at: int) -> bool:
    """Whether instances may differ there: it is not a code, class, verb, status, name of the code, or what a key names."""
    bare = words[at].strip(".,:;()[]{}'\"!?")
    if not bare or SLOT in bare:
        return bool(bare)
    if (
        word_shapes.is_code(bare)
        or word_shapes.has_digit(bare)
        or _is_class(bare)
        or any(mark in bare for mark in "./_$=")
    ):
        return False
    if bare.lower() in _VERBS or (bare.islower() and bare.endswith(_ENDINGS_OF_VERBS)):
        return False
    before = next((word.lstrip("([{") for word in reversed(words[:at]) if any(map(str.isalnum, word))), "")
    named = before.rstrip(":").lower()
    return not (named in WORDS.named or (before.endswith(":") and named in WORDS.keys))
