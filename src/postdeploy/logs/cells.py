"""What the cells of a row mean, in every format. An empty text is an empty cell, whatever the type."""

from __future__ import annotations

import re
from datetime import UTC, datetime

Text = str | None
Number = int | float | str | None
Moment = int | float | str | None

_STATUS = re.compile(r"(-?[0-9]{1,3})(?:[.,]0{1,9})?")
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_DIGITS = re.compile(r"([0-9]{1,16})(?:[.,][0-9]{1,9})?")
_LAST_MOMENT = 253_402_300_800_000
"""The year 10000: a larger number is not a time."""


class UnreadableError(ValueError):
    """A cell holds what can't be in it: the row can't be read."""


def moment(cell: Moment) -> int | None:
    """Epoch milliseconds, from the same, as number or text, or from an ISO time; without a zone it is UTC."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        digits = _DIGITS.fullmatch(cell)
        cell = int(digits[1]) if digits else _iso(cell)
    if not 0 <= cell < _LAST_MOMENT:  # also not-a-number
        raise UnreadableError(f"{cell} is not a time")
    return int(cell)


def first_moment(*cells: Moment) -> int:
    """The first that is not empty.

    Raises:
        UnreadableError: all are.
    """
    for cell in cells:
        at = moment(cell)
        if at is not None:
            return at
    raise UnreadableError("there is no time")


def status(cell: Number) -> int | None:
    """An answer's status, as number or text; also `500.0` or `500,0`, as programs write a column that has empty cells."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        found = _STATUS.fullmatch(cell)
        if not found:
            raise UnreadableError(f"{cell[:20]!r} is not a status")
        return int(found[1])
    if not -1000 < cell < 1000 or cell != int(cell):
        raise UnreadableError("such a number is not a status")
    return int(cell)


def amount(cell: object) -> float | None:
    """How much of something, as number or text; None: it is empty or says something else, which costs no row."""
    if type(cell) is int and 0 <= cell < _LAST_MOMENT:  # nearly all: much quicker
        return cell
    if cell is None or cell == "":
        return None
    if isinstance(cell, str) and _AMOUNT.fullmatch(cell):
        cell = float(cell)
    return float(cell) if isinstance(cell, int | float) and 0 <= cell < _LAST_MOMENT and cell is not True else None


def milliseconds(cell: object) -> int | None:
    """How long something took."""
    found = amount(cell)
    return None if found is None else round(found)


def percent(used: object, of: object) -> int | None:
    """How much of something was used."""
    some = amount(used)
    whole = None if some is None else amount(of)
    return round(100 * some / whole) if some is not None and whole else None


def path(cell: Text, host: Text = None) -> str:
    """A path alone, of `<host>/path?query`, `/path` or an address; the host is known by its dot, port or by name."""
    if not cell:
        return ""
    _, _, cell = cell.rpartition("://") if "://" in cell.partition("?")[0] else ("", "", cell)
    cell = cell.partition("?")[0].partition("#")[0]
    first, slash, rest = cell.partition("/")
    if not first or first == host or "." in first or ":" in first or first == "localhost":
        return "/" + rest
    return "/" + first + slash + rest


def level(cell: Text) -> str:
    """The levels of all formats by one name each."""
    lower = (cell or "").lower()
    return "warning" if lower == "warn" else lower


def _iso(text: str) -> int:
    try:
        then = datetime.fromisoformat(text)
        return round((then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise UnreadableError(f"{text[:40]!r} is not a time") from None
