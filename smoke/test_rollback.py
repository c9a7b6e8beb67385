"""Did the rollback help? Production serves the rollback target, and the inbox works.

Source: launch runbook 117e, step 3.
"""

import pytest

from fixtures.inbox import Inbox
from fixtures.login import Login, SignedIn
from fixtures.recovery import Restored
from postdeploy.page.app.proof import Loaded
from postdeploy.rollback.proof import Recovery
from postdeploy.runbook.environment import User

pytestmark = pytest.mark.rollback


def test_production_serves_the_rollback_target(restored: Restored) -> None:
    """The production address serves the rollback target, according to Vercel and to the page itself."""
    assert restored.serving == restored.target


def test_signing_in_works_again(login: Login, smoke_user: User) -> None:
    """Signing in with an empty cookie jar opens the app and creates a session."""
    assert login.sign_in(smoke_user) == SignedIn()


def test_the_master_inbox_loads_conversations_again(master_inbox: Inbox, recovery: Recovery) -> None:
    """The Master Inbox shows conversations, and no request fails that was not failing there before."""
    assert master_inbox.state == Loaded(master_inbox.shown)
    assert recovery.counting("test_the_master_inbox_renders_after_login", master_inbox.errors) == []
