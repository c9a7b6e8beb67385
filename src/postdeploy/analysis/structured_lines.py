"""What a line says of its own level.

Lines that an app writes as JSON (pino, winston, bunyan) or as logfmt name their level themselves; the platform calls all of them `info`, or
`error` where they went to stderr.
What Node warns of goes where errors go, and the framework's signals for a redirect or a missing page are thrown: neither is an error.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import msgspec

from postdeploy.analysis import library_notes, otlp_exports
from postdeploy.analysis.pattern_sets import one_of
from postdeploy.logs import levels
from postdeploy.runbook.log_tables import Logs

_ERROR, _WARNING_NUMBER, _LEAST = 50, 40, 10
"""pino's and bunyan's numbers of an error, a warning and of what is least."""
ERROR = "error"
LOWER = "info"
_ORDER = (ERROR, levels.WARNING, LOWER)
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
    r'\{\s*(?:"[\w.@]{1,40}"\s*:\s*(?:"[^"\\\n]{0,200}"|[\d.]{1,20})\s*,\s*){0,4}"(?:level|severity|lvl)"\s*:\s*(?:"?([1-9]\d)\b|"([A-Za-z]\w{0,11})")'
)
"""The level of a line whose end was cut off, if it is one of the first fields."""
_LOGFMT = re.compile(
    r"(?:[\w.]{1,40}=(?:\"[^\"\n]{0,200}\"|[^\s\"]{0,100}) ){0,6}(?:level|severity|lvl)=\"?(\w{1,12})\b"
)
"""`level=error` among the first fields: after other fields, never after words."""
_COLOUR = r"(?:\x1b\[[\d;]{0,12}m)"
_LEVEL_FIRST = re.compile(
    rf"\s{{0,8}}{_COLOUR}*(?:\[?\d{{2,4}}[-:/][\d:T.,Z+ -]{{4,30}}\]?(?:{_COLOUR}|[\s|-]){{0,8}}\[?|\[|{_COLOUR})"
    rf"(?:{_COLOUR}|[\s])*(ERROR|FATAL|error|fatal|WARN(?:ING)?|warn(?:ing)?|INFO|info|NOTICE|notice|DEBUG|debug|TRACE|trace)\b"
)
"""A line in which a logger names its level after a time, in brackets or in colour, as pino-pretty, winston and consola do."""
_DIGITS = re.compile(r"[0-9]{2,3}")
_WARNING = re.compile(r"\s*\(node:\d+\) (?:\[\w+\] )?(?!UnhandledPromiseRejection)\w*Warning: ")
_BELOW = re.compile(r"\n\s{0,8}\[?\w*(?:Error|Exception)\b")
"""An error below such a warning."""
_REDIRECT = re.compile(r"\s*(?:⨯ )?\[?Error: NEXT_(?:REDIRECT|NOT_FOUND|HTTP_ERROR_FALLBACK)\b")
_CAUGHT = re.compile(
    r"(?:(?!\w{3,40}(?:Error|Exception)\b|\n)[\s\S]){0,200}?\b(?:Error: ?|message\\?[\"']: ?\\?[\"'])?"
    r"NEXT_(?:REDIRECT|NOT_FOUND|HTTP_ERROR_FALLBACK)\b"
)
"""The same behind words of the app that caught and logged it: no named error stands before it."""
_ANOTHER = re.compile(r"\b[A-Za-z]{2,40}(?:Error|Exception)\]?:|\bP[1-6]\d{3}\b|\bError: (?!NEXT_)")
"""Another error in such a line: that is what the app logs."""
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


_MAY_BEGIN_A_LEVEL = frozenset(" [\x1b0123456789")


def is_error(message: str) -> bool:
    """Whether the line's own level says that it is an error's: one of its own fields, not of what is logged with it."""
    return own_level(message) == ERROR


def own_level(message: str) -> str:
    """`ERROR`, `warning`, or `LOWER` for all below it; empty: the line names none. Of several the worst."""
    if logfmt := _LOGFMT.match(message):
        return _level(logfmt[1])
    if message[:1] in _MAY_BEGIN_A_LEVEL and (first := _LEVEL_FIRST.match(message)):
        return _level(first[1])
    if message[:1] == " ":
        message = message.lstrip(" ")
    if message[:1] != "{" or not _MAY_NAME_A_LEVEL.search(message):
        return ""
    try:
        found = _fields.decode(message.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        cut = _CUT.match(message)
        return "" if cut is None else _level(cut[2]) if cut[2] else _of_number(int(cut[1]))
    if names := otlp_exports.levels(message):
        named = set(map(_level, names))
        return next((level for level in _ORDER if level in named), "")
    fields = [found[name] for name in _NAMES if name in found] + [*_nested(found)]
    named = {_of_field(field) for field in fields}
    if _NAME_OF_A_RESULT in found and bytes(found[_NAME_OF_A_RESULT])[:1] == b'"':
        named.add(_level(str(_decoded(found[_NAME_OF_A_RESULT]))))
    return next((level for level in _ORDER if level in named), "")


def _nested(fields: dict[str, msgspec.Raw]) -> Iterator[msgspec.Raw]:
    for name in _NESTED:
        with contextlib.suppress(KeyError, msgspec.DecodeError, RecursionError):
            inner = _fields.decode(fields[name])
            yield from (inner[each] for each in _NAMES if each in inner)


def is_harmless(message: str, *, failing: bool) -> bool:
    """Whether it only looks like an error's line: a warning of Node's; of a request that did not fail, how the framework redirects."""
    if _WARNING.match(message) is not None:
        return _BELOW.search(message) is None
    return not failing and _REDIRECT.match(message) is not None


def is_control_flow(message: str) -> bool:
    """Whether the app caught and logged how the framework redirects, or shows that a page is missing: it throws for both."""
    return "NEXT_" in message and _CAUGHT.match(message) is not None and _ANOTHER.search(message) is None


def only_warns(message: str, logs: Logs) -> bool:
    """Whether it is a warning by its own words, says that all went well, or is a library's note or the trouble of what only measures.

    `logs.warnings`, `logs.successes`, `logs.notes` and `logs.asides` say so.
    """
    if library_notes.is_note(message, logs):
        return True
    text = message.encode("utf-8", "replace")
    if one_of((logs.failing_words,)).search(text):
        return False
    went_well = one_of(logs.successes).search(text) and not one_of(logs.not_successes).search(text)
    return bool(went_well or one_of(logs.warnings).search(text))


def _of_field(value: msgspec.Raw) -> str:
    level = _decoded(value)
    if isinstance(level, str):
        return _of_number(int(level)) if _DIGITS.fullmatch(level) else _level(level)
    return _of_number(level) if isinstance(level, int) else ""


def _decoded(value: msgspec.Raw) -> object:
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return None


def _of_number(number: int) -> str:
    if number >= _ERROR:
        return ERROR
    return levels.WARNING if number >= _WARNING_NUMBER else LOWER if number >= _LEAST else ""


def _level(name: str) -> str:
    name = name.lower()
    if name in levels.ERRORS:
        return ERROR
    return levels.WARNING if name in levels.WARNINGS else LOWER if name in levels.LOWER else ""
