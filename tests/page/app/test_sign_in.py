"""What became of a login form, however the page sends it."""

from __future__ import annotations

import pytest

from postdeploy.page.app.sign_in import failure, is_sent_back, refusal, sent_since
from postdeploy.page.observation import Observation
from tests.page.app.page import HEALTHY, HEALTHY_APP, ORIGIN, RUNBOOK

SERVICE = "https://abc.supabase.co/auth/v1/token?grant_type=password"
LOGIN = ORIGIN + "/auth/login"


def _page() -> Observation:
    """It shows the form."""
    seen = Observation(RUNBOOK, ORIGIN)
    seen.take({"type": "document", "url": LOGIN, "at": 1})
    seen.take({"type": "screen", "screen": HEALTHY | {"form": True, "app": HEALTHY_APP}, "at": 2})
    return seen


def _sent(url: str, status: int = 200, body: str = "{}", *, action: str | None = None, leads: str = "") -> Observation:
    """It has sent it, and was answered."""
    seen = _asks(_page(), url, action)
    headers = {"x-action-redirect": leads} if leads else {}
    seen.take({"type": "answer", "id": "k0", "status": status, "headers": headers, "url": url, "at": 20})
    seen.take({"type": "body", "id": "k0", "body": body, "at": 30})
    return seen


def _asks(seen: Observation, url: str, action: str | None = None) -> Observation:
    key = f"k{len(seen.exchanges)}"
    seen.take({"type": "request", "id": key, "method": "POST", "url": url, "action": action, "at": 10})
    return seen


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(_sent(LOGIN, body='1:{"success":false,"error":"no"}\n', action="a1"), id="an action's result"),
        pytest.param(_sent(LOGIN, body='1:{"error":"no"}\n', action="a1"), id="an action's bare error"),
        pytest.param(_sent(SERVICE, 400, '{"error_code":"invalid_credentials"}'), id="the auth service"),
        pytest.param(_sent(SERVICE, 429), id="the auth service's rate limit"),
    ],
)
def test_what_refuses_for_certain(seen: Observation) -> None:
    assert refusal(seen, 5.0) is not None
    assert refusal(seen, 15.0) is None


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(
            _sent(LOGIN, 303, action="a1", leads="/auth/login?message=no;push"), id="an action that leads back"
        ),
        pytest.param(_sent(LOGIN, 303, action="a1", leads="/error;push"), id="an action that leads to an error page"),
        pytest.param(_sent(ORIGIN + "/api/auth/login", 401), id="a route of the app"),
    ],
)
def test_what_refuses_once_the_page_has_come_to_rest(seen: Observation) -> None:
    assert is_sent_back(seen, 5.0)
    assert refusal(seen, 5.0) is None
    assert not is_sent_back(seen, 15.0)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(_sent(LOGIN, body='1:{"success":true}\n', action="a1"), id="an action that accepts"),
        pytest.param(_sent(LOGIN, 303, action="a1", leads="/;push"), id="an action that leads to the inbox"),
        pytest.param(_sent(SERVICE, 200, '{"access_token":"x"}'), id="the auth service accepts"),
        pytest.param(_sent(ORIGIN + "/ingest/e", 200), id="a click that is counted"),
        pytest.param(_sent(LOGIN, 500, '1:E{"digest":"7"}\n', action="a1"), id="an action that throws"),
        pytest.param(
            _asks(_sent(ORIGIN + "/ingest/e", 403), ORIGIN + "/api/auth/login"),
            id="a counter refuses while the form is under way",
        ),
    ],
)
def test_what_does_not_refuse(seen: Observation) -> None:
    assert refusal(seen, 5.0) is None
    assert not is_sent_back(seen, 5.0)


def test_what_fails_is_what_was_asked_about_the_form() -> None:
    assert failure(_sent(LOGIN, 500, '1:E{"digest":"7"}\n', action="a1"), 5.0)
    assert failure(_sent(SERVICE, 500), 5.0)
    assert failure(_sent(ORIGIN + "/ingest/e", 500), 5.0) is None
    assert len(sent_since(_asks(_page(), ORIGIN + "/ingest/e"), 5.0)) == 1
