"""What a client of a database prints of the call before it says why it failed: the call must not take the room of the reason."""

from __future__ import annotations

import re

_INVOCATION = "invocation"
_CALL = re.compile(r"invocation(?: in\n[^\n]{1,400})?:\s{0,8}(?=\{)")
_SOMETHING = re.compile(r"\S")
_MARK = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[{}]")
_BLOCK = re.compile(r"\n[ \t]*\{[ \t]*\n(?:(?!\}|[ \t]*\{[ \t]*\n)[^\n]*\n)*+\}[ \t]*\n\s*+(?=\S)")
"""A value over several lines, with something behind it."""
_STATEMENT = re.compile(r"(?i)\b(?:select|insert into|update|delete from|with) ")
_BEFORE_REASON = " - "
"""knex and MikroORM print the statement, this, and the database's own message."""
_LEAST_STATEMENT = 40
_VALUES = re.compile(r"\nparams: [^\n]*|\\nparams: [^\n\"\\]*")
"""Drizzle's: the statement, then its values; as it is, or within a line of JSON."""


def without_call(text: str) -> str:
    """Prisma prints the query, then the reason: the query is left out, if a reason follows. Values of a statement always are."""
    if "params:" in text:
        text = _VALUES.sub("", text)
    if _INVOCATION not in text:
        return text
    parts, at, done = [], 0, 0
    for call in _CALL.finditer(text):
        if call.end() < done:
            continue
        if not (done := _end_of_object(text, call.end())):
            break
        if _SOMETHING.search(text, done):
            parts.append(text[at : call.end()])
            at = done
    return "".join(parts) + text[at:]


def without_values(text: str) -> str:
    """Without values and statements that stand before something else: what is left when a message is too long."""
    return "\n".join(map(_without_statement, _BLOCK.sub("\n", text).split("\n")))


def _without_statement(line: str) -> str:
    found = _STATEMENT.search(line)
    if not found:
        return line
    statement, _, reason = line[found.start() :].partition(_BEFORE_REASON)
    return line[: found.start()] + reason if reason[:1].islower() and len(statement) >= _LEAST_STATEMENT else line


def _end_of_object(text: str, start: int) -> int:
    """Behind the object that begins here; 0: it was cut."""
    depth = 0
    for mark in _MARK.finditer(text, start):
        depth += (mark[0] == "{") - (mark[0] == "}")
        if depth == 0 and mark[0] == "}":
            return mark.end()
    return 0
