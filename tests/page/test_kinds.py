"""What a request was for, by its address."""

from __future__ import annotations

import pytest

from postdeploy.page.journal import Kind
from postdeploy.page.observation import Observation
from postdeploy.runbook.reading import read_runbook

ORIGIN = "https://app.example.com"


@pytest.mark.parametrize(
    ("path", "action", "kind"),
    [
        pytest.param("/", "a1", Kind.ACTION, id="a Server Action"),
        pytest.param("/?_rsc=1", None, Kind.PAGE, id="the inbox, from within a page"),
        pytest.param("/?clientId=w1&_rsc=1", None, Kind.PAGE, id="the inbox of a workspace"),
        pytest.param("/auth/login?_rsc=1", None, Kind.PAGE, id="the login page"),
        pytest.param("/pricing?_rsc=1", None, Kind.OTHER, id="a page that a link leads to"),
        pytest.param("/settings/team?_rsc=1", None, Kind.OTHER, id="another one"),
        pytest.param("/api/inbox/conversations?_rsc=1", None, Kind.OTHER, id="none that a page shows"),
        pytest.param("/api/inbox/counts", None, Kind.API, id="a read"),
        pytest.param("/api/integrations/slack", None, Kind.OTHER, id="another route"),
    ],
)
def test_what_a_request_was_for(path: str, action: str | None, kind: Kind) -> None:
    seen = Observation(read_runbook(), ORIGIN)
    seen.take({"type": "request", "id": "k", "method": "GET", "url": ORIGIN + path, "action": action, "at": 1})
    assert [one.kind for one in seen.journal] == [kind]
