"""Which errors may be one and the same, learnt from the log itself: their words differ only in a place that names no trouble.

A fingerprint knows one message, and takes a customer's name for a word of the error. Many of them side by side show the place in
which they differ. That is a guess: it never makes one error of two, it only says what can't be decided.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby

from postdeploy.analysis import varying_places
from postdeploy.analysis.fingerprint import named_slots
from postdeploy.analysis.varying_places import is_constant, is_free, may_vary
from postdeploy.analysis.word_shapes import SLOT

LEAST_VARIANTS = 4
"""So many texts must differ in one place, where none of them shows that it is a place for instances."""
MOST_TEXTS = 2_000
"""Texts that are looked at; all others stay errors of their own."""
_LEAST_WORDS = 2
"""Words that must be equal: what has less in common says nothing."""
_LEAST_STEPS = 2
"""Steps of a path of which one must be equal."""
_MOST_COMPARED = 100
"""Texts that are looked at for places of several words, and for two places; and the words of such a text."""
_LONGEST = 30
_LEAST_WORDS_OF_RUNS, _LEAST_WORDS_OF_TWO = 3, 4
"""Words that must be equal then."""
_LONGEST_RUN, _LONGEST_WITH_IDS = 4, 8
"""Words of one place, and of one in which ids stand, too: `12 Rue de Rivoli, 75001 Paris`."""
_EXAMPLES = 4
_TEXT = "‹text›"


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that may be one error."""

    texts: tuple[str, ...]
    """In the order given."""

    def __str__(self) -> str:
        """Why they are together: `12 variants: Error: tag ‹text› is not known`; what may name people is not listed."""
        texts = [named_slots(text) for text in self.texts]
        if len(set(texts)) == 1:
            return texts[0] if len(texts) == 1 else f"{len(texts)} variants: {texts[0]}"
        split = [text.split(" ") for text in texts]
        if len({len(words) for words in split}) == 1:
            return f"{len(texts)} variants: {_without_repeats(map(_together, zip(*split, strict=True)))}"
        before, after = varying_places.around(split)
        return f"{len(texts)} variants: {_without_repeats([*before, _TEXT, *after])}"


def groups(texts: Iterable[str]) -> tuple[Group, ...]:
    """The texts by what may be one error, each text once."""
    return _groups(tuple(dict.fromkeys(texts)))


@lru_cache(maxsize=64)
def _groups(given: tuple[str, ...]) -> tuple[Group, ...]:
    """Routes and deployments mostly fail in the same ways: what is asked again is not compared again."""
    leader = list(range(len(given)))
    compared = given[:MOST_TEXTS]
    for members in (*_variants(compared), *_variants_of_several(compared), *_shown_alike(compared)):
        first = _found(leader, members[0])
        for other in members[1:]:
            leader[_found(leader, other)] = first
    together: dict[int, list[str]] = {}
    for number, text in enumerate(given):
        together.setdefault(_found(leader, number), []).append(text)
    return tuple(Group(tuple(found)) for found in together.values())


def alike_routes(routes: Sequence[str]) -> Iterator[list[int]]:
    """Which routes (method and path) differ in one step of several: it may be a customer's name, where nothing but the path says so."""
    places: dict[tuple[str, ...], list[int]] = {}
    for number, route in enumerate(routes):
        steps = route.split("/")
        if len(steps) > _LEAST_STEPS:
            for at in range(1, len(steps)):
                places.setdefault((*steps[:at], SLOT, *steps[at + 1 :]), []).append(number)
    return (members for members in places.values() if len(members) >= LEAST_VARIANTS)


def _variants(texts: Sequence[str]) -> Iterator[list[int]]:
    """Which texts differ in one place only, and may do so."""
    split = [text.split(" ") for text in texts]
    places: dict[tuple[int, int, int], list[int]] = {}
    for number, words in enumerate(split):
        for at in range(len(words)):
            if is_free(words, at):
                around = (at, hash(tuple(words[:at])), hash(tuple(words[at + 1 :])))
                places.setdefault(around, []).append(number)
    for (at, _, _), members in places.items():
        if len(members) < 2 or sum(_says_something(word) for word in _without(split[members[0]], at)) < _LEAST_WORDS:
            continue
        if len(members) >= LEAST_VARIANTS or any(SLOT in split[number][at] for number in members):
            yield members


def _variants_of_several(texts: Sequence[str]) -> Iterator[list[int]]:
    """Which texts differ in one place of several words (`Berlin, Germany`), or in two places, and may do so."""
    places: dict[Hashable, list[int]] = {}
    least: dict[Hashable, int] = {}
    for number, text in enumerate(texts[:_MOST_COMPARED]):
        words = text.split(" ")
        if len(words) > _LONGEST:
            continue
        says = sum(map(_says_something, words))
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_WITH_IDS, len(words)) + 1):
                if not is_free(words, end - 1):
                    break
                shows_ids = any(SLOT in word for word in words[start:end])
                if not may_vary(words, start, end) or (end - start > _LONGEST_RUN and not shows_ids):
                    continue
                key = (hash(tuple(words[:start])), hash(tuple(words[end:])))
                if says - sum(map(_says_something, words[start:end])) >= _LEAST_WORDS_OF_RUNS:
                    places.setdefault(key, []).append(number)
                    least[key] = min(least.get(key, LEAST_VARIANTS), LEAST_VARIANTS - shows_ids)
        free = [at for at in range(len(words)) if may_vary(words, at, at + 1) and not is_constant(words[at])]
        for one, other in combinations(free, 2):
            if says - _says_something(words[one]) - _says_something(words[other]) >= _LEAST_WORDS_OF_TWO:
                around = (*words[:one], "", *words[one + 1 : other], "", *words[other + 1 :])
                places.setdefault(hash(around), []).append(number)
    return (members for key, members in places.items() if len(members) >= least.get(key, LEAST_VARIANTS))


def _shown_alike(texts: Sequence[str]) -> Iterator[list[int]]:
    """Which texts look the same as they are shown: they differ in people's names, of however many words."""
    alike: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        alike.setdefault(named_slots(text, alone=False), []).append(number)
    return (members for members in alike.values() if len(members) > 1)


def _together(variants: Sequence[str]) -> str:
    """A word of all texts; where they differ, their words if all are words of errors or names of the code: else people may be named."""
    different = list(dict.fromkeys(variants))
    if len(different) == 1:
        return different[0]
    if not all(map(varying_places.is_sayable, different)):
        return _TEXT
    return f"{{{'; '.join(different[:_EXAMPLES])}{'; …' if len(different) > _EXAMPLES else ''}}}"


def _without_repeats(words: Iterable[str]) -> str:
    return " ".join(word for word, same in groupby(words) for word in ([word] if word == _TEXT else same))


def _found(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _without(words: Sequence[str], at: int) -> list[str]:
    return [*words[:at], *words[at + 1 :]]


def _says_something(word: str) -> bool:
    bare = word.strip("….,:;()[]{}'\"⨯-")
    return len(bare) > 1 and bare[:1].isalpha() and not varying_places.is_class(bare)
