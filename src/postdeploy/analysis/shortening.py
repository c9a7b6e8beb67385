"""What says nothing in the words of an error: repeated slots, units, empty brackets."""

from __future__ import annotations

import re

from postdeploy.analysis.vocabulary import WORDS
from postdeploy.analysis.word_shapes import SLOT, SLOTS, TEXT

_UNIT = "|".join(sorted(WORDS.units, key=len, reverse=True))
_UNITS = re.compile(
    rf"[{SLOTS}] (?:{_UNIT})\b|[{SLOTS}] ?%|\b(?:an?|one|(?:a )?few) (?:{_UNIT})(?= ago\b)", re.IGNORECASE
)
_COUNTED = re.compile(rf"(?<=[{SLOTS}] )(?:({'|'.join(sorted(WORDS.counted))})s|(retr|tr|entr|repl|quer)ies)\b")
"""Several of what is counted: one of it is the same error."""
_SPACE = re.compile(r"\s+")
_BRACKETS = re.compile(rf"(?<!\w)\( ?\)|\( ?[{SLOTS}] ?\)|\[ ?[{SLOTS}]? ?\]|\{{ ?[{SLOTS}]? ?\}}|\"\"|''")
_SLOTS = re.compile(rf"[{SLOTS}](?:[\s,:;/|·&+*\\-]*[{SLOTS}])+")


def shortened(line: str) -> str:
    """Without what says nothing: repeated slots, units, empty brackets."""
    line = _UNITS.sub(SLOT, _SPACE.sub(" ", line))
    if "s" in line and (SLOT in line or TEXT in line):
        line = _COUNTED.sub(lambda found: found[1] or f"{found[2]}y", line)
    for _ in range(6):
        shorter = _SLOTS.sub(_merged, _BRACKETS.sub(_merged, line))
        if shorter == line:
            break
        line = shorter
    return line.strip(" ,{}")


def _merged(found: re.Match[str]) -> str:
    return one_slot(found[0])


def one_slot(text: str) -> str:
    """One slot for several: of words, if one of them was."""
    return TEXT if TEXT in text else SLOT
