"""When the platform answers instead of the app."""

from __future__ import annotations

import pytest

from postdeploy.system.protection import challenged, is_challenge, is_protection, protected


@pytest.mark.parametrize(
    ("headers", "text", "expected"),
    [
        pytest.param({"x-vercel-mitigated": "challenge"}, "", True, id="the header"),
        pytest.param({}, "<title>Vercel Security Checkpoint</title>", True, id="the page"),
        pytest.param({}, "<title>Inbox</title>", False, id="the app"),
    ],
)
def test_bot_protection_is_recognized(headers: dict[str, str], text: str, expected: bool) -> None:
    assert is_challenge(headers, text) is expected


@pytest.mark.parametrize(
    ("status", "headers", "text", "expected"),
    [
        pytest.param(302, {"location": "https://vercel.com/sso-api?url=x"}, "", True, id="a redirect to sign in"),
        pytest.param(401, {}, '{"message":"Protected deployment"}', True, id="401 for programs"),
        pytest.param(401, {}, '{"error":"Unauthorized"}', False, id="the app's own 401"),
        pytest.param(200, {}, "Protected deployment", False, id="a page that mentions it"),
    ],
)
def test_deployment_protection_is_recognized(status: int, headers: dict[str, str], text: str, expected: bool) -> None:
    assert is_protection(status, headers, text) is expected


def test_both_carry_a_cure() -> None:
    assert all("VERCEL_AUTOMATION_BYPASS_SECRET" in blocked.cure for blocked in (challenged("x"), protected("x")))
