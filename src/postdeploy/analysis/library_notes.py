"""What frameworks and libraries write as an error although all is well.

In doubt a line is an error: it is a note only if nothing else in it speaks of a failure. Before the note there may be what loggers write of
themselves and a name of the app's; behind it the stack and the fields of what was thrown.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from postdeploy.analysis.pattern_sets import one_of
from postdeploy.runbook import inbox_lines
from postdeploy.runbook.log_tables import Logs


class _Notes(NamedTuple):
    words: Any
    before: Any
    lead: Any
    behind: Any
    doubt: Any


def is_note(message: str, logs: Logs) -> bool:
    """Whether it is one of `logs.notes` or `logs.asides`, and nothing else."""
    patterns = _compiled(logs)
    text = message.encode("utf-8", "replace")
    found = patterns.words.search(text)
    if found is None:
        return False
    lead = patterns.before.sub(b"", text[: found.start()])
    rest = patterns.behind.sub(b"", patterns.words.sub(b"", text[found.end() :]))
    leads = patterns.lead.search(lead) is not None and patterns.doubt.search(lead) is None
    return leads and patterns.doubt.search(rest) is None


@functools.lru_cache(8)
def _compiled(logs: Logs) -> _Notes:
    parts = (inbox_lines.of_notes(logs), logs.before_notes, (logs.note_lead,), logs.behind_notes, logs.not_notes)
    return _Notes(*map(one_of, parts))
