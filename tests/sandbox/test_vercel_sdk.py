"""The platform, judged by Vercel's official SDK, which validates every answer against Vercel's own schema."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from sandbox import builds
from tests.sandbox.conftest import TEAM, TOKEN

if TYPE_CHECKING:
    import httpx

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(180)]

CLIENTS = Path(__file__).parents[1] / "official_clients"


@pytest.fixture(scope="session")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the official clients, installed as their lock says."""
    stamp = CLIENTS / "node_modules" / ".stamp"
    wanted = hashlib.sha256((CLIENTS / "package-lock.json").read_bytes()).hexdigest()
    stamp.parent.mkdir(exist_ok=True)
    with FileLock(stamp.with_name(".lock")):
        if not stamp.exists() or stamp.read_text() != wanted:
            builds.npm_install(CLIENTS, tmp_path_factory.mktemp("npm") / "install.log")
            stamp.write_text(wanted)
    return CLIENTS


def test_the_sdk_understands_every_answer(clients: Path, api: httpx.Client) -> None:
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
        "refused": 403,
    }
