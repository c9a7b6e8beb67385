"""What `postdeploy doctor` says: one line for each thing that a run needs or can use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ItemState(StrEnum):
    """Whether one thing is configured, or works."""

    OK = "ok"
    MISSING = "missing"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a run needs or can use."""

    state: ItemState
    name: str
    says: str
