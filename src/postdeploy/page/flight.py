"""What a Server Action's answer says: the rows of React's Flight format (`text/x-component`).

A row is `<hex id>:<tag?><payload>`; `E` rows are errors with a digest, `T` rows are texts with their byte length,
rows without a tag are JSON. A row of another kind is skipped, never an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTENT_TYPE = "text/x-component"
_ROW = re.compile(rb"([0-9a-f]*):")
_TEXT_LENGTH = re.compile(rb"T([0-9a-f]+),")
_DIGEST_SUFFIX = re.compile(r"@(E\d+)$")
_STEERS = re.compile(r"[A-Z]+(_[A-Z]+)+\b")
"""The digest of a row by which the framework redirects, finds nothing, or leaves something to the browser: a word, and no error."""


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """What the rows hold: JSON values, error digests (framework suffix stripped), the build id."""

    values: tuple[object, ...] = ()
    result: object = None
    """What the action returned, where row 0 names its row; else the last value."""
    digests: tuple[str, ...] = ()
    """Of the error rows; empty where the server named none."""
    broken_off: bool = False
    """Row 0 names the row of the result, and that never came."""
    build_id: str | None = None
    framework_error: str | None = None
    """The class that older frameworks append to a digest: `E352` of `3794450012@E352`."""

    def objects(self) -> Iterator[dict[str, object]]:
        """Every JSON object, at any depth."""
        stack = list(self.values)
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                yield value
                stack.extend(value.values())
            elif isinstance(value, list):
                stack.extend(value)


def read(body: str) -> ActionAnswer:
    """The rows of an action's body."""
    values: dict[str, object] = {}
    digests: list[str] = []
    build_id: str | None = None
    framework_error: str | None = None
    for key, tag, payload in _rows(body.encode("utf-8", "surrogatepass")):
        try:
            value = json.loads(payload)
        except ValueError:
            continue
        if tag == "E":
            digest = str(value.get("digest") or "") if isinstance(value, dict) else ""
            if not _STEERS.match(digest):
                digests.append(plain_digest(digest))
                suffix = _DIGEST_SUFFIX.search(digest)
                framework_error = framework_error or (suffix[1] if suffix else None)
            continue
        values[key] = value
        if build_id is None and isinstance(value, dict) and isinstance(value.get("b"), str):
            build_id = value["b"]
    named = _row_of_the_result(values)
    result = values.get(named) if named else next(reversed(values.values()), None)
    broken_off = named is not None and not re.search(rf"(?<![0-9a-f]){named}:", body)
    return ActionAnswer(tuple(values.values()), result, tuple(digests), broken_off, build_id, framework_error)


def _row_of_the_result(values: dict[str, object]) -> str | None:
    """Row 0 names it: `{"a":"$@1",…}`; None: it does not."""
    head = values.get("0")
    named = head.get("a") if isinstance(head, dict) else None
    return named[2:] if isinstance(named, str) and re.fullmatch(r"\$@[0-9a-f]+", named) else None


def plain_digest(digest: str) -> str:
    """The digest as the server's log shows it: without the framework's `@E<nnn>`."""
    return _DIGEST_SUFFIX.sub("", digest)


def _rows(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    at = 0
    while match := _ROW.match(body, at):
        start = match.end()
        text = _TEXT_LENGTH.match(body, start)
        if text:
            at = text.end() + int(text[1], 16)
            continue
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        payload = body[start:end]
        tag = payload[:1].decode("ascii", "ignore") if payload[:1].isalpha() and payload[:2] != b"tr" else ""
        if payload[:4] in (b"true", b"null") or payload[:5] == b"false":
            tag = ""
        yield match[1].decode(), tag, payload[len(tag) :]
        at = end + 1
