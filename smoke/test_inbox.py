"""The Master Inbox renders, without the Server Components error in any of its forms.

Source: launch runbook 117e, step 1.
"""

import pytest

from fixtures.inbox import Inbox
from postdeploy.page.app.answers import ALL
from postdeploy.page.app.proof import Arrived, Loaded

pytestmark = pytest.mark.smoke


def test_the_master_inbox_renders_after_login(master_inbox: Inbox) -> None:
    """After login, `/` shows the Master Inbox with conversations, and no request failed."""
    assert master_inbox.state == Loaded(master_inbox.shown)
    assert master_inbox.errors == []


def test_a_conversation_opens_and_its_messages_arrive(inbox: Inbox) -> None:
    """An opened conversation shows the messages that the server sent."""
    assert inbox.open_conversation() == Arrived()


def test_all_workspaces_load(inbox: Inbox) -> None:
    """All Workspaces shows conversations of the smoke user's workspaces only."""
    inbox.select_all()
    assert inbox.state == Loaded(ALL)
