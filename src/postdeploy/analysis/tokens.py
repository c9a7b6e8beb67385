"""The tokens of a text: what stands in quotes, addresses, keys, runs without blanks, marks."""

from __future__ import annotations

import re
from itertools import islice

MOST = 600
"""Tokens of a text that are read: words, blanks and marks."""
_LEX = re.compile(
    r"""
      (?P<url>[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s"'`<>)\]}|,;]+)
    | (?P<name>"[A-Za-z_$][\w$-]{0,40}":|["'](?:[A-Za-z_]{1,40}\.(?:message|type|stack_?trace|kind|code)|@x)["']:)
    | (?P<quoted>"(?:[^"\\\n]|\\.){0,2000}"|`[^`\n]{0,2000}`
        |(?<![A-Za-z0-9_])'(?:[^'\n]|(?<=[A-Za-z])'(?=[A-Za-z])){0,2000}'(?![A-Za-z0-9_])|“[^”\n]{0,2000}”
        |„[^„“”\n]{0,2000}[“”]|«[^«»\n]{0,2000}»|»[^«»\n]{0,2000}«|「[^「」\n]{0,2000}」|『[^『』\n]{0,2000}』)
    | (?P<path>/[^\s"'`“”{}<>,;|=]{0,400}\[[^\s"'`“”{}<>,;|=]*)
    | (?P<chunk>[^\s"`“”„«»「」『』()\[\]{}<>,;|=']+(?:'(?:[a-z]{1,2}\b|[A-Z][a-z]+\b(?!')))?)
    | (?P<space>\s+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def of(text: str) -> list[tuple[str, str]]:
    """The first tokens, each with its kind."""
    return [(found.lastgroup or "", found.group()) for found in islice(_LEX.finditer(text), MOST)]


def are_more(text: str) -> bool:
    """Whether a text holds more tokens than are read."""
    return len(text) > MOST and next(islice(_LEX.finditer(text), MOST, None), None) is not None
