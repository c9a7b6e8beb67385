"""Rows in the order of their requests, each once; and two such tables put together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.distinct import beginnings, grouped
from postdeploy.analysis.incidents import Flags, Rows


def without_repetitions(rows: Rows) -> Rows:
    """One row for each request, message, route, status and deployment, with the earliest time; in the order of requests and messages."""
    if not len(rows):
        return rows
    keys = ("request", "message", "route", "status", "deployment")
    order, begins = grouped(*(np.ascontiguousarray(rows[key]) for key in keys))
    found: Rows = np.take(rows, order[begins])
    found["at"] = np.minimum.reduceat(rows["at"][order], begins)
    return found


def merged(rows: Rows, others: Rows) -> Rows:
    """Both, each without repetitions and in order, in the same way: to sort all of them again takes several times their memory."""
    if not len(rows):
        return others
    requests = np.ascontiguousarray(rows["request"])
    known = _among(requests, others["request"][beginnings(others["request"])])
    if known.any():  # a request goes on: the new rows may repeat its old ones
        others = without_repetitions(np.concatenate([others, rows[known]]))
        rows, requests = rows[~known], requests[~known]
    found: Rows = np.insert(rows, np.searchsorted(requests, others["request"]), others)
    return found


def _among(numbers: npt.NDArray[np.uint64], others: npt.NDArray[np.uint64]) -> Flags:
    """Which of these numbers are among the others; both in order, the others without repetitions."""
    steps = np.zeros(len(numbers) + 1, np.int32)
    np.add.at(steps, np.searchsorted(numbers, others, "left"), 1)
    np.add.at(steps, np.searchsorted(numbers, others, "right"), -1)
    found: Flags = np.cumsum(steps[:-1], dtype=np.int32) > 0
    return found
