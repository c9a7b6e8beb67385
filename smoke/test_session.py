"""The session stays valid.

Source: launch checklist 117d, step 4.
"""

import time

import pytest

from fixtures.inbox import Inbox
from postdeploy.model import Cause
from postdeploy.page.app.proof import Loaded

pytestmark = pytest.mark.smoke


@pytest.mark.means(Cause.AUTH_REGRESSION, "an expired access token is not renewed")
def test_an_expired_access_token_is_renewed(own_inbox: Inbox) -> None:
    """The app renews an expired access token and shows the inbox."""
    own_inbox.session.expire_access_token()
    own_inbox.open()
    assert own_inbox.state == Loaded(own_inbox.workspace)
    assert own_inbox.session.access_token_expires > time.time()


def test_the_inbox_stays_loaded(inbox: Inbox) -> None:
    """Loaded conversations stay on the page, and no error appears after them."""
    inbox.look_again()
    assert inbox.state == Loaded(inbox.workspace)
    assert inbox.errors == []


def test_the_session_survives_a_reload(inbox: Inbox) -> None:
    """After a reload the user is still signed in and sees the inbox."""
    inbox.reload()
    assert inbox.state == Loaded(inbox.workspace)
    assert inbox.errors == []
