"""Which rows of several columns of numbers are equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.incidents import Numbers

_BITS = 63
"""Of a number that is not negative."""


def beginnings(*columns: npt.NDArray[Any]) -> Numbers:
    """Where in rows that are in order each one begins that differs from the one before."""
    differs = np.zeros(len(columns[0]), bool)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    found: Numbers = np.flatnonzero(differs)
    return found


def grouped(*columns: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    """The numbers of the rows in the order of the columns, the first one first, and where in it each group of equal rows begins."""
    first, *others = columns
    order: Numbers = np.argsort(first, kind="stable")
    ordered = first[order]
    ranks = np.cumsum(np.r_[False, ordered[1:] != ordered[:-1]][: len(order)])
    rest, bits = _as_one(others, len(order))
    if int(ranks[-1:].sum()).bit_length() + bits > _BITS:
        order = np.lexsort(columns[::-1])
        return order, beginnings(*(column[order] for column in columns))
    keys = ranks << bits | rest[order]
    within = np.argsort(keys, kind="stable")  # quick, for nearly all are in order
    return order[within], beginnings(keys[within])


def _as_one(columns: Sequence[npt.NDArray[Any]], count: int) -> tuple[Numbers, int]:
    """One number for what the columns hold in a row, in their order, and how many bits it has; too many: they do not fit."""
    found, bits = np.zeros(count, np.int64), 0
    for column in columns if count else ():
        width = _BITS + 1 if column.min() < 0 else int(column.max()).bit_length()
        bits += width
        if bits > _BITS:
            break
        found = found << width | column.astype(np.int64)
    return found, bits


def alike(*columns: npt.NDArray[Any]) -> list[Numbers]:
    """The numbers of the rows that are equal, kind by kind: sorted once, for there may be as many kinds as rows."""
    order, begins = grouped(*columns)
    return np.split(order, begins[1:]) if len(order) else []
