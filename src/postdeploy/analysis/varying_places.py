"""Where the words of errors may differ though the trouble is one: never at a code, a class, a verb, a status or a name of the code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postdeploy.analysis import word_shapes
from postdeploy.analysis.vocabulary import SHORTEST, WORDS, is_known, is_ordinary
from postdeploy.analysis.word_shapes import SLOT

_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options"])
_ENDINGS_OF_VERBS = ("ed", "ing", "able", "ible")
_HUMP = re.compile(r"[a-z][A-Z]")
_ID = re.compile(r"[A-Za-z_-]{3,40}\Z")
_PREFIX = re.compile(r"[a-z]{1,12}\Z")
"""What such an id is of: `lead_kqz`."""
_STEPS = re.compile(r"[_-]|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OF_THE_LANGUAGE = frozenset({"TypeError", "RangeError", "SyntaxError", "URIError", "EvalError"})
_OF_A_FILE = frozenset(["header", "headers", "column", "columns", "field", "fields"])
_FILES = frozenset(["csv", "tsv", "xlsx", "excel", "spreadsheet"])
"""A column of such a file is called by who wrote the file."""
_JOINTS = frozenset(["a", "an", "the", "of", "in", "on", "at", "to", "from", "for", "by", "with", "and"])
"""Words of errors that stand in names and times, too: `head of growth`."""
_CONSTANT_FROM = 4
_PARTS = re.compile(r"[-_./]")
NAMING = "="
"""The beginning of a mark of words that name the trouble (`long_texts`)."""
_PUNCTUATION = ".,:;()[]{}'\"!?"


def is_class(bare: str) -> bool:
    """Whether it reads like the class of an error."""
    return bare.endswith(("Error", "Exception", "error"))


def is_free(words: Sequence[str], at: int) -> bool:
    """Whether instances may differ there: it is not a code, class, verb, status, name of the code, or what a key names."""
    bare = words[at].strip(_PUNCTUATION)
    if not bare or SLOT in bare:
        return bool(bare) and "=" not in bare
    if bare.islower() and words[at].endswith(":") and SLOT in "".join(words[at + 1 : at + 2]):
        return False  # `No such price: …`: it says what the instance is of
    if word_shapes.is_mime(bare):
        return True
    if is_of_engine(words, at) or word_shapes.is_code(bare) or word_shapes.has_digit(bare) or is_class(bare):
        return False
    if (_HUMP.search(bare) or any(mark in bare for mark in "./_$=")) and not is_unknown_id(bare):
        return False
    if bare.lower() in _VERBS or (bare.islower() and bare.endswith(_ENDINGS_OF_VERBS)):
        return False
    before = _before(words, at)
    named = before.rstrip(":").lower()
    if named in _OF_A_FILE and any(word.lower() in _FILES for word in words):
        return True
    if (before.endswith(":") and named.removesuffix("s") in WORDS.named) or "_".join(
        words[max(0, at - 3) : at]
    ).lower() in WORDS.before_parameters:
        return False
    return not (named in WORDS.named or (before.endswith(":") and named in WORDS.keys))


def is_of_engine(words: Sequence[str], at: int) -> bool:
    """Whether it is what an error of the language is about, a name of the code: `ReferenceError: leads is not defined`."""
    before = {word.strip(_PUNCTUATION) for word in words[:at]}
    return "ReferenceError" in before or (
        not before.isdisjoint(_OF_THE_LANGUAGE) and tuple(words[at + 1 : at + 3]) == ("is", "not")
    )


def is_unknown_id(bare: str) -> bool:
    """Whether it looks like code, but reads like an id of letters: `aBcDeF`, `R_My`, `thr_kqz`; in a name of the code words are known."""
    if not _ID.match(bare):
        return False
    prefix, mark, rest = bare.rpartition("_")
    is_prefixed = mark and len(rest) >= SHORTEST and _PREFIX.match(prefix)  # `lead_id` and `top_p` are of the code
    parts = [part for part in _STEPS.split(rest if is_prefixed else bare) if len(part) >= SHORTEST]
    return not any(map(is_ordinary, parts))


def may_vary(words: Sequence[str], start: int, end: int) -> bool:
    """Whether these words together may name an instance: `Berlin, Germany`, `next week`; not `is locked`."""
    run = words[start:end]
    if any(SLOT in word and word.strip(_PUNCTUATION) != SLOT for word in run):
        return False
    return all(is_free(words, at) for at in range(start, end)) and not any(map(_is_of_a_sentence, run))


def is_constant(word: str) -> bool:
    """Whether it reads like one of a few states that the code knows: `LEADING`."""
    bare = word.strip(_PUNCTUATION)
    return len(bare) >= _CONSTANT_FROM and bare.isupper()


def around(split: Sequence[Sequence[str]]) -> tuple[Sequence[str], Sequence[str]]:
    """The words with which all texts begin, and those with which they end."""
    first, shortest = split[0], min(map(len, split))
    before = 0
    while before < shortest and all(words[before] == first[before] for words in split):
        before += 1
    after = 0
    while after < shortest - before and all(words[-1 - after] == first[-1 - after] for words in split):
        after += 1
    return first[:before], first[len(first) - after :]


def is_sayable(word: str) -> bool:
    """Whether it is a word of errors or a name of the code: others may name people."""
    bare = word.strip(_PUNCTUATION)
    return (
        word_shapes.is_code(bare)
        or bool(_HUMP.search(bare))
        or any(is_known(part) for part in _PARTS.split(bare) if part)
    )


def _before(words: Sequence[str], at: int) -> str:
    """What names a word: the key of the list that it stands in, or the word before it."""
    for number in range(at - 1, -1, -1):
        word = words[number]
        if word[:1] == "[" and number and words[number - 1].endswith(":"):
            return words[number - 1].lstrip("([{")
        if "]" in word or ":" in word:
            break
    return next((word.lstrip("([{") for word in reversed(words[:at]) if any(map(str.isalnum, word))), "")


def _is_of_a_sentence(word: str) -> bool:
    low = word.strip(_PUNCTUATION).lower()
    return low not in _JOINTS and (low in WORDS.plain or low in WORDS.about_secrets)
