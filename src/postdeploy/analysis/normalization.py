"""Messages without what differs from request to request and from build to build: the same error reads the same.

Ids, numbers, times, addresses, paths and quoted values are replaced by `…`; stacks, digests and debug ids are left out. The names
of an error's class and code stay, and so do names in quotes that say what the error is about (`reading 'id'`, `column 'x'`).
"""

from __future__ import annotations

import re

MAX_LENGTH = 16_384
"""Characters of a message that are read."""
_MAX_NORMALIZED = 240
"""Characters of a normalized message by which it is distinguished: what follows may have been cut by the source."""

_STACK = re.compile(r"\n[ \t]+at [^\n]")
"""Where a stack begins. What follows it (`{ code: …, digest: … }`) may be cut off by one source and not by another."""
_UNIQUE_FIELDS = re.compile(
    r"""["']?\bdigest["']?: *["']?[\w@]+["']?,?|["']?\b(?:debugId|requestId|traceId|clientVersion)["']?: *["'][^"'\n]*["'],?"""
)
_NAMED = r"(?:reading|setting|property|column|table|relation|constraint|field|model|variable|function|method|export|code|errorClass|name)"
_VARIABLE = re.compile(
    rf"""
      (?P<kept>(?:\b{_NAMED}):?[ ]*["'`][A-Za-z_$][\w$.]*["'`])      # reading 'id', code: 'P1001'
    | (?P<call>`\w+(?:\.\w+)+\(\)`)                                  # `prisma.lead.findMany()`
    | \b\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
    | \b[0-9a-fA-F]{{8}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{12}}\b
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | \bhttps?://[^\s"'`)\]]+
    | (?:[A-Za-z]:|file:)?(?:/[\w.@\[\]()$+-]+){{2,}}(?::\d+)*           # /var/task/.next/server/chunks/123.js:5:12
    | \b(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?::\d+)?\b
    | \b[A-Za-z][\w-]*(?:\.[\w-]+)+:\d{{2,5}}\b
    | "[^"\n]*" | `[^`\n]*` | (?<!\w)'[^'\n]*'(?!\w)
    | \b(?=[A-Za-z_-]*\d)(?=[\w-]*[A-Za-z_-])[\w-]{{12,}}\b
    | (?<![\w.])[+-]?\d[\d.,:%]*(?:ms|s|m|h|kB|MB|GB|%)?\b
    """,
    re.VERBOSE,
)
_MINIFIED = re.compile(r"\[\w{1,3} \[(\w+)\]")
_SPACE = re.compile(r"\s+")


def before_stack(message: str) -> str:
    """What of a message is read: all before its stack. Messages that are equal up to there normalize to the same."""
    text = message[:MAX_LENGTH]
    stack = _STACK.search(text)
    return text[: stack.start()] if stack else text


def normalized(message: str) -> str:
    """The message in one line, without what differs; at most 240 characters."""
    text = _UNIQUE_FIELDS.sub("", before_stack(message))
    text = _MINIFIED.sub(r"[\1", text)
    text = _VARIABLE.sub(_replacement, text)
    return _SPACE.sub(" ", text).replace("{ }", "").strip(" ,{}")[:_MAX_NORMALIZED].rstrip()


def _replacement(found: re.Match[str]) -> str:
    if kept := found["kept"]:
        return kept
    if call := found["call"]:
        return "`" + call.strip("`").split(".", 1)[1] + "`"
    return "…"
