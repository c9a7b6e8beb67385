"""Many patterns that are searched at once (RE2), in one message and in the lines of many."""

from __future__ import annotations

import re
from collections.abc import Sequence

import re2

_ANCHORED_TO_TEXT = re.compile(r"\\[AzZQC]|\(\?[a-zA-Z]*-")
"""What makes a pattern match other than at lines: `\\A`, `\\z`, flags switched off, and quoted text, which is not parsed."""


def set_of_lines(patterns: Sequence[str]) -> re2.Set | None:
    """The patterns, `^` and `$` matching at lines; None: some distinguish the text's ends from a line's."""
    if any(_ANCHORED_TO_TEXT.search(pattern) for pattern in patterns):
        return None
    found = re2.Set.SearchSet(options())
    for pattern in patterns:
        found.Add(f"(?m:{pattern})")
    found.Compile()
    return found


def options() -> re2.Options:
    """Quiet, and with memory for all patterns of a runbook."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    return options
