"""The platform, judged by Vercel's official SDK, which validates every answer against Vercel's own schema."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.checks import Conclusion, begin, conclude, define, find_check, find_run, running
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.retry import ONE_RETRY
from sandbox import builds
from sandbox.deployments import Commit, Deployment
from tests.sandbox.conftest import NOON, TEAM, TOKEN
from tests.sandbox.official import CLIENTS, installed

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from sandbox.deployments import Deployments
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


def test_the_sdk_understands_what_comes_of_acts(
    clients: Path, api: httpx.Client, platform: Platform, deployments: Deployments
) -> None:
    deployments.add(Deployment("dpl_staged", "http://127.0.0.1:3", "inbox-staged", NOON, commit=Commit("0123abc")))
    deployments.add(Deployment("dpl_preview", "http://127.0.0.1:3", "inbox-preview", NOON, target=None))
    deployments.add(Deployment("dpl_broken", "http://127.0.0.1:3", "inbox-broken", NOON, state="ERROR"))
    command = [str(builds.node()), "acts.mjs", str(api.base_url), TOKEN, TEAM.id, "prj_1"]
    done = subprocess.run(
        command, cwd=clients, capture_output=True, text=True, timeout=60, check=False, env=builds.environment()
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert sorted(told.pop("deployments")) == [
        ["dpl_broken", "production", "ERROR", None],
        ["dpl_new", "production", "READY", "PROMOTED"],
        ["dpl_old", "production", "READY", "PROMOTED"],
        ["dpl_preview", None, "READY", "STAGED"],
        ["dpl_staged", "production", "READY", "STAGED"],
    ]
    assert told == {
        "rolledBack": {"type": "rollback", "to": "dpl_old", "job": "succeeded", "automatic": False},
        "promoted": {"type": "promote", "to": "dpl_new", "job": "succeeded", "automatic": True},
        "aliases": [["localhost:3000", "completed"], ["app.localhost:3000", "completed"]],
        "automatic": False,
        "refusals": {"current": 409, "preview": 422, "unknown": 404},
        "started": "ACTIVE",
        "rolling": ["dpl_new", "dpl_staged", 10],
    }
    assert [write.method for write in platform.writes] == ["POST", "POST", "PATCH", "POST", "POST", "POST", "POST"]


CHECK = ["postdeploy", "deployment-url", "deployment-alias", ["production"], 600_000, "webhook"]
PAGE = "https://github.com/acme/inbox/actions/runs/1"


def checks(clients: Path, api: httpx.Client, *more: str) -> dict[str, Any]:
    command = [str(builds.node()), "checks.mjs", str(api.base_url), TOKEN, TEAM.id, "prj_1", "dpl_new", *more]
    done = subprocess.run(
        command, cwd=clients, capture_output=True, text=True, timeout=60, check=False, env=builds.environment()
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_sdk_defines_and_reports_a_deployment_check(clients: Path, api: httpx.Client) -> None:
    assert checks(clients, api) == {
        "checks": [CHECK],
        "runs": [["postdeploy", "completed", "failed", "FAIL", PAGE]],
        "refusals": {"ended": 400, "run": 404, "check": 404, "deployment": 404},
    }


def test_what_we_ask_of_a_deployment_check_is_what_the_sdk_asks(
    clients: Path, api: httpx.Client, platform: Platform
) -> None:
    """And the SDK reads what came of it."""
    checks(clients, api)
    by_sdk = [(write.method, write.path, _told(write.body)) for write in platform.writes]
    platform.checks.defined.clear()
    platform.checks.runs.clear()
    platform.writes.clear()
    access = Access(Secret(TOKEN), "prj_1", TEAM.id, str(api.base_url).rstrip("/"))
    with Vercel(access, ONE_RETRY) as vercel:
        define(vercel, "postdeploy", 600)
        check = find_check(vercel, "postdeploy")
        assert check
        begin(vercel, "dpl_new", check)
        run = find_run(vercel, "dpl_new", check)
        assert run
        running(vercel, "dpl_new", run, PAGE)
        conclude(vercel, "dpl_new", run, Conclusion.FAILED, "FAIL")
    ours = [(write.method, write.path, _told(write.body)) for write in platform.writes]
    assert ours == by_sdk[: len(ours)]
    assert len(ours) == 4
    assert checks(clients, api, "read") == {
        "checks": [CHECK],
        "runs": [["postdeploy", "completed", "failed", "FAIL", PAGE]],
        "refusals": None,
    }


def _told(body: str) -> dict[str, Any]:
    """A body without the time, which is each client's own."""
    return {name: value for name, value in json.loads(body).items() if name != "completedAt"}
