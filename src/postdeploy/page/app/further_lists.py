"""The lists that no check opens: of the other workspaces, and what follows the first conversations. Pure.

An inbox whose first list loads may fail for one workspace of four, or as soon as a person scrolls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from postdeploy.page.app.answers import listed_conversation

_FAILS = 500


@dataclass(frozen=True, slots=True)
class FurtherList:
    """A list that the server is asked for, and no page shows."""

    workspace: str
    path: str
    continued: bool = False
    """It follows the workspace's first conversations."""

    def after(self, cursor: object, parameter: str) -> FurtherList | None:
        """What follows it; None: nothing does, or runbook.toml does not say how to ask for it."""
        if not parameter or self.continued or not isinstance(cursor, str) or not cursor:
            return None
        joint = "&" if "?" in self.path else "?"
        return FurtherList(self.workspace, f"{self.path}{joint}{parameter}={quote(cursor, safe='')}", continued=True)

    def fault(self, status: int | None, answer: object) -> str | None:
        """What is wrong with its answer; None: nothing is, or there was none in time."""
        called = f"the list of {self.workspace}{' beyond its first conversations' if self.continued else ''}"
        said: dict[str, Any] = answer if isinstance(answer, dict) else {}
        if status is None or said.get("error") == "READ_API_DISABLED":
            return None
        if status >= _FAILS:
            return f"{called} answered {status}; no page has opened it, and those that were opened load"
        rows = [listed_conversation(row) for row in said.get("conversations") or () if isinstance(row, dict)]
        foreign = sorted({row.workspace for row in rows} - {self.workspace, ""})
        if foreign:
            return f"{called} contains conversations of {', '.join(foreign[:3])}"
        return None
