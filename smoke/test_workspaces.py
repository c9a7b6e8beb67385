"""Workspaces load, and selecting one loads its conversations.

Source: launch runbook 117e, step 1.
"""

import pytest

from fixtures.inbox import Inbox
from fixtures.unopened_lists import UnopenedLists
from postdeploy.page.app.proof import Empty, Loaded
from postdeploy.runbook.parts import fewest_workspaces
from postdeploy.runbook.tables import Runbook

pytestmark = pytest.mark.smoke


def test_the_workspaces_load(inbox: Inbox, unopened_lists: UnopenedLists, runbook: Runbook) -> None:
    """The selector offers at least two workspaces of the smoke user, or one where the app has a single one; no list of theirs fails."""
    assert len(inbox.workspaces) >= fewest_workspaces(runbook)
    assert unopened_lists.faults == []


def test_selecting_a_workspace_loads_its_conversations(inbox: Inbox) -> None:
    """Selecting another workspace shows that workspace's conversations."""
    other = inbox.other_workspace
    inbox.select(other)
    assert inbox.state == Loaded(other)


def test_switching_back_and_forth_leaves_no_error(inbox: Inbox) -> None:
    """Switching to another workspace and back shows each one's conversations and leaves no error."""
    here, there = inbox.workspace, inbox.other_workspace
    inbox.select(there)
    assert inbox.state == Loaded(there)
    inbox.select(here)
    assert inbox.state == Loaded(here)
    assert inbox.errors == []


def test_each_further_workspace_loads(inbox: Inbox) -> None:
    """Each further workspace, up to `[workspaces] open`, shows its conversations, or that it has none, as runbook.toml says."""
    for further in inbox.further_workspaces:
        inbox.select(further)
        assert inbox.state == Loaded(further) or (inbox.may_be_empty and inbox.state == Empty(further))
    assert inbox.errors == []
