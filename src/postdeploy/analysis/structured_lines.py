"""What the fields of a line say of it: its level, and which of its words people wrote.

Lines that an app writes as JSON (pino, winston, bunyan) or as logfmt name their level themselves; the platform calls all of them `info`.
What Node warns of goes where errors go, and the framework's signals for a redirect or a missing page are thrown: neither is an error.
"""

from __future__ import annotations

import re

import msgspec

_LEVELS = frozenset({"error", "err", "fatal", "critical", "crit", "alert", "emerg", "emergency", "panic"})
_ERROR = 50
"""pino's and bunyan's number of an error."""
_NAMES = ("level", "severity", "lvl", "log.level")
_CUT = re.compile(
    r'\{\s*(?:"[\w.@]{1,40}"\s*:\s*(?:"[^"\\\n]{0,200}"|[\d.]{1,20})\s*,\s*){0,4}"(?:level|severity|lvl)"\s*:\s*(?:([5-9]\d)\b|"(\w{1,12})")'
)
"""The level of a line whose end was cut off, if it is one of the first fields."""
_LOGFMT = re.compile(
    r"(?:[\w.]{1,40}=(?:\"[^\"\n]{0,200}\"|[^\s\"]{0,100}) ){0,6}(?:level|severity|lvl)=\"?(\w{1,12})\b"
)
"""`level=error` among the first fields: after other fields, never after words."""
_NO_ERROR = re.compile(
    r"\s*\(node:\d+\) (?:\[\w+\] )?\w*Warning: "
    r"|\s*(?:⨯ )?\[?Error: NEXT_(?:REDIRECT|NOT_FOUND|HTTP_ERROR_FALLBACK)\b"
)
_PEOPLES = re.compile(
    r"""(\b(?:body|text|content|html|subject|snippet|transcript|prompt|reply|question|answer|note|comment|preview|completion)"""
    r"""\\?["']?[ ]?[:=][ ]?|Unexpected token [^\n]{1,8}?, (?:\.\.\.)?)"""
    r"""(?:\\"(?:[^"\\]|\\[^"]){0,8000}(?:\\"|\Z)|"(?:[^"\\]|\\.){0,8000}(?:"|\Z)|'(?:[^'\\]|\\.){0,8000}(?:'|\Z))""",
    re.IGNORECASE | re.DOTALL,
)
"""A field that holds what people wrote, or text that is not JSON: it is not an error of the app."""
MAY_BE_PEOPLES = (
    r"""(?i:body|text|content|html|.ubject|.n.ppet|tran.cr.pt|prompt|reply|que.t.on|an.wer|note|comment|prev.ew|complet.on)"""
    r"""\\?["']?[ ]?[:=][ ]?\\?["']|Unexpected token """
)
"""A message without a match has no such field; found together with the runbook's patterns. `.`: letters that some language folds."""
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def is_error(message: str) -> bool:
    """Whether the line's own level says that it is an error's: one of its own fields, not of what is nested in it."""
    if logfmt := _LOGFMT.match(message):
        return logfmt[1].lower() in _LEVELS
    if message[:1] != "{" or not any(name in message for name in _NAMES):
        return False
    try:
        found = _fields.decode(message.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        cut = _CUT.match(message)
        return cut is not None and (bool(cut[1]) or cut[2].lower() in _LEVELS)
    return any(_is_error(found[name]) for name in _NAMES if name in found)


def is_harmless(message: str) -> bool:
    """Whether it only looks like an error's line: a warning of Node's, or how the framework redirects."""
    return _NO_ERROR.match(message) is not None


def without_what_people_wrote(message: str) -> str:
    """The message without the values of such fields; without any, the same object."""
    return _PEOPLES.sub(r'\1""', message) if _PEOPLES.search(message) else message


def _is_error(value: msgspec.Raw) -> bool:
    try:
        level = msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return False
    return level.lower() in _LEVELS if isinstance(level, str) else isinstance(level, int) and level >= _ERROR
