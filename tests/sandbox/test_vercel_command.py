"""The platform's logs, judged by the official command: 64 reads the newer history, 63 the older one and the live stream."""

from __future__ import annotations

import json
import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sandbox import builds
from sandbox.logs import Gap, LogFaults, Logs, Plan
from sandbox.platform import Project
from sandbox.platform.exports import export
from tests.sandbox.conftest import TEAM, TOKEN
from tests.sandbox.official import CLIENTS, installed
from tests.sandbox.rows import DIGEST, OLD, happened

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]

PROJECT = Project("prj_1", "inbox", TEAM, 0)


@dataclass(frozen=True)
class Command:
    """The command, in one of its generations, signed in and linked to the project."""

    directory: Path
    url: str
    home: Path

    def run(self, generation: str, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        """Its exit code, the objects it printed, and what it said beside them."""
        script = self.directory / "node_modules" / generation / "dist" / "vc.js"
        command = [str(builds.node()), str(script), "logs", *arguments, "--json", "--api", self.url]
        environment = builds.environment(
            {
                "HOME": str(self.home),
                "NO_UPDATE_NOTIFIER": "1",
                "VERCEL_TELEMETRY_DISABLED": "1",
                "VERCEL_TOKEN": TOKEN,
                "VERCEL_ORG_ID": TEAM.id,
                "VERCEL_PROJECT_ID": "prj_1",
            }
        )
        done = subprocess.run(
            command, cwd=self.home, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both generations of the command, installed as their lock says."""
    return installed(CLIENTS / "commands", tmp_path_factory.mktemp("npm") / "install.log")


@pytest.fixture
def command(commands: Path, api: httpx.Client, tmp_path: Path) -> Command:
    """The command, in front of the platform."""
    return Command(commands, str(api.base_url).rstrip("/"), tmp_path)


def test_64_prints_what_a_deployment_wrote(command: Command, logs: Logs) -> None:
    happened(logs, 1, DIGEST, ago=3)
    happened(logs, 2, "elsewhere", origin=OLD)
    code, [log, summary], _ = command.run("vercel", "--deployment", "dpl_new")
    assert (code, log["type"], log["data"]["message"]) == (0, "log", DIGEST)
    assert (summary["recordsReturned"], summary["pagination"]["hasMore"]) == (1, False)


def test_the_export_is_what_64_prints(command: Command, logs: Logs) -> None:
    happened(logs, 1, DIGEST, ago=3)
    _, printed, _ = command.run("vercel")
    exported = [json.loads(line) for line in export(logs, PROJECT, "cli-64").splitlines()]
    assert printed[0] == exported[0]
    assert set(printed[-1]) == set(exported[-1])


def test_64_tells_what_is_excluded(command: Command, logs: Logs) -> None:
    now = logs.clock.milliseconds
    logs.faults = LogFaults(gaps=(Gap(now - 60_000, now - 30_000),))
    code, printed, _ = command.run("vercel")
    assert code == 0
    assert printed[-1]["excludedIntervals"] == [
        {"start": logs.clock.iso(now - 60_000), "end": logs.clock.iso(now - 30_000)}
    ]


def test_64_prints_requests_only_with_observability_plus(command: Command, logs: Logs) -> None:
    code, _, said = command.run("vercel", "requests")
    assert (code, json.loads(said)["reason"]) == (1, "plan_upgrade_required")
    logs.plan = Plan(observability_plus=True, largest_page=30)
    for number in range(70):
        happened(logs, number, status=500 if number % 2 else 200, ago=100 - number)
    code, printed, _ = command.run("vercel", "requests", "--limit", "200", "--query", "httpStatus >= 500")
    assert (code, len(printed)) == (0, 35 + 1)
    assert {each["data"]["httpStatus"] for each in printed[:-1]} == {500}


def test_64_finds_no_history(command: Command, logs: Logs) -> None:
    logs.plan = Plan(histories=frozenset({"63"}))
    code, printed, said = command.run("vercel")
    assert (code, printed) == (1, [])
    assert json.loads(said)["data"]["httpStatus"] == 404


def test_63_prints_requests_page_after_page(command: Command, logs: Logs) -> None:
    for number in range(120):
        happened(logs, number, DIGEST if number % 10 == 0 else "", ago=200 - number)
    code, printed, _ = command.run("vercel-63", "--deployment", "dpl_new", "--limit", "500")
    exported = [json.loads(line) for line in export(logs, PROJECT, "cli-63").splitlines()]
    assert (code, len(printed)) == (0, 120)
    assert printed == exported


def test_63_follows_until_the_delimiter(command: Command, logs: Logs) -> None:
    logs.plan = Plan(stream=4)
    threading.Timer(2, lambda: happened(logs, 1, DIGEST, ago=0)).start()
    code, printed, said = command.run("vercel-63", "dpl_new", "--follow")
    assert (code, [row["message"] for row in printed]) == (1, ["", DIGEST])
    assert "duration limit" in said


def test_63_takes_a_stream_that_ends_early_for_complete(command: Command, logs: Logs) -> None:
    logs.faults = LogFaults(cuts=1, cut_after=1, cut="clean")
    threading.Timer(2, lambda: happened(logs, 1, DIGEST, ago=0)).start()
    code, printed, _ = command.run("vercel-63", "dpl_new", "--follow")
    assert (code, len(printed)) == (0, 1)
