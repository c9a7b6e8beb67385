"""The words by which errors are distinguished: runbook/defaults/vocabulary.toml as sets, which an app can't change."""

from __future__ import annotations

import tomllib

import msgspec

from postdeploy.runbook.aliases import VOCABULARY


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists of words in lower case; the file explains each."""

    keys: frozenset[str]
    sentences: frozenset[str]
    named: frozenset[str]
    instances: frozenset[str]
    plain: frozenset[str]
    before_status: frozenset[str]
    before_status_or_amount: frozenset[str]
    after_status: frozenset[str]
    after_status_or_amount: frozenset[str]
    empty: frozenset[str]
    with_digits: frozenset[str]
    months: frozenset[str]
    zones: frozenset[str]
    units: frozenset[str]
    ends_of_hosts: frozenset[str]
    ports: frozenset[str]
    pairs: frozenset[str]
    titles: frozenset[str]


def _read() -> Vocabulary:
    lists = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    words = {name: text.split("\n" if name == "empty" else None) for name, text in lists.items()}
    return msgspec.convert({name: [word for word in found if word] for name, found in words.items()}, Vocabulary)


WORDS = _read()
