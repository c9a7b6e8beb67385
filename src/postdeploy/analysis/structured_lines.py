"""What a line says of its own level.

Lines that an app writes as JSON (pino, winston, bunyan) or as logfmt name their level themselves; the platform calls all of them `info`.
What Node warns of goes where errors go, and the framework's signals for a redirect or a missing page are thrown: neither is an error.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import msgspec

from postdeploy.logs import levels

_ERROR = 50
"""pino's and bunyan's number of an error."""
_NAMES = (
    "level",
    "severity",
    "lvl",
    "log.level",
    "Level",
    "@l",
    "levelname",
    "levelName",
    "logLevelName",
    "severityText",
    "severity_text",
)
_NAME_OF_A_RESULT = "status"
"""Datadog's name of the level; a status that is a number is an answer's."""
_NESTED = ("log", "_meta")
"""Where Elastic's and tslog's lines have theirs."""
_MAY_NAME_A_LEVEL = re.compile(r"level|Level|severity|lvl|\"@l\"|\"status\"")
_CUT = re.compile(
    r'\{\s*(?:"[\w.@]{1,40}"\s*:\s*(?:"[^"\\\n]{0,200}"|[\d.]{1,20})\s*,\s*){0,4}"(?:level|severity|lvl)"\s*:\s*(?:([5-9]\d)\b|"(\w{1,12})")'
)
"""The level of a line whose end was cut off, if it is one of the first fields."""
_LOGFMT = re.compile(
    r"(?:[\w.]{1,40}=(?:\"[^\"\n]{0,200}\"|[^\s\"]{0,100}) ){0,6}(?:level|severity|lvl)=\"?(\w{1,12})\b"
)
"""`level=error` among the first fields: after other fields, never after words."""
_COLOUR = r"(?:\x1b\[[\d;]{0,12}m)"
_LEVEL_FIRST = re.compile(
    rf"\s{{0,8}}{_COLOUR}*(?:\[?\d{{2,4}}[-:/][\d:T.,Z+ -]{{4,30}}\]?(?:{_COLOUR}|[\s|-]){{0,8}}\[?|\[|{_COLOUR})"
    rf"(?:{_COLOUR}|[\s])*(?:ERROR|FATAL|error|fatal)\b"
)
"""A line in which a logger names its level after a time, in brackets or in colour, as pino-pretty, winston and consola do."""
_WARNING = re.compile(r"\s*\(node:\d+\) (?:\[\w+\] )?\w*Warning: ")
_REDIRECT = re.compile(r"\s*(?:⨯ )?\[?Error: NEXT_(?:REDIRECT|NOT_FOUND|HTTP_ERROR_FALLBACK)\b")
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


_MAY_BEGIN_A_LEVEL = frozenset(" [\x1b0123456789")


def is_error(message: str) -> bool:
    """Whether the line's own level says that it is an error's: one of its own fields, not of what is logged with it."""
    if logfmt := _LOGFMT.match(message):
        return logfmt[1].lower() in levels.ERRORS
    if message[:1] in _MAY_BEGIN_A_LEVEL and _LEVEL_FIRST.match(message):
        return True
    if message[:1] == " ":
        message = message.lstrip(" ")
    if message[:1] != "{" or not _MAY_NAME_A_LEVEL.search(message):
        return False
    try:
        found = _fields.decode(message.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        cut = _CUT.match(message)
        return cut is not None and (bool(cut[1]) or cut[2].lower() in levels.ERRORS)
    fields = [found[name] for name in _NAMES if name in found] + [*_nested(found)]
    if _NAME_OF_A_RESULT in found and bytes(found[_NAME_OF_A_RESULT])[:1] == b'"':
        fields.append(found[_NAME_OF_A_RESULT])
    return any(map(_is_error, fields))


def _nested(fields: dict[str, msgspec.Raw]) -> Iterator[msgspec.Raw]:
    for name in _NESTED:
        with contextlib.suppress(KeyError, msgspec.DecodeError, RecursionError):
            inner = _fields.decode(fields[name])
            yield from (inner[each] for each in _NAMES if each in inner)


def is_harmless(message: str, *, failing: bool) -> bool:
    """Whether it only looks like an error's line: a warning of Node's; of a request that did not fail, how the framework redirects."""
    return _WARNING.match(message) is not None or (not failing and _REDIRECT.match(message) is not None)


def _is_error(value: msgspec.Raw) -> bool:
    try:
        level = msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return False
    return level.lower() in levels.ERRORS if isinstance(level, str) else isinstance(level, int) and level >= _ERROR
