"""Which steps of a path name an instance (an id, a token, a person, a customer) where the app's routes do not say it: by their shape."""

from __future__ import annotations

import re
import tomllib

from postdeploy.runbook.aliases import PATH_WORDS

_WORDS = {name: frozenset(text.split()) for name, text in tomllib.loads(PATH_WORDS.read_text(encoding="utf-8")).items()}
_CUSTOMERS, _PEOPLE, _TOKENS, _PAGES = (_WORDS[name] for name in ("customers", "people", "tokens", "pages"))
_OF_APPS = frozenset(word for name in _WORDS for step in _WORDS[name] for word in step.split("-"))
_ANY = "|".join(sorted(map(re.escape, _CUSTOMERS | _PEOPLE | _TOKENS)))
_MAY_HOLD_ONE = re.compile(rf"[\d@%A-Z~;+]|[^\x00-\x7f]|[^/]{{16}}|/[a-z]/[^/]|/(?:{_ANY})/[^/]")
_MATRIX = re.compile(r";[^/]+")
_LONG = 16
"""Letters from which on a step of a path may be an id."""
_ID = re.compile(
    r"(?i)^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d+|c[a-z0-9]{20,}|[0-9a-f]{16,}|(?:(?!\d)[\w-])*+\d[\w-]{15,}"
    r"|[^/@]+(?:@(?!\dx\.)|%40)[^/]*|(?:\d{1,3}\.){3}\d{1,3}|(?:[^\d/.]*\d){6,}[^/.]*)$"
)

_SLUG = re.compile(
    r"(?!(?:sign|log|new|edit|bulk|add|create|import|export|api|all|my|reset|forgot|set|get|by|read|find|search)[-_])"
    r"[^\W_]+(?:[-_.+][^\W_]+)+\Z"
)
_TITLE = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]+(?:[-_.+][^\W\d_a-z][^\W\d_A-Z]+)*\Z")
_WORD_WITH_NUMBER = re.compile(r"[a-z]{8,}\d{2,}\Z")
"""`summerdays77` is a name or a secret; `oauth2`, `step2` and `integration1` are steps of routes."""
_ENCODED = re.compile(r"%(?!5[BbDd])")
_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{7}|[a-z]{25}")
_FLIPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[a-z])")
_MOST_FLIPS = 0.4
"""Of the letters of a name of the code, at most this share changes between small and capital."""
BUILD = "/_next/"
"""What begins like this belongs to a build of the framework."""
_FILES, _DATA = f"{BUILD}static/", f"{BUILD}data/"
"""What a build names anew: its files, by what is in them, and the folders that are called like it."""
_BUILD = re.compile(rf"(?<=^{_DATA})[^/]+|(?<=^{_FILES})(?!(?:chunks|css|development|js|media|wasm)(?:/|$))[^/]+")
_EXTENSION = re.compile(r"\.[A-Za-z\d]{1,8}\Z")


def is_of_apps(word: str) -> bool:
    """Whether steps of paths are made of it, in apps and in what is asked of every server."""
    return word in _OF_APPS


def without_build(path: str) -> str:
    """`/_next/static/chunks/page-3f1b2c4d.js` as `/_next/static/chunks/:id.js`: the same in every build."""
    if not path.startswith((_FILES, _DATA)):
        return path
    path = _BUILD.sub(":id", path)
    folder, _, name = path.rpartition("/")
    if not name or path.startswith(_DATA):
        return path
    extension = _EXTENSION.search(name)
    return f"{folder}/:id{extension[0] if extension else ''}"


def without_instances(path: str) -> str:
    """`/w/acme/inbox` as `/w/:id/inbox`."""
    if not _MAY_HOLD_ONE.search(path):  # nearly all: much quicker
        return path
    if ";" in path:  # `/inbox;user=anna`
        path = _MATRIX.sub(";:id", path)
    steps = path.split("/")
    return "/".join(
        ":id" if step and _is_instance(step, before) else step
        for before, step in zip(["", *steps[:-1]], steps, strict=True)
    )


def _is_instance(step: str, before: str) -> bool:
    """Whether a step of a path is an id, a token, or names a person or customer. `before`: the step before it."""
    if (len(step) >= _LONG or not step.isalpha()) and _ID.match(step):
        return True
    if _WORD_WITH_NUMBER.match(step):
        return True
    if _TITLE.match(step) or _ENCODED.search(step) or (_SLUG.match(step) and before in _CUSTOMERS):
        return True
    if step[0] in "@~" and step[1:2].isalpha():  # `/@anna`, `/~anna`; `/@modal` is a part of a page
        return step[1:] not in _PAGES
    if "+" in step.strip("+"):
        return True
    if before in _TOKENS or (before in _PEOPLE and step.isalpha()):
        return step[0] not in "[:" and step.lower() not in _PAGES
    if len(before) == 1 and before.islower() and step[:1].isalpha():  # `/w/acme`, `/u/anna`
        return True
    return len(step) >= _LONG and (
        len(_FLIPS.findall(step)) >= len(step) * _MOST_FLIPS or bool(_UNSPEAKABLE.search(step))
    )
