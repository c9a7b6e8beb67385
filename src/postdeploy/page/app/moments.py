"""Times in an app's answers, whatever the app calls them: what a row and a message have in common though their texts differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

_EARLIEST_MS = 10**12
"""A number from here on is taken for epoch milliseconds: September 2001."""
_LATEST_MS = 10**13
_OF_AN_ACTION = "$D"
"""How the answer of a Server Action begins a date."""


def moments(fields: Mapping[str, object]) -> frozenset[int]:
    """The times among an object's own values, in whole epoch seconds: ISO 8601 (UTC where it names no zone), or epoch milliseconds."""
    return frozenset(found for each in fields.values() if (found := _moment(each)) is not None)


def _moment(value: object) -> int | None:
    if isinstance(value, int | float) and _EARLIEST_MS <= value < _LATEST_MS:
        return int(value // 1000)
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        at = dt.datetime.fromisoformat(value.removeprefix(_OF_AN_ACTION))
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp())
