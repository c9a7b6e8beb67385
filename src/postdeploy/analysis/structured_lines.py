"""Lines that an app writes as JSON (pino, winston, bunyan) say their level themselves; the platform calls all of them `info`."""

from __future__ import annotations

import re

import msgspec

_LEVELS = frozenset({"error", "err", "fatal", "critical", "crit", "alert", "emerg", "emergency", "panic"})
_ERROR = 50
"""pino's and bunyan's number of an error."""
_NAMES = ("level", "severity", "lvl", "log.level")
_CUT = re.compile(r'\{\s*"(?:level|severity|lvl)"\s*:\s*(?:([5-9]\d)\b|"(\w{1,12})")')
"""The level of a line whose end was cut off, if it comes first."""
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def is_error(message: str) -> bool:
    """Whether the line's own level says that it is an error's: one of its own fields, not of what is nested in it."""
    if message[:1] != "{" or not any(name in message for name in _NAMES):
        return False
    try:
        found = _fields.decode(message.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        cut = _CUT.match(message)
        return cut is not None and (bool(cut[1]) or cut[2].lower() in _LEVELS)
    return any(_is_error(found[name]) for name in _NAMES if name in found)


def _is_error(value: msgspec.Raw) -> bool:
    try:
        level = msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return False
    return level.lower() in _LEVELS if isinstance(level, str) else isinstance(level, int) and level >= _ERROR
