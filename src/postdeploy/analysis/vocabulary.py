"""The words by which errors are distinguished: runbook/defaults/vocabulary.toml as sets, which an app can't change."""

from __future__ import annotations

import tomllib

import msgspec

from postdeploy.runbook.aliases import VOCABULARY


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
    before_rows: frozenset[str]
    fields_of_people: frozenset[str]
    before_ids: frozenset[str]
    particles: frozenset[str]
    secrets: frozenset[str]
    said_by_people: frozenset[str]
    before_greeted: frozenset[str]


def _read() -> Vocabulary:
    lists = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    words = {name: text.split("\n" if name == "empty" else None) for name, text in lists.items()}
    return msgspec.convert({name: [word for word in found if word] for name, found in words.items()}, Vocabulary)


WORDS = _read()


def is_known(word: str) -> bool:
    """Whether it is a word of the language of errors."""
    low = word.lower()
    return any(low in words for words in (WORDS.titles, WORDS.plain, WORDS.about_secrets))
