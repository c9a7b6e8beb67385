"""Many patterns that are searched at once (RE2), in one message and in the lines of many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2

_ANCHORED_TO_TEXT = re.compile(r"\\[AzZQC]|\(\?[a-zA-Z]*-")
"""What makes a pattern match other than at lines: `\\A`, `\\z`, flags switched off, and quoted text, which is not parsed."""

_KEPT = 8
"""Sets: those of one runbook, and of another."""


def set_of(patterns: Iterable[str]) -> re2.Set:
    """The patterns, compiled once for all that ask for the same."""
    return _compiled(tuple(patterns))


def any_in_lines(patterns: Iterable[str]) -> Any | None:
    """One pattern for all of these, `^` and `$` matching at lines; None: some distinguish the text's ends from a line's."""
    return _joined(tuple(patterns))


@lru_cache(maxsize=4 * _KEPT)
def one_of(patterns: tuple[str, ...]) -> Any:
    """One pattern for all of these; of none, one that never matches."""
    return re2.compile("|".join(f"(?:{one})" for one in patterns) or r"[^\s\S]", _options())


@lru_cache(maxsize=_KEPT)
def _compiled(patterns: tuple[str, ...]) -> re2.Set:
    found = re2.Set.SearchSet(_options())
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found


@lru_cache(maxsize=_KEPT)
def _joined(patterns: tuple[str, ...]) -> Any | None:
    if any(_ANCHORED_TO_TEXT.search(pattern) for pattern in patterns):
        return None
    options = _options()
    options.never_capture = options.longest_match = True  # only where a match begins is asked for
    return re2.compile("|".join(f"(?m:{pattern})" for pattern in patterns).encode(), options)


def _options() -> re2.Options:
    """Quiet, and with memory for all patterns of a runbook."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    return options
