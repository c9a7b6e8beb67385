"""What of a long text is shown, and by what else it is distinguished: two errors may begin with the same sentence.

Behind the words that are shown stand two marks: of the words that name the trouble in what follows (codes, classes, what keys name), and
of all that follows; and the first of those words. Both marks are hashes of words without instances. Texts that differ in the second
mark alone may be one error (`grouping`).
"""

from __future__ import annotations

import hashlib
import re

from postdeploy.analysis.varying_places import NAMING, is_free
from postdeploy.analysis.word_shapes import SLOT, TEXT

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
"""A mark holds no digits: those would name a trouble."""
_DIGITS = 8
_OF_NAMES = 40
"""Characters for words of what follows."""
_LOOKS_BACK = 6
"""Words before a word by which it is read."""
_MARKS = re.compile(rf" {NAMING}[g-v]{{{_DIGITS}}} {SLOT}[g-v]{{{_DIGITS}}}(?![^\s])")
_OF_MARKS = 2 * (_DIGITS + 2)


def marked(line: str, most: int) -> str:
    """The first words of a line, the marks of all others, and the first of those that name the trouble; at most `most` characters."""
    if len(line) <= most:
        return line
    longest = most - _OF_MARKS - _OF_NAMES
    end = line.rfind(" ", 1, longest + 1)
    cut = line[: end if end > 0 else longest].rstrip()
    words = line.replace(TEXT, SLOT).split(" ")
    shown = len(cut.split(" "))
    naming = [words[at] for at in range(shown, len(words)) if _names_trouble(words, at)]
    marks = f"{NAMING}{_mark(' '.join(naming))} {SLOT}{_mark(' '.join(words[shown:]))}"
    return f"{cut} {marks} {_first_new(naming, {*words[:shown]})}".rstrip()


def _first_new(naming: list[str], shown: set[str]) -> str:
    """Those that are not among the words before them, so that people see what distinguishes two long texts."""
    found = ""
    for word in dict.fromkeys(naming):
        if word not in shown and len(word) > 1 and len(found) + len(word) + 1 < _OF_NAMES:
            found += f" {word}"
    return found.lstrip()


def without_marks(line: str, instead: str) -> str:
    """A line as it is shown."""
    return _MARKS.sub(instead, line) if NAMING in line else line


def _names_trouble(words: list[str], at: int) -> bool:
    """Whether two errors that differ there are two; the key of an instance is none of that, for an object may lack it."""
    bare, start = words[at].strip(",;(){}[]"), max(0, at - _LOOKS_BACK)
    if SLOT in bare or (bare.endswith(":") and bare.islower()):
        return False
    return not is_free(words[start : at + 2], at - start)


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_DIGITS // 2).hexdigest().translate(_LETTERS)
