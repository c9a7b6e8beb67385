"""Secrets in what is shown of an error: what stands behind `password`, `token` and the like in other languages, to the end of its words.

`password: hunter two is wrong` is shown as `password: ‹text› is wrong`, `token expired` and `password: must be set` as they are.
"""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import SHORTEST, WORDS, is_known
from postdeploy.analysis.word_shapes import is_code

_WORD = r"(?:[^\W\d_][\w'\u2019+$!-]*|‹(?:text|id)›|…|\*{3})"
_VALUE = rf"{_WORD}(?![=(/:\w-]|\.\w)(?: {_WORD}(?![=(/:\w-]|\.\w)){{0,7}}"
_NAME = "(?i:passw(?:or)?d|passphrase|passcode|pwd|secret|token|api[ _-]?key)"
_IS = r" ?[:=] ?\(?(?:(?:is|was) )?| (?:is|was) "
_SECRET = re.compile(
    rf"((?<!unexpected )(?<!Unexpected )\b{_NAME})((?: (?:for|of) [^\s:]{{1,60}})?(?:{_IS})| \(?(?:of )?)({_VALUE})"
)
_FIELD = re.compile(rf"(\b(?:[a-z]+(?=[A-Z])|\w+_|\w+-){_NAME})({_IS})({_VALUE})")
"""`accessToken: …`, `DB_PASSWORD is …`; behind others of these names the sentence goes on: `no API_TOKEN configured`."""
_ELSEWHERE = re.compile(
    rf"((?:{'|'.join(sorted(WORDS.secrets))}|mot de passe))( ?[:\uff1a=]? ?(?:(?:ist|est|es|é|è|is) )?)({_VALUE})",
    re.IGNORECASE,
)
_ASCII = ("mot de passe", *(word for word in WORDS.secrets if word.isascii()))
_ASSIGNED = re.compile("[:=\uff1a]")
_GOES_ON = WORDS.after_names | WORDS.failing | WORDS.after_status_or_amount | WORDS.after_secrets
"""Where the sentence goes on behind a value."""
_SLOTS = ("‹text›", "‹id›", "…", "***")


def without_secrets(line: str) -> str:
    """The words that are shown, without those that are a secret."""
    line = _FIELD.sub(_without, _SECRET.sub(_without, line))
    if not line.isascii() or any(word in line.lower() for word in _ASCII):
        line = _ELSEWHERE.sub(_without, line)
    return line


def _without(found: re.Match[str]) -> str:
    """All of a value is hidden, or nothing: behind a colon all of its words decide, else the first one does."""
    words = found[3].split(" ")
    is_said = not _is_secret(words[0])
    ends = next((at for at, word in enumerate(words) if _goes_on(word, is_said=is_said or not at)), len(words))
    value, rest = words[:ends], words[ends:]
    if not any(map(_is_secret, value if _ASSIGNED.search(found[2]) else value[:1])):
        return found[0]
    shown = value[0] if value[0] in _SLOTS else "‹text›"
    return f"{found[1]}{found[2]}{' '.join((shown, *rest))}"


def _goes_on(word: str, *, is_said: bool) -> bool:
    """Whether a value ends before this word. `is_said`: words of errors do not end it."""
    return word.lower() in _GOES_ON or (not is_said and not _is_secret(word))


def _is_secret(word: str) -> bool:
    return word in _SLOTS or not (is_known(word) or len(word) < SHORTEST or is_code(word))
