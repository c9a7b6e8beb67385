"""What a message says, whatever its row and its request: asked once for all that differ in ids alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from postdeploy.analysis import structured_lines
from postdeploy.analysis.fingerprint import without_instances
from postdeploy.analysis.message_patterns import Found, MessagePatterns
from postdeploy.analysis.remembered import Remembered

_UNCAUGHT = re.compile(r"(?:\x1b\[[\d;]{0,12}m|\s){0,8}⨯")
"""How the framework begins an uncaught error, in a terminal's colours, too."""
_BEGINS_LIKE_AN_ERROR = re.compile(
    r"(?:\x1b\[[\d;]{0,12}m|\s){0,8}(?:⨯|(?:Uncaught )?\[?\w*(?:Error|Exception)\b|FATAL|error:|prisma:error|Failed to )"
)
"""What makes a line without a level an error line."""
_CACHED = 5_000
"""Messages that are remembered."""
_LONGEST_CACHED = 4_096
"""Characters of such a message."""


class ReadMessage(NamedTuple):
    """What a message says."""

    text: str
    """The message, without instances."""
    found: Found
    is_uncaught: bool
    """The framework wrote it of an error that the app did not catch."""
    own_level: str
    """The level that it names itself."""
    begins: bool
    """It begins like an error."""


class _Asked(NamedTuple):
    text: str
    """The message as the patterns see it."""
    failing: bool
    inbound: bool


class MessageReader:
    """Reads messages by the patterns of one runbook."""

    def __init__(self, patterns: MessagePatterns) -> None:
        self._patterns = patterns
        self._said = Remembered(self._read, _CACHED)

    def read(self, message: str, *, failing: bool, inbound: bool) -> ReadMessage:
        """What it says. `failing`: it may tell why its request failed; `inbound`: people outside send texts by its route."""
        asked = _Asked(self._patterns.seen(message), failing, inbound)
        return self._said[asked] if len(message) <= _LONGEST_CACHED else self._read(asked)

    def _read(self, asked: _Asked) -> ReadMessage:
        text = without_instances(asked.text)
        return ReadMessage(
            text,
            self._patterns.found(asked.text, text, failing=asked.failing, inbound=asked.inbound),
            is_uncaught=is_uncaught(asked.text),
            own_level=structured_lines.own_level(asked.text),
            begins=begins_like_an_error(asked.text),
        )


def is_uncaught(message: str) -> bool:
    """Whether the framework wrote it of an error that the app did not catch."""
    return _UNCAUGHT.match(message) is not None


def begins_like_an_error(message: str) -> bool:
    """Whether a line without a level is an error line."""
    return _BEGINS_LIKE_AN_ERROR.match(message) is not None
