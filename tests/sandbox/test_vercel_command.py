"""The platform's logs, judged by the official command: 64 reads the newer history, 63 the older one and the live stream."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.logs import Gap, LogFaults, Logs, Plan
from sandbox.platform import Project
from sandbox.platform.exports import export
from tests.sandbox.conftest import TEAM
from tests.sandbox.rows import DIGEST, OLD, happened

if TYPE_CHECKING:
    from tests.sandbox.official import Command

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]

PROJECT = Project("prj_1", "inbox", TEAM, 0)


@dataclass(frozen=True)
class Logs64And63:
    """``vercel logs``, in either generation."""

    command: Command

    def run(self, generation: str, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        """Its exit code, the objects it printed, and what it said beside them."""
        said = self.command.run(generation, "logs", *arguments, "--json")
        return said.code, [json.loads(line) for line in said.printed.splitlines()], said.told


@pytest.fixture
def command(vercel: Command) -> Logs64And63:
    """The command, in front of the platform."""
    return Logs64And63(vercel)


def test_64_prints_what_a_deployment_wrote(command: Logs64And63, logs: Logs) -> None:
    happened(logs, 1, DIGEST, ago=3)
    happened(logs, 2, "elsewhere", origin=OLD)
    code, [log, summary], _ = command.run("vercel", "--deployment", "dpl_new")
    assert (code, log["type"], log["data"]["message"]) == (0, "log", DIGEST)
    assert (summary["recordsReturned"], summary["pagination"]["hasMore"]) == (1, False)


def test_the_export_is_what_64_prints(command: Logs64And63, logs: Logs) -> None:
    happened(logs, 1, DIGEST, ago=3)
    _, printed, _ = command.run("vercel")
    exported = [json.loads(line) for line in export(logs, PROJECT, "cli-64").splitlines()]
    assert printed[0] == exported[0]
    assert set(printed[-1]) == set(exported[-1])


def test_64_tells_what_is_excluded(command: Logs64And63, logs: Logs) -> None:
    now = logs.clock.milliseconds
    logs.faults = LogFaults(gaps=(Gap(now - 60_000, now - 30_000),))
    code, printed, _ = command.run("vercel")
    assert code == 0
    assert printed[-1]["excludedIntervals"] == [
        {"start": logs.clock.iso(now - 60_000), "end": logs.clock.iso(now - 30_000)}
    ]


def test_64_prints_requests_only_with_observability_plus(command: Logs64And63, logs: Logs) -> None:
    code, _, said = command.run("vercel", "requests")
    assert (code, json.loads(said)["reason"]) == (1, "plan_upgrade_required")
    logs.plan = Plan(observability_plus=True, largest_page=30)
    for number in range(70):
        happened(logs, number, status=500 if number % 2 else 200, ago=100 - number)
    code, printed, _ = command.run("vercel", "requests", "--limit", "200", "--query", "httpStatus >= 500")
    assert (code, len(printed)) == (0, 35 + 1)
    assert {each["data"]["httpStatus"] for each in printed[:-1]} == {500}


def test_64_finds_no_history(command: Logs64And63, logs: Logs) -> None:
    logs.plan = Plan(histories=frozenset({"63"}))
    code, printed, said = command.run("vercel")
    assert (code, printed) == (1, [])
    assert json.loads(said)["data"]["httpStatus"] == 404


def test_63_prints_requests_page_after_page(command: Logs64And63, logs: Logs) -> None:
    for number in range(120):
        happened(logs, number, DIGEST if number % 10 == 0 else "", ago=200 - number)
    code, printed, _ = command.run("vercel-63", "--deployment", "dpl_new", "--limit", "500")
    exported = [json.loads(line) for line in export(logs, PROJECT, "cli-63").splitlines()]
    assert (code, len(printed)) == (0, 120)
    assert printed == exported


def test_63_follows_until_the_delimiter(command: Logs64And63, logs: Logs) -> None:
    logs.plan = Plan(stream=4)
    threading.Timer(2, lambda: happened(logs, 1, DIGEST, ago=0)).start()
    code, printed, said = command.run("vercel-63", "dpl_new", "--follow")
    assert (code, [row["message"] for row in printed]) == (1, ["", DIGEST])
    assert "duration limit" in said


def test_63_takes_a_stream_that_ends_early_for_complete(command: Logs64And63, logs: Logs) -> None:
    logs.faults = LogFaults(cuts=1, cut_after=1, cut="clean")
    threading.Timer(2, lambda: happened(logs, 1, DIGEST, ago=0)).start()
    code, printed, _ = command.run("vercel-63", "dpl_new", "--follow")
    assert (code, len(printed)) == (0, 1)
