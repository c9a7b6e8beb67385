"""Runbook 117d step 4: the session holds."""

import time

import pytest

from fixtures.inbox import Inbox
from postdeploy.model import Cause
from postdeploy.page.app.proof import Loaded

pytestmark = pytest.mark.smoke


@pytest.mark.means(Cause.AUTH_REGRESSION, "an expired access token is not renewed")
def test_an_expired_access_token_is_renewed(own_inbox: Inbox) -> None:
    """With an expired access token the app renews it and shows the inbox."""
    own_inbox.session.expire_access_token()
    own_inbox.open()
    assert own_inbox.state == Loaded(own_inbox.workspace)
    assert own_inbox.session.access_token_expires > time.time()


def test_the_inbox_stays_as_it_is(inbox: Inbox) -> None:
    """What was loaded stays: no error comes after it, nothing vanishes."""
    inbox.look_again()
    assert inbox.state == Loaded(inbox.workspace)
    assert inbox.errors == []


def test_the_session_survives_a_reload(inbox: Inbox) -> None:
    """A reload keeps the person signed in and shows the inbox again."""
    inbox.reload()
    assert inbox.state == Loaded(inbox.workspace)
    assert inbox.errors == []
