"""The platform, judged by Vercel's official SDK, which validates every answer against Vercel's own schema."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from sandbox import builds
from tests.sandbox.conftest import TEAM, TOKEN
from tests.sandbox.official import CLIENTS, installed

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from sandbox.platform import Platform

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(180)]


@pytest.fixture(scope="session")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the official clients, installed as their lock says."""
    return installed(CLIENTS, tmp_path_factory.mktemp("npm") / "install.log")


def test_the_sdk_understands_every_answer(clients: Path, api: httpx.Client, platform: Platform) -> None:
    platform.environment.fill({"CRON_SECRET": "a secret value", "AUTO_SEND_DISABLED": "0"}, 1_767_225_600_000)
    command = [str(builds.node()), "vercel.mjs", str(api.base_url), TOKEN, TEAM.id, "inbox", "localhost:3000"]
    done = subprocess.run(
        command, cwd=clients, capture_output=True, text=True, timeout=60, check=False, env=builds.environment()
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "user": "ada",
        "team": "acme",
        "project": "inbox",
        "deployments": [{"uid": "dpl_new", "state": "READY"}, {"uid": "dpl_old", "state": "READY"}],
        "serving": "dpl_new",
        "alias": "dpl_new",
        "variables": [
            {"key": "CRON_SECRET", "type": "encrypted", "target": ["production"]},
            {"key": "AUTO_SEND_DISABLED", "type": "plain", "target": ["production"]},
        ],
        "value": "a secret value",
        "refused": 403,
    }
