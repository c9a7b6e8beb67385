"""Whom a failing call of a line was made to: by the address that it names, else by its words, else by the frames of its stack.

The patterns are data, [services] and [addresses] of the runbook. An address counts more than words: a service that has one of its own
(a database's port, a cache's) is not meant where the line names another; and neither a person's domain, `acme-db.com`, nor the name of a
column, `hubspot_id`, is a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from postdeploy.analysis.pattern_sets import set_of
from postdeploy.analysis.vocabulary import WORDS
from postdeploy.runbook.tables import Runbook

_FRAMES = re.compile(r"\n[ \t]+at [^\n]*")
_HOST = re.compile(rf"(?<![\w.])(?:[\w-]{{1,63}}\.){{1,8}}(?:{'|'.join(sorted(WORDS.ends_of_hosts))})\b(?![\w(]|\.\w)")
_IDENTIFIER = re.compile(
    r"\b(?:(?:column|table|relation|type|constraint)\s{1,4}(?:\\?[\"'`][^\"'`\n]{1,120}[\"'`]|\w{1,63}\.\w{1,63}|\w{0,63}_\w{0,63})"
    r"|(?:from|into|update|join)\s{1,4}[\"'`]?\w{0,63}_\w{0,63})"
    r"|[\"`]\w{0,63}_\w{0,63}[\"`]",
    re.IGNORECASE,
)
"""What a database calls its own."""
_OF_A_CLIENT = "node_modules/"
_MOST = 16_384


class Services(NamedTuple):
    """Which services a message names."""

    said: frozenset[str] = frozenset()
    """Before its stack."""
    framed: frozenset[str] = frozenset()
    """The same; where it names none there, in its stack."""
    called: frozenset[str] = frozenset()
    """The same, in the frames of clients alone, never in one of the app."""


class CalledServices:
    """By the patterns of a runbook."""

    def __init__(self, runbook: Runbook) -> None:
        self._words = _Named(runbook.services)
        self._addresses = _Named(runbook.addresses)
        self._with_address = frozenset(runbook.addresses)

    def of(self, message: str) -> Services:
        """Of a message of a log."""
        message = message[:_MOST]
        said = self._said(_IDENTIFIER.sub(" ", _FRAMES.sub("", message)))
        if said:
            return Services(said, said, said)
        frames = _FRAMES.findall(message)
        of_clients = [frame for frame in frames if _OF_A_CLIENT in frame]
        return Services(said, self._words.of("".join(frames)), self._words.of("".join(of_clients)))

    def _said(self, text: str) -> frozenset[str]:
        words, addresses = self._words.of(text), self._addresses.of(text)
        words -= self._with_address & (words if addresses else words - self._words.of(_HOST.sub(" ", text)))
        return words | addresses


class _Named:
    """Names by patterns that are searched at once."""

    def __init__(self, patterns: Mapping[str, tuple[str, ...]]) -> None:
        self._names = [name for name, texts in patterns.items() for _ in texts]
        self._set = set_of(text for texts in patterns.values() for text in texts)

    def of(self, text: str) -> frozenset[str]:
        return frozenset(self._names[at] for at in self._set.Match(text.encode("utf-8", "replace")) or ())
