"""What opened conversations make the page write must succeed, however late it ends."""

from __future__ import annotations

import pytest

from postdeploy.page.app.proof import failed_writes
from postdeploy.page.observation import Observation
from postdeploy.runbook.reading import read_runbook

ORIGIN = "https://app.example.com"
CONVERSATION = "/api/inbox/conversations/c1"


def _seen(seen: Observation, method: str, path: str, *statuses: int) -> Observation:
    for status in statuses:
        key, at = f"k{len(seen.exchanges)}", 10 + len(seen.exchanges)
        url = ORIGIN + path
        seen.take({"type": "request", "id": key, "method": method, "url": url, "action": None, "at": at})
        seen.take({"type": "answer", "id": key, "status": status, "headers": {}, "url": url, "at": at})
        seen.take({"type": "body", "id": key, "body": "", "at": at})
    return seen


@pytest.fixture
def seen() -> Observation:
    return Observation(read_runbook(), ORIGIN)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
@pytest.mark.parametrize("status", [404, 405, 500])
def test_a_write_that_fails_for_good_is_named(seen: Observation, method: str, status: int) -> None:
    [line] = failed_writes(_seen(seen, method, f"{CONVERSATION}/read", status), 0.0)
    assert str(status) in line


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        pytest.param("POST", f"{CONVERSATION}/read", (200,), id="it succeeds"),
        pytest.param("POST", f"{CONVERSATION}/read", (500, 200), id="it succeeds when sent again"),
        pytest.param("GET", CONVERSATION, (500,), id="a read has a check of its own"),
        pytest.param("POST", "/api/other", (500,), id="another route"),
    ],
)
def test_everything_else_is_not(seen: Observation, method: str, path: str, statuses: tuple[int, ...]) -> None:
    assert failed_writes(_seen(seen, method, path, *statuses), 0.0) == []


def test_what_failed_before_does_not_count(seen: Observation) -> None:
    assert failed_writes(_seen(seen, "POST", f"{CONVERSATION}/read", 500), 100.0) == []
