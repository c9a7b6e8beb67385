"""Deployment Checks v2: Vercel holds the domains back until a check of the project has ended."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import quote

import msgspec

from postdeploy.vercel.client import Vercel
from postdeploy.vercel.project import project_path
from postdeploy.vercel.writes import WriteResult

LONGEST_TEXT = 1000


class Conclusion(StrEnum):
    """What came of a check."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    NEUTRAL = "neutral"


class Check(msgspec.Struct, rename="camel"):
    """A check that the project requires."""

    id: str
    name: str = ""
    timeout: int = 0
    """Milliseconds."""


class CheckRun(msgspec.Struct, rename="camel"):
    """A check of one deployment."""

    id: str
    check_id: str = ""
    status: str = ""


class _Checks(msgspec.Struct):
    checks: list[Check] = []


class _Runs(msgspec.Struct):
    runs: list[CheckRun] = []


def find_check(vercel: Vercel, name: str) -> Check | None:
    """The project's check of this name; None: there is none.

    Raises:
        PlatformError: there is no answer.
    """
    found = vercel.read(f"{project_path(vercel, 'v2')}/checks", _Checks).checks
    return next((one for one in found if one.name == name), None)


def define(vercel: Vercel, name: str, seconds: float) -> WriteResult:
    """Let production deployments wait for a check of this name, at most so long."""
    body = {
        "name": name,
        "requires": "deployment-url",
        "blocks": "deployment-alias",
        "targets": ["production"],
        "timeout": round(seconds * 1000),
        "isRerequestable": True,
        "source": {"kind": "webhook"},
    }
    return vercel.write("POST", f"{project_path(vercel, 'v2')}/checks", body)


def find_run(vercel: Vercel, deployment: str, check: Check) -> CheckRun | None:
    """The run of a check on a deployment that has not ended; None: there is none.

    Raises:
        PlatformError: there is no answer.
    """
    found = vercel.read(_runs(deployment), _Runs).runs
    return next((one for one in found if one.check_id == check.id and one.status != "completed"), None)


def begin(vercel: Vercel, deployment: str, check: Check) -> WriteResult:
    """Announce a run of the check."""
    return vercel.write("POST", _runs(deployment), {"checkId": check.id})


def running(vercel: Vercel, deployment: str, run: CheckRun, url: str) -> WriteResult:
    """Say that it runs. `url`: where it can be watched; empty: nowhere."""
    return _report(vercel, deployment, run, {"status": "running"} | ({"externalUrl": url} if url else {}))


def conclude(vercel: Vercel, deployment: str, run: CheckRun, conclusion: Conclusion, text: str) -> WriteResult:
    """Say what came of it."""
    body = {
        "status": "completed",
        "conclusion": conclusion,
        "conclusionText": text[:LONGEST_TEXT],
        "completedAt": vercel.clock.now(),
    }
    return _report(vercel, deployment, run, body)


def _report(vercel: Vercel, deployment: str, run: CheckRun, body: Mapping[str, object]) -> WriteResult:
    return vercel.write("PATCH", f"{_runs(deployment)}/{quote(run.id, safe='')}", body)


def _runs(deployment: str) -> str:
    return f"/v2/deployments/{quote(deployment, safe='')}/check-runs"
