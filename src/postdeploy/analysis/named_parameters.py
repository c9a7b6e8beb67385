"""What of the app or of an interface a sentence names: its own routes, and parameters of a call."""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import WORDS
from postdeploy.analysis.word_shapes import SLOT, is_gibberish, word
from postdeploy.page.journal import path_template

_INDEX = re.compile(r"\[\d{1,6}\]")
_STEP = "[a-z_][A-Za-z_]{0,60}"
_PARAMETER = re.compile(rf"{_STEP}(?:\.{_STEP}){{0,8}}\Z")
_ROUTE = re.compile(r"/[\w.~@%/-]{0,300}\Z")
_OF_AN_API = "/api/"


def parameter(inner: str) -> str:
    """A parameter as an interface names it, without the numbers of items: `messages[0].content`; empty: it is something else."""
    name = _INDEX.sub("", inner)
    return name if _PARAMETER.match(name) and not any(map(is_gibberish, re.split(r"\W+", name))) else ""


def is_parameter_next(words: list[str]) -> bool:
    """Whether behind these words an interface names one of its parameters: `Invalid type for 'model'`."""
    return "_".join(words).lower() in WORDS.before_parameters


def route(path: str, before: str, *, is_quoted: bool = False) -> str:
    """A route of the app, without ids: an API's path, or behind a word for routes; empty: the path may be of anything."""
    words = WORDS.before_quoted_routes if is_quoted else WORDS.before_routes
    if not (before in words or path.startswith(_OF_AN_API)) or not _ROUTE.match(path) or "//" in path:
        return ""
    return "/".join(map(_step, path_template(path).split("/")))


def _step(step: str) -> str:
    return SLOT if step[:1] == ":" or word(step) == SLOT else step
