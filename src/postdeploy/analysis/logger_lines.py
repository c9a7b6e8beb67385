"""What a logger's line of fields says of an error, as Node would have printed it: message, class, causes and stack come first.

A line of JSON (pino, winston, bunyan, ECS, OpenTelemetry, Sentry, GELF, Serilog, Lambda, Google Cloud) or of logfmt; what its other
fields say comes last. The names of the fields are data: `line_*` of runbook/defaults/vocabulary.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from postdeploy.analysis import otlp_exports
from postdeploy.analysis.minified import without_given_class
from postdeploy.analysis.vocabulary import WORDS

_DEEPEST, _MOST_ERRORS, _LONGEST = 5, 4, 4_000
"""Of objects within objects; errors that are read; characters of one."""
_OBJECT = re.compile(r"\s*\{\s*\"")
_MARK = re.compile(r'"(?:[^"\\]|\\.)*+("?)|[{}\[\]]', re.DOTALL)
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_ENDS = ("", "null", ":null")
"""What a cut object may lack before its brackets."""
_PAIR = re.compile(r'([\w.@/-]{1,60})=(?:"((?:[^"\\]|\\.)*+)(?:"(?=\s|\Z)|\Z)|([^\s"]*)(?=\s|\Z))\s*', re.DOTALL)
_LEAST_PAIRS = 2
_FRAMES = re.compile(r"\n[ \t]+at [^\n]*")
_CLASS = re.compile(r"[A-Za-z_$][\w$.]{0,80}\Z")
_NAME_OF_CLASS = re.compile(r"(?:Error|Exception|Failure|Fault)\d{0,2}\Z")
_MESSAGES = ("errormessage", "errormsg", "exceptionmessage")
"""Names of messages whose class stands in a field next to them."""
_json = msgspec.json.Decoder()


class Said(NamedTuple):
    """What a line says."""

    message: str
    """The line's own, and its errors': `sync failed: TypeError: x: cause`."""
    error: str
    """The innermost of these that was logged with a stack, else the first error's, else the line's own."""
    stack: str
    """Frames, each on a line of its own."""
    rest: str
    """The other fields, as they were written."""


def read(text: str) -> Said | None:
    """What the line says; None: it is not a line of fields, or none of them holds a message or an error."""
    fields = _object(text) if _OBJECT.match(text) else _pairs(text)
    return _of_fields(_nested(otlp_exports.record(fields), 0)) if fields else None


def _of_fields(fields: dict[str, Any]) -> Said | None:
    found = _Found()
    found.add_message(_line_message(fields))
    for inner in _objects(fields, 0):
        found.add_errors(inner)
    if not found.texts:
        return None
    rest = _remaining(fields, 0)
    return found.said(f" {msgspec.json.encode(rest).decode()}" if rest else "")


class _Found:
    """What a line says, in order, each once."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._error = ""
        self._stack = ""

    def said(self, rest: str) -> Said:
        return Said(": ".join(self.texts), self._error or self.texts[0], self._stack, rest)

    def add_message(self, value: object) -> None:
        if isinstance(value, list):
            self.add_message(value[0])
            self.add_error(value[1:], 0)
        elif isinstance(value, dict):
            self.add_error(value, 0)
        elif isinstance(value, str):
            self._add(self._without_stack(value))

    def add_errors(self, fields: dict[str, Any]) -> None:
        """What the fields of one object say of errors; they are taken out of it."""
        for key in [key for key in fields if _plain(key) in WORDS.line_errors]:
            if isinstance(value := fields[key], (str, dict, list)):
                del fields[key]
                name = isinstance(value, str) and _plain(key) in _MESSAGES and _class_of(fields)
                if left := self.add_error(f"{name}: {value}" if name and name not in value else value, 0):
                    fields[key] = left
        if stack := _taken(fields, WORDS.line_stacks):
            self.add_error(stack, 0)

    def add_error(self, value: object, depth: int) -> object:
        """An error in whatever form. What of it was not read is returned."""
        if depth > _DEEPEST or len(self.texts) > _MOST_ERRORS:
            return value
        if isinstance(value, str):
            return self._add_text(value, depth)
        if isinstance(value, list):
            if value and all(isinstance(one, str) for one in value) and value[1:]:
                return self._add_text("\n".join(value), depth)
            left = [self.add_error(one, depth + 1) for one in value[:_MOST_ERRORS]]
            return [one for one in left if one]
        if isinstance(value, dict):
            return self._add_object(value, depth)
        return value

    def _add_text(self, text: str, depth: int) -> object:
        if _OBJECT.match(text) and (fields := _object(text)):
            return self.add_error(_nested(fields, 0), depth + 1)
        said = self._without_stack(text)
        self._add(said, is_error=True, has_stack=said is not text)
        return None

    def _without_stack(self, text: str) -> str:
        """What stands before the frames, which are kept if they are the first."""
        if not (frames := _FRAMES.search(text)):
            return text
        self._stack = self._stack or "".join(_FRAMES.findall(text))
        return text[: frames.start()]

    def _add_object(self, error: dict[str, Any], depth: int) -> object:
        values = error.pop("values", None)
        message, stack = _taken(error, WORDS.line_error_messages), _taken(error, WORDS.line_stacks)
        name = _class_of(error)
        message = message or (name and error.pop("value", None)) or (None if stack or values else name or None)
        if isinstance(message, str):
            named = message if name in message else f"{name}: {message}"
            self._add(named, is_error=True, has_stack=bool(name))
        elif message is not None:
            self.add_error(message, depth + 1)
        for more in (stack, values):
            if more:
                self.add_error(more, depth + 1)
        for key in [key for key in error if _plain(key) in WORDS.line_errors]:
            if isinstance(error[key], (str, dict, list)) and (left := self.add_error(error.pop(key), depth + 1)):
                error[key] = left
        return error

    def _add(self, text: str, *, is_error: bool = False, has_stack: bool = False) -> None:
        text = text.strip()[:_LONGEST]
        if is_error:
            text = without_given_class(text, has_stack=has_stack)
        if not text:
            return
        if is_error and not self._error:
            self._error = text
        for at, one in enumerate(self.texts):
            if text in one:
                return
            if one in text:
                self.texts[at] = text
                self._error = text if self._error == one or is_error else self._error
                return
        self.texts.append(text)


def _object(text: str) -> dict[str, Any]:
    """What the text holds, also where its end was cut off."""
    for complete in _complete(text):
        try:
            found = _json.decode(complete)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            continue
        return found if isinstance(found, dict) else {}
    return {}


def _complete(text: str) -> Iterator[str]:
    yield text
    brackets: list[str] = []
    is_open = False
    for mark in _MARK.finditer(text):
        is_open = mark[0][0] == '"' and not mark[1]
        if mark[0] in ("{", "["):
            brackets.append("}" if mark[0] == "{" else "]")
        elif mark[0] in ("}", "]") and brackets:
            brackets.pop()
    if not brackets:
        return
    text = f'{_HALF_ESCAPE.sub("", text)}"' if is_open else text.rstrip(" \t\n,")
    closing = "".join(reversed(brackets))
    yield from (f"{text}{end}{closing}" for end in _ENDS)


def _pairs(text: str) -> dict[str, Any]:
    """The pairs of a line of logfmt; nothing: something else stands in it."""
    found: dict[str, Any] = {}
    at = len(text) - len(text.lstrip())
    while at < len(text):
        pair = _PAIR.match(text, at)
        if not pair:
            return {}
        found[pair[1]] = pair[3] if pair[2] is None else _unescaped(pair[2])
        at = pair.end()
    return found if len(found) >= _LEAST_PAIRS else {}


def _unescaped(value: str) -> str:
    return value.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


def _nested(fields: dict[str, Any], depth: int) -> dict[str, Any]:
    """Objects for names with dots (`exception.message`), and for OpenTelemetry's lists of names and values."""
    found: dict[str, Any] = {}
    for key, value in fields.items():
        _put(found, key, _unwrapped(value, depth))
    return found


def _unwrapped(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return value
    if (
        isinstance(value, list)
        and value
        and all(isinstance(one, dict) and one.keys() == {"key", "value"} for one in value)
    ):
        value = {str(one["key"]): one["value"] for one in value}
    if isinstance(value, dict):
        return value["stringValue"] if value.keys() == {"stringValue"} else _nested(value, depth + 1)
    return [_unwrapped(one, depth + 1) for one in value] if isinstance(value, list) else value


def _put(found: dict[str, Any], key: str, value: object) -> None:
    first, dot, last = key.partition(".")
    if dot and first and _plain(first) in WORDS.line_errors and isinstance(found.setdefault(first, {}), dict):
        found[first][last] = value
    else:
        found[key] = value


def _line_message(fields: dict[str, Any]) -> object:
    for key in [key for key in fields if key.lower() in WORDS.line_messages or _is_list_of_line(key, fields[key])]:
        value = fields[key]
        if isinstance(value, list) and value and isinstance(value[0], str):
            return fields.pop(key)
        is_error = isinstance(value, dict) and any(_plain(one) in WORDS.line_error_messages for one in value)
        if is_error or (isinstance(value, str) and value):
            return fields.pop(key)
    is_telemetry = any(_plain(key) in WORDS.line_telemetry for key in fields)
    if is_telemetry and isinstance(fields.get("body"), (str, dict)):
        return fields.pop("body")
    if isinstance(event := fields.get("event"), str) and " " in event:
        return fields.pop("event")
    return None


def _is_list_of_line(key: str, value: object) -> bool:
    """`"data": ["save failed", { … }]`: what was given to the logger."""
    return key.lower() in WORDS.line_lists and isinstance(value, list) and bool(value) and isinstance(value[0], str)


def _objects(fields: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """The object, and those within it."""
    yield fields
    if depth < _DEEPEST:
        for value in fields.values():
            if isinstance(value, dict):
                yield from _objects(value, depth + 1)


def _taken(fields: dict[str, Any], names: frozenset[str]) -> object:
    """The first of these fields, which is taken out."""
    for key in [key for key in fields if _plain(key) in names]:
        if isinstance(fields[key], (str, dict, list)) and fields[key]:
            return fields.pop(key)
    return None


def _class_of(error: dict[str, Any]) -> str:
    for key in [key for key in error if _plain(key) in WORDS.line_classes]:
        value = error[key]
        if isinstance(value, str) and _CLASS.match(value) and (key != "name" or _NAME_OF_CLASS.search(value)):
            return str(error.pop(key))
    return ""


def _remaining(fields: dict[str, Any], depth: int) -> dict[str, Any]:
    """Without what the line says of itself, and without what is empty: what is left of the errors first."""
    found = {}
    for key, value in sorted(fields.items(), key=lambda field: _plain(field[0]) not in WORDS.line_errors):
        kept = _remaining(value, depth + 1) if isinstance(value, dict) and depth < _DEEPEST else value
        if kept not in (None, "", {}, []) and (depth or key.lower() not in WORDS.line_own):
            found[key] = kept
    return found


def _plain(key: str) -> str:
    """`stack_trace` and `stackTrace` are one name."""
    return key.lower().replace("_", "").replace("-", "").lstrip("@") if key[:1] != "@" else key.lower()
