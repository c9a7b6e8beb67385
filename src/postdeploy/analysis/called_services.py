"""Whom a failing call of a line was made to: by the address that it names, else by its words, else by the frames of its stack.

The patterns are data, [services] and [addresses] of the runbook. An address counts more than words: a service that has one of its own
(a database's port, a cache's) is not meant where the line names another; and neither a person's domain, `acme-db.com`, nor the name of a
column, `hubspot_id`, is a word. What throws an error is its first frame: a client in node_modules, where it is one of a package.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
_OF_NODE = re.compile(r"(?<![\w./@-])(?:node:|internal/|<anonymous>|native\b)")
"""A frame of Node's own, which says nothing of who called it."""
CLIENT = "client"
"""The service of whatever client threw an error."""
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
        self._unclear = _Named(runbook.unclear)
        self._addresses = _Named(runbook.addresses)
        self._with_address = frozenset(runbook.addresses)
        self._packages = _Named(runbook.packages)
        self._ours = frozenset(one.service for one in runbook.signals.values() if one.service)
        self._callees = frozenset(name for one in runbook.signals.values() for name in one.callees)

    def of(self, message: str) -> Services:
        """Of a message of a log."""
        message = message[:_MOST]
        text = _IDENTIFIER.sub(" ", _FRAMES.sub("", message))
        frames = _FRAMES.findall(message)
        of_clients = "".join(frame for frame in frames if _OF_A_CLIENT in frame)
        client = frozenset({CLIENT}) if self._is_a_clients(frames) else frozenset[str]()
        if said := self._said(text, of_clients):
            return Services(said, said, said | client)
        return Services(said, self._named("".join(frames)), self._named(of_clients) | client)

    def _said(self, text: str, of_clients: str) -> frozenset[str]:
        """Of what stands before the stack. `of_clients`: frames; what one of them says makes a word of others clear."""
        words, addresses = self._named(text), self._addresses.of(text)
        words -= self._with_address & (words if addresses else words - self._named(_HOST.sub(" ", text)))
        unclear = frozenset[str]() if addresses else self._unclear.of(text) & self._words.of(of_clients)
        return words | addresses | unclear

    def _named(self, text: str) -> frozenset[str]:
        """By words; those that others have, too, name none where the text names another."""
        words = self._words.of(text)
        return words if words & self._callees else words | self._unclear.of(text)

    def _is_a_clients(self, frames: Sequence[str]) -> bool:
        """Whether the client of a called service threw it: neither the app, nor what it is made with, nor a client of its database."""
        first = next((frame for frame in frames if not _OF_NODE.search(frame)), "")
        return _OF_A_CLIENT in first and not self._packages.of(first) and self._words.of(first).isdisjoint(self._ours)


class _Named:
    """Names by patterns that are searched at once."""

    def __init__(self, patterns: Mapping[str, tuple[str, ...]]) -> None:
        self._names = [name for name, texts in patterns.items() for _ in texts]
        self._set = set_of(text for texts in patterns.values() for text in texts)

    def of(self, text: str) -> frozenset[str]:
        return frozenset(self._names[at] for at in self._set.Match(text.encode("utf-8", "replace")) or ())
