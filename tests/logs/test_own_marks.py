"""The suite's own requests say so, and nobody else's do."""

from __future__ import annotations

import pytest

from postdeploy.logs.own_marks import NONCE, is_own, is_own_address
from postdeploy.system.user_agent import user_agent

BROWSER = "Mozilla/5.0 (X11) Chrome/140"


def test_the_user_agent_of_the_probes_is_recognised() -> None:
    assert is_own(user_agent())


@pytest.mark.parametrize(
    ("agent", "query", "own"),
    [
        ("postdeploy/1.2", "", True),
        ("postdeploy/0.9.dev1", None, True),
        (BROWSER, f"{NONCE}=a1b2", True),
        (BROWSER, f"?{NONCE}=a1b2", True),
        (None, f"limit=5&{NONCE}=a1b2", True),
        (BROWSER, "", False),
        (None, None, False),
        (f"{BROWSER} postdeploy/1", None, True),
        (f"{BROWSER} Safari/537.36 postdeploy/0.9.dev1", "", True),
        (f"{BROWSER} postdeploy", "q=postdeploy", False),
        (f"{BROWSER} (like postdeployer/1)", "", False),
        (f"{BROWSER} acme-postdeploy/1", "", False),
        ("postdeployer/1", f"not{NONCE}=1", False),
        (BROWSER, f"q={NONCE}", False),
    ],
)
def test_user_agent_or_query_tell(agent: str | None, query: str | None, own: bool) -> None:
    assert is_own(agent, query) is own


def test_a_drain_lists_user_agents_and_keeps_the_query_in_the_path() -> None:
    assert is_own_address(["postdeploy/1"], "/api/x")
    assert is_own_address([BROWSER], f"/api/x?{NONCE}=1")
    assert not is_own_address([], "/api/x")
    assert not is_own_address(None, None)
