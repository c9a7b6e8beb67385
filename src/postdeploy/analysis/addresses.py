"""E-mail addresses in other spellings than their own: encoded, or written so that machines miss them; mentions of people."""

from __future__ import annotations

import re

_AT = re.compile(r"%(?:25){0,3}40|&#(?:64|x40);|\\\\?u0040|[\uff20\ufe6b]")
_SPELT = re.compile(
    r"(?<![\w.+-])[\w.+-]++ ?[(\[{] ?(?:at|ät|@) ?[)\]}] ?[\w-]++(?:(?:\.| ?[(\[{] ?(?:dot|punkt|\.) ?[)\]}] ?)[\w-]++){0,6}"
    r"|(?<![\w.+-])[\w.+-]++ at [\w-]++ dot [a-z]{2,}\b",
    re.IGNORECASE,
)
_MENTION = re.compile(r"<[@#!][\w^-]{1,40}(?:\|[^<>\n]{0,80})?>")
"""Slack names whom it means: `<@U02ABCDEF|anna>`."""
_RARE = re.compile(r"(?<![\w.+-])[\w.+-]{0,64}\w(?:'\w|\+[\w.-]{0,64}=)[\w.+=-]{0,64}@[\w-]+(?:\.[\w-]+){0,6}")
"""With what most addresses lack: `sinead.o'brien@…`, `anna+tag=x@…`."""
_QUOTED = re.compile(r"\"[^\"\n]{1,64}\"@[\w.-]+")
_ADDRESS = "x@example.com"
"""Read like any other address."""


def with_plain_addresses(text: str) -> str:
    """The text with addresses that the reader knows as such."""
    text = _AT.sub("@", text)
    if "<@" in text or "<#" in text or "<!" in text:
        text = _MENTION.sub(_ADDRESS, text)
    if "at" in text or "@" in text or "AT" in text:
        text = _QUOTED.sub(_ADDRESS, _SPELT.sub(_ADDRESS, _RARE.sub(_ADDRESS, text)))
    return text
