"""Times as they are read from people and written for them. Moments are epoch milliseconds, always UTC."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from postdeploy.model import UsageError

_DURATION = re.compile(r"^(\d+(?:\.\d+)?)(ms|s|m|h)?$")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_HAS_HOURS = re.compile(r"[T ]\d")
_KNOWN = range(4_102_444_800_000)
"""1970 to 2099."""
_LONGEST = 24 * 3600.0
_HOURS_FROM = 2 * 3600.0
_MILLISECONDS_FROM = 10**11
"""A larger number is milliseconds, a smaller one is seconds."""


def from_text(text: str) -> int:
    """An ISO time with its zone, or epoch seconds or milliseconds → epoch milliseconds.

    Raises:
        UsageError: it is not a time from 1970 to 2099, or names no zone.
    """
    moment = _milliseconds(text)
    if moment not in _KNOWN:
        raise UsageError(
            f"{text!r} is not a time from 1970 to 2099. Write 2026-11-25T12:00:00Z, or epoch milliseconds."
        )
    return moment


def _milliseconds(text: str) -> int:
    if text.isdecimal():
        number = int(text)
        return number if number > _MILLISECONDS_FROM else number * 1000
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a time. Write 2026-11-25T12:00:00Z, or epoch milliseconds.") from None
    if at.tzinfo is None:
        whole = text if _HAS_HOURS.search(text) else f"{text}T00:00:00"
        raise UsageError(f"{text!r} names no time zone. Write {whole}Z for UTC, or {whole}+02:00.")
    return round(at.timestamp() * 1000)


def from_http(text: str) -> float | None:
    """The date of an HTTP header → epoch seconds; None: it is not a date."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def seconds_in(duration: str) -> float:
    """`10m`, `90s`, `1h` → seconds, more than 0 and at most a day.

    Raises:
        UsageError: it is not a duration.
    """
    found = _DURATION.match(duration.strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not 0 < seconds <= _LONGEST:
        raise UsageError(f"{duration!r} is not a duration of at most a day. Write 10m, 90s or 1h.")
    return seconds


def _utc(moment: float | dt.datetime) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC)


def iso(moment: float | dt.datetime, timespec: str = "milliseconds") -> str:
    """`2026-11-25T12:00:00.000+00:00`, for machines."""
    return _utc(moment).isoformat(timespec=timespec)


def iso_z(moment: float | dt.datetime) -> str:
    """`2026-11-25T12:00:00.000Z`, for machines."""
    return iso(moment).replace("+00:00", "Z")


def date_and_time(moment: float | dt.datetime) -> str:
    """`2026-11-25 12:00:00`, for people; UTC."""
    return f"{_utc(moment):%Y-%m-%d %H:%M:%S}"


def to_the_minute(moment: float | dt.datetime) -> str:
    """`2026-11-25 12:00 UTC`, for people."""
    return f"{_utc(moment):%Y-%m-%d %H:%M} UTC"


def time_of_day(moment: float | dt.datetime, *, milliseconds: bool = False) -> str:
    """`12:00:00`, or `12:00:00.123`; UTC."""
    text = f"{_utc(moment):%H:%M:%S.%f}"
    return text[:-3] if milliseconds else text[:-7]


def ago(seconds: float) -> str:
    """`42 s`, `38 minutes`, `5 hours`, `3 days`, for people."""
    for unit, length in (("days", _LONGEST), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def span(seconds: float) -> str:
    """`42 s`, `2.5 minutes`, `71 h`, for people."""
    if seconds >= _HOURS_FROM:
        return f"{seconds / 3600:.3g} h"
    return f"{seconds / 60:.3g} minutes" if seconds >= 60 else f"{seconds:.0f} s"


def age(seconds: float) -> str:
    """`42 s`, `5 min`, `3 h`, `2 d`, for people."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
