"""What an exporter of OpenTelemetry writes as one line: its records stand in lists within lists.

https://opentelemetry.io/docs/specs/otlp/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from postdeploy.logs import levels as row_levels

_LISTS = ("resourcelogs", "scopelogs", "instrumentationlibrarylogs", "logrecords")
_EXPORT = re.compile(r'\s*\{\s*"resource_?[lL]ogs"')
_LEVEL = re.compile(r'"severity(?:T|_t)ext"\s*:\s*"([A-Za-z]{1,12})"')
_NAMES = ("severityText", "severity_text")


def levels(message: str) -> list[str]:
    """The levels of its records; empty: it is another line."""
    return _LEVEL.findall(message) if _EXPORT.match(message) else []


def record(fields: dict[str, Any]) -> dict[str, Any]:
    """Its first record that is an error's, else its first; another line's fields as they are."""
    records = list(_records(fields))
    return next((one for one in records if _is_error(one)), records[0]) if records else fields


def _records(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, inner in fields.items():
        if (plain := name.lower().replace("_", "")) in _LISTS and isinstance(inner, list):
            for one in filter(lambda each: isinstance(each, dict), inner):
                yield from [one] if plain == _LISTS[-1] else _records(one)


def _is_error(record: dict[str, Any]) -> bool:
    return any(str(record.get(name, "")).lower() in row_levels.ERRORS for name in _NAMES)
