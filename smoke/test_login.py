"""Login, and the redirects around it.

Source: launch runbook 117e, step 1.
"""

import pytest

from fixtures.login import Login, Refused, SignedIn
from fixtures.session import Session
from postdeploy.model import Cause
from postdeploy.runbook.environment import User
from postdeploy.runbook.tables import Runbook
from postdeploy.target.preflight import Target

pytestmark = pytest.mark.smoke


def test_login_with_the_form_works(login: Login, smoke_user: User) -> None:
    """Signing in with the form opens the app and creates a session."""
    assert login.sign_in(smoke_user) == SignedIn()


@pytest.mark.means(Cause.OPEN_DOOR, "a wrong password signs in")
def test_a_wrong_password_does_not_sign_in(login: Login, smoke_user: User) -> None:
    """A wrong password is rejected and creates no session."""
    assert login.try_wrong_password(smoke_user) == Refused()


@pytest.mark.means(Cause.OPEN_DOOR, "an unauthenticated client is let in")
def test_an_unauthenticated_client_is_redirected_to_the_login_page(target: Target, runbook: Runbook) -> None:
    """An unauthenticated client is redirected to the login page, without a loop."""
    assert target.lands_on(runbook.app.inbox_path) == runbook.app.login_path


@pytest.mark.means(Cause.AUTH_REGRESSION, "a signed-in user is not redirected to the inbox")
def test_a_signed_in_user_is_redirected_to_the_inbox(session: Session, runbook: Runbook) -> None:
    """A signed-in user is redirected from the login page to the inbox, without a loop."""
    assert session.lands_on(runbook.app.login_path) == runbook.app.inbox_path
