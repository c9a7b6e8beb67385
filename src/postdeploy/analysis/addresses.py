"""E-mail addresses in other spellings than their own: encoded, or written so that machines miss them; mentions of people."""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import WORDS, is_known

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
_UNUSUAL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})([=`{|}])[\w.+=`{|}-]{1,64}@[\w-]+(?:\.[\w-]+){0,6}")
"""What an address may hold, too: `anna=tag@…`; in `user=anna@…` a key stands before it."""
_QUOTED = re.compile(r"\"[^\"\n]{1,64}\"@[\w.-]+")
_KEYS = WORDS.keys | WORDS.instances | {"mail", "to", "cc", "bcc", "replyto", "reply_to"}
_ADDRESS = "x@example.com"
"""Read like any other address."""


def with_plain_addresses(text: str) -> str:
    """The text with addresses that the reader knows as such."""
    text = _AT.sub("@", text)
    if "<@" in text or "<#" in text or "<!" in text:
        text = _MENTION.sub(_ADDRESS, text)
    if "at" in text or "@" in text or "AT" in text:
        text = _UNUSUAL.sub(_without_address, _RARE.sub(_ADDRESS, text))
        text = _QUOTED.sub(_ADDRESS, _SPELT.sub(_ADDRESS, text))
    return text


def _without_address(found: re.Match[str]) -> str:
    is_key = is_known(found[1]) or found[1].lower() in _KEYS
    return f"{found[1]}{found[2]}{_ADDRESS}" if is_key else _ADDRESS
