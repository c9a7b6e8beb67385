"""The auth service, judged by the official JavaScript client that the app uses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sandbox import builds
from sandbox.progress import say

if TYPE_CHECKING:
    from tests.sandbox.conftest import RunningAuth

pytestmark = pytest.mark.sandbox

SCRIPT = Path(__file__).parents[1] / "official_clients" / "supabase.mjs"


@pytest.fixture
def told(auth: RunningAuth) -> dict[str, Any]:
    """What supabase-js was answered."""
    modules = builds.install(say)
    command = [str(builds.node()), str(SCRIPT), str(modules), auth.url, auth.anon_key, auth.email, auth.password]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=builds.environment())
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_supabase_js_is_at_home(told: dict[str, Any], auth: RunningAuth) -> None:
    assert told == {
        "refused": {
            "name": "AuthApiError",
            "status": 400,
            "code": "invalid_credentials",
            "message": "Invalid login credentials",
        },
        "user": auth.email,
        "claims": {"algorithm": "ES256", "role": "authenticated"},
        "forged": "AuthInvalidJwtError",
        "rotated": True,
        "reused": True,
        "unknown": {
            "name": "AuthApiError",
            "status": 400,
            "code": "refresh_token_not_found",
            "message": "Invalid Refresh Token: Refresh Token Not Found",
        },
        "signedOut": None,
        "afterwards": {
            "name": "AuthSessionMissingError",
            "status": 400,
            "message": "Auth session missing!",
        },
    }
