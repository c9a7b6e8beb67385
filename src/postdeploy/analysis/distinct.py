"""Which rows of several columns of numbers are equal."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.incidents import Numbers


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
    order: Numbers = np.lexsort(columns[::-1])
    return order, beginnings(*(column[order] for column in columns))


def alike(*columns: npt.NDArray[Any]) -> list[Numbers]:
    """The numbers of the rows that are equal, kind by kind: sorted once, for there may be as many kinds as rows."""
    order, begins = grouped(*columns)
    return np.split(order, begins[1:]) if len(order) else []
