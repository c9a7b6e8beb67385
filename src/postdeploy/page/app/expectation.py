"""What is to be proven, and the answers that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.page.app.answers import ConversationList
from postdeploy.page.observation import Observation


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is to be proven: whose conversations, asked for since when, and what else is known."""

    workspace: str | None
    """None: whichever the app selected by itself."""
    workspace_id: str | None = None
    since: float = 0.0
    """Epoch milliseconds of the action that asked for it."""
    known: frozenset[str] = frozenset()
    """The names of all workspaces that may appear; empty: not known yet."""
    people: tuple[str, ...] = ()
    """Who must be among the conversations."""

    def lists(self, seen: Observation) -> list[ConversationList]:
        """The list answers for what is wanted, oldest first. An action's answer belongs to what was asked for last.

        What came with a page stands before what was asked for: only where nothing was, it is the list.
        """
        started = {key: exchange.started for key, exchange in seen.exchanges.items()}
        found = [
            listed for key, listed in seen.answers.lists if self._is_for(listed, started.get(key, 0.0) >= self.since)
        ]
        return sorted(found, key=lambda listed: not listed.rendered)

    def _is_for(self, listed: ConversationList, fresh: bool) -> bool:
        if listed.asked:
            return self.workspace is None or listed.workspace_id == self.workspace_id
        return fresh or (self.workspace is not None and listed.workspaces == {self.workspace})
