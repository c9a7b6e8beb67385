"""The words by which errors are distinguished: runbook/defaults/vocabulary.toml as sets, which an app can't change."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache

import msgspec

from postdeploy.runbook.aliases import ORDINARY_WORDS, VOCABULARY


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists of words in lower case; the file explains each."""

    keys: frozenset[str]
    sentences: frozenset[str]
    failing: frozenset[str]
    line_messages: frozenset[str]
    line_lists: frozenset[str]
    line_errors: frozenset[str]
    line_error_messages: frozenset[str]
    line_classes: frozenset[str]
    line_stacks: frozenset[str]
    line_telemetry: frozenset[str]
    line_own: frozenset[str]
    named: frozenset[str]
    things: frozenset[str]
    parameters: frozenset[str]
    before_parameters: frozenset[str]
    before_routes: frozenset[str]
    before_quoted_routes: frozenset[str]
    types: frozenset[str]
    addresses: frozenset[str]
    before_calls: frozenset[str]
    before_hosts: frozenset[str]
    instances: frozenset[str]
    plain: frozenset[str]
    reasons: frozenset[str]
    before_status: frozenset[str]
    before_status_or_amount: frozenset[str]
    after_status: frozenset[str]
    after_status_or_amount: frozenset[str]
    empty: frozenset[str]
    with_digits: frozenset[str]
    about_secrets: frozenset[str]
    months: frozenset[str]
    zones: frozenset[str]
    currencies: frozenset[str]
    uploads: frozenset[str]
    before_locales: frozenset[str]
    before_characters: frozenset[str]
    units: frozenset[str]
    counted: frozenset[str]
    before_zones: frozenset[str]
    ends_of_hosts: frozenset[str]
    ports: frozenset[str]
    ports_of_stores: frozenset[str]
    words_of_services: frozenset[str]
    ends_within: frozenset[str]
    services: frozenset[str]
    domains_of_several: frozenset[str]
    pairs: frozenset[str]
    titles: frozenset[str]
    after_names: frozenset[str]
    kinds: frozenset[str]
    capitals: frozenset[str]
    errnos: frozenset[str]
    before_rows: frozenset[str]
    fields_of_people: frozenset[str]
    before_ids: frozenset[str]
    particles: frozenset[str]
    secrets: frozenset[str]
    after_secrets: frozenset[str]
    said_by_people: frozenset[str]
    before_greeted: frozenset[str]
    before_modules: frozenset[str]


def _read() -> Vocabulary:
    lists = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    words = {name: text.split("\n" if name == "empty" else None) for name, text in lists.items()}
    return msgspec.convert({name: [word for word in found if word] for name, found in words.items()}, Vocabulary)


WORDS = _read()


def is_known(word: str) -> bool:
    """Whether it is a word of the language of errors."""
    low = word.lower()
    return any(low in words for words in (WORDS.titles, WORDS.plain, WORDS.about_secrets))


def is_ordinary_code(word: str) -> bool:
    """Whether a word of `SERVICE_ROLE_KEY`, `ELOCKED`, `CORS` is of errors or plain English; `ANNA_BECKER` has none."""
    parts = [part.lower() for part in word.split("_") if len(part) >= SHORTEST]
    return not parts or any(
        is_ordinary(part) or part in WORDS.capitals or (part[0] == "e" and len(part) > 4 and is_ordinary(part[1:]))
        for part in parts
    )


_ENDINGS = (
    ("s", ("",)),
    ("es", ("",)),
    ("ies", ("y",)),
    ("d", ("",)),
    ("ed", ("",)),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("ly", ("",)),
)
"""Endings, with what stands in their place in the word itself."""
SHORTEST = 3
"""Letters of a word that is looked up: shorter ones say too little of anyone."""


def is_ordinary(word: str) -> bool:
    """Whether errors and plain English use it (runbook/defaults/ordinary_words.toml); other words may be people's."""
    low = word.lower()
    return low in _ordinary() or any(stem in _ordinary() for stem in _stems(low))


def _stems(word: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST:
            yield from (stem + letters for letters in instead)
            if stem[-1] == stem[-2]:
                yield stem[:-1]


@cache
def _ordinary() -> frozenset[str]:
    """Read at the first error that is shown."""
    listed = tomllib.loads(ORDINARY_WORDS.read_text(encoding="utf-8"))["words"].split()
    named = (label for domain in WORDS.services for label in domain.split("."))
    ours = (word.lower() for words in msgspec.structs.astuple(WORDS) for line in words for word in line.split())
    return frozenset((*listed, *named)) | (frozenset(ours) - WORDS.pairs - WORDS.particles)
