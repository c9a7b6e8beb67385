"""Words that dots, slashes, colons or hyphens join, in what is shown of an error: `anna.huber` is a mailbox, `prisma.lead` is code.

Each part is shown where errors and plain English use it. All of them are where only names of the code stand: in front of a call,
in `… is not a function`, behind `module`.
"""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import SHORTEST, WORDS, is_ordinary, is_ordinary_code
from postdeploy.analysis.word_shapes import has_digit, is_code

_BEFORE = "|".join(sorted(WORDS.before_modules))
_RUN = r"[^\s()\[\]{}<>‹›\"'`\u2019,;|]"
_JOINED = re.compile(
    rf"(\b(?:{_BEFORE}):? )?(?<!{_RUN})(?={_RUN}*?[./:\\=%#&+~*^!?@-])({_RUN}++)"
    r"(?!\(| is not (?:a function|defined|iterable|a constructor)| is undefined)"
)
_PART = re.compile(r"[^\W\d](?:[\w$])*+")
_HUMPS = re.compile(r"_|(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MASKED = re.compile(r"(?<=[\w-])(\.{3,}|\*{2,})\w+")
"""What is left of a key that is masked: `sk-...wxYZ`."""
_TEXTS = re.compile(r"‹text›(?:[./:+~-]‹text›)+")


def without_names(line: str) -> str:
    """`no draft for anna.huber` as `no draft for ‹text›`, `tenant.anna` as `tenant.‹text›`."""
    return _TEXTS.sub("‹text›", _JOINED.sub(_said, _MASKED.sub(r"\1‹id›", line)))


def _said(found: re.Match[str]) -> str:
    if found[1]:
        return found[0]
    parts = _PART.findall(found[2])
    if all(map(_is_shown, parts)):
        return found[0]
    return _PART.sub(lambda part: part[0] if len(part[0]) >= SHORTEST and _is_shown(part[0]) else "‹text›", found[2])


def _is_shown(part: str) -> bool:
    words = [word for word in _HUMPS.split(part) if len(word) >= SHORTEST]
    return not words or has_digit(part) or (is_code(part) and is_ordinary_code(part)) or any(map(is_ordinary, words))
