"""Messages without what differs from time to time and from build to build: the same trouble reads the same.

Blotted out are ids, numbers, times, addresses, paths and quoted values; left out are stacks, digests and debug ids. The names
of an error's class and code stay, and so do names in quotes that say what the trouble is about (`reading 'id'`, `column 'x'`).
"""

from __future__ import annotations

import re

LONGEST = 16_384
"""Characters of a message that are looked at."""
_KEPT = 240
"""Characters of a blotted message that tell it from others: what comes later may have been cut by the source."""

_STACK = re.compile(r"\n[ \t]+at [^\n]")
"""Where a stack begins. What comes after it (`{ code: …, digest: … }`) may be cut off by one source and not by another."""
_OF_ONCE = re.compile(
    r"""["']?\bdigest["']?: *["']?[\w@]+["']?,?|["']?\b(?:debugId|requestId|traceId|clientVersion)["']?: *["'][^"'\n]*["'],?"""
)
_NAMED = r"(?:reading|setting|property|column|table|relation|constraint|field|model|variable|function|method|export|code|errorClass|name)"
_BLOT = re.compile(
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
_WHITE = re.compile(r"\s+")


def head(message: str) -> str:
    """What of a message is looked at: all before its stack. Messages with the same head are blotted the same."""
    text = message[:LONGEST]
    stack = _STACK.search(text)
    return text[: stack.start()] if stack else text


def blotted(message: str) -> str:
    """The message in one line, without what differs; at most 240 characters."""
    text = _OF_ONCE.sub("", head(message))
    text = _MINIFIED.sub(r"[\1", text)
    text = _BLOT.sub(_one, text)
    return _WHITE.sub(" ", text).replace("{ }", "").strip(" ,{}")[:_KEPT].rstrip()


def _one(found: re.Match[str]) -> str:
    if kept := found["kept"]:
        return kept
    if call := found["call"]:
        return "`" + call.strip("`").split(".", 1)[1] + "`"
    return "…"
