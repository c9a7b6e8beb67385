"""Runbook 117e step 1: login."""

import pytest

from fixtures.login import Login, Refused, SignedIn
from fixtures.session import Session
from postdeploy.model import Cause
from postdeploy.runbook.environment import User
from postdeploy.runbook.tables import Runbook
from postdeploy.target.preflight import Target

pytestmark = pytest.mark.smoke


def test_login_with_the_form_works(login: Login, smoke_user: User) -> None:
    """Signing in with the form leads into the app, with a session."""
    assert login.sign_in(smoke_user) == SignedIn()


@pytest.mark.means(Cause.OPEN_DOOR, "a wrong password signs in")
def test_a_wrong_password_does_not_sign_in(login: Login, smoke_user: User) -> None:
    """A wrong password is refused and leaves no session."""
    assert login.try_wrong_password(smoke_user) == Refused()


@pytest.mark.means(Cause.OPEN_DOOR, "whoever is not signed in is let in")
def test_a_stranger_is_sent_to_the_login_page(target: Target, runbook: Runbook) -> None:
    """Whoever is not signed in is sent to the login page, without a loop."""
    assert target.lands_on(runbook.app.inbox_path) == runbook.app.login_path


@pytest.mark.means(Cause.AUTH_REGRESSION, "whoever is signed in is not taken to the inbox")
def test_a_signed_in_person_is_sent_to_the_inbox(session: Session, runbook: Runbook) -> None:
    """Whoever is signed in is sent from the login page to the inbox, without a loop."""
    assert session.lands_on(runbook.app.login_path) == runbook.app.inbox_path
