"""Names in the words of an error that are shown: capitalised words that are not of the language of errors.

Only what is shown is changed, not what errors are distinguished by: a guess may cost a word, never a count.
"""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import WORDS

_TITLE = r"[^\W\d_a-z](?:[^\W\d_A-Z]+(?:['-][^\W\d_]+)?|'[^\W\d_]+)"
_SEVERAL = re.compile(rf"(?<![\w.]){_TITLE}(?: {_TITLE})+(?![\w(.]\w)")
_AFTER = re.compile(rf"(\b(?:of|to|by|for|via|from|with) )({_TITLE})(?![\w(.]\w)")
_WORD = re.compile(_TITLE)
_REPEATED = re.compile(r"‹text›(?: ‹text›)+")


def without_names(line: str) -> str:
    """`sync of Acme Corp failed` as `sync of ‹text› failed`."""
    line = _SEVERAL.sub(lambda found: _WORD.sub(_known, found[0]), line)
    return _REPEATED.sub("‹text›", _AFTER.sub(lambda found: found[1] + _WORD.sub(_known, found[2]), line))


def _known(found: re.Match[str]) -> str:
    word = found[0].lower()
    is_known = word in WORDS.titles or word.endswith(("error", "exception")) or word.removesuffix("s") in WORDS.titles
    return found[0] if is_known else "‹text›"
