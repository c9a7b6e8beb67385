"""What the browser itself refused, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why the browser can't use a file."""

    SYNTAX = "it is not valid code (a syntax error): corrupt, cut off, or a page in its place"
    DIGEST = "its content does not have the digest that the page names (integrity)"
    UNUSABLE = "the browser refuses it: its type or its encoding is wrong"


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that arrived and can't be used."""

    url: str
    why: Why


@dataclass(frozen=True, slots=True)
class BlockedRequest:
    """What a content security policy blocks: by which directive, and which address (or `inline`, `eval`, …)."""

    directive: str
    uri: str


def refused_file(message: dict[str, str]) -> RefusedFile:
    """A message of recorder.js."""
    return RefusedFile(message["url"], Why.__members__.get(message["why"].upper(), Why.UNUSABLE))
