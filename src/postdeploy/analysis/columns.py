"""Rows as columns of numbers: what a ledger takes in, and what one process can send to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.incidents import Numbers
from postdeploy.analysis.signals import LongMessage, MessageMeaning, Route
from postdeploy.logs.entry import LogEntry

COLUMNS = 6

Example = tuple[int, str]
"""When a message was logged, and how. The earliest is shown, whatever the order in which rows come."""


@dataclass
class Columns:
    """Numbers, and the tables that they point into."""

    rows: int = 0
    """How many rows this was."""
    ids: list[Any] = field(default_factory=list)
    """What distinguishes a request from others: its id, or what there is instead."""
    blocks: list[npt.NDArray[np.int64]] = field(default_factory=list)
    """Six columns each: request, message (0: none), route, status, deployment, time."""
    routes: list[Route] = field(default_factory=list)
    messages: list[MessageMeaning] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    """For each of `messages` one."""
    deployments: list[str] = field(default_factory=list)
    own: set[int] = field(default_factory=set)
    """Which of `ids` are requests of the suite, of any run."""
    sentinels: list[LogEntry] = field(default_factory=list)
    unnamed: list[LogEntry] = field(default_factory=list)
    """Rows of requests that they do not name: they have to be seen all together, and are in none of the others."""
    projects: dict[str, str] = field(default_factory=dict)
    """Deployment → project, where the rows name both."""
    other_environments: set[str] = field(default_factory=set)
    """Environments that are not production; their rows are left out."""
    inbox_error_lines: int = 0
    truncated_unknown: int = 0
    """Both as `SignalReader` counts them."""
    unread: set[LongMessage] = field(default_factory=set)
    """Messages of which only the beginning was read."""

    def numbers(self) -> Numbers:
        """All blocks as one."""
        return np.concatenate(self.blocks, axis=1) if self.blocks else np.empty((COLUMNS, 0), np.int64)
