"""The app's answers about conversations, as values: a list, one that was opened, and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from postdeploy.page.screen import one_line


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """One line of a list answer. The person's name serves comparison only."""

    id: str
    person: str
    workspace: str


@dataclass(frozen=True, slots=True)
class ConversationList:
    """A list answer: whose list it is, who stands in it and for which workspaces."""

    workspace_id: str | None
    """The workspace asked for; None: all, or not told by the request (Server Actions)."""
    rows: tuple[ListedConversation, ...]
    asked: bool = True
    """Whether the request itself named the list (a Server Action's does not)."""
    complete: bool = False
    """Whether the answer says that there are no more."""

    @property
    def people(self) -> frozenset[str]:
        """Who stands in it."""
        return frozenset(row.person for row in self.rows if row.person)

    @property
    def workspaces(self) -> frozenset[str]:
        """Whose conversations they are."""
        return frozenset(row.workspace for row in self.rows if row.workspace)

    def __repr__(self) -> str:
        return f"Conversations({len(self.rows)} of {sorted(self.workspaces)})"


@dataclass(frozen=True, slots=True)
class OpenedConversation:
    """The answer to opening one conversation: which one, with whom, and the texts of its messages, for comparison only."""

    id: str | None
    person: str | None
    messages: tuple[str, ...]
    """Those that have a text: a message may be a file and nothing else."""

    def __repr__(self) -> str:
        return f"Conversation({len(self.messages)} messages)"


def _workspace_asked_for(query: str) -> str | None:
    found = re.search(r"(?:^|&)clientId=([^&]+)", query)
    return found[1] if found else None


def listed_conversation(row: dict[str, Any]) -> ListedConversation:
    """A line of a list answer: who, and whose."""
    lead = row.get("lead")
    lead = lead if isinstance(lead, dict) else {}
    return ListedConversation(
        str(row.get("id")), str(lead.get("name") or "").strip(), one_line(str(lead.get("company") or ""))
    )


def _text(message: dict[str, Any]) -> str | None:
    for name in ("body", "text", "content", "message"):
        value = message.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None
