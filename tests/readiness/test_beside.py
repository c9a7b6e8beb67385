"""The probing beside the browser: what keeps it from waiting for ever, and from asking too early."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from postdeploy.model import Unproven
from postdeploy.readiness.cron import CronRecord, RouteRecord
from postdeploy.readiness.probing import DATABASE, ReadinessProbes
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.system.store import Gate
from postdeploy.target.preflight import Target


@pytest.fixture
def beside(tmp_path: Path) -> ReadinessProbes:
    """In a run of which nothing else exists."""
    runbook = read_runbook()
    target = Target("http://127.0.0.1:9", runbook)
    subjects = {"cron_route": ("/a",), "endpoint": (), "open_endpoint": ()}
    return ReadinessProbes(runbook, read_environment(tmp_path / ".env", {}), target, Gate(tmp_path), subjects, tmp_path)


def test_a_check_whose_probes_were_not_begun_proves_nothing(beside: ReadinessProbes) -> None:
    with pytest.raises(Unproven):
        beside.crons()


def test_our_own_mistake_is_told_to_the_check_that_waits(beside: ReadinessProbes) -> None:
    beside.start(())

    def mistake() -> object:
        raise ZeroDivisionError("our own")

    beside._hand_in("cron", mistake)
    with pytest.raises(RuntimeError, match="ZeroDivisionError: our own"):
        beside.crons()


def test_what_one_process_found_out_the_others_read(beside: ReadinessProbes) -> None:
    found = CronRecord({"/a": RouteRecord(skipped="why")})
    beside.start(())
    beside._hand_in("cron", lambda: found)
    assert beside.crons() == found


def test_cron_routes_are_not_asked_where_the_database_is_not_up(beside: ReadinessProbes) -> None:
    beside.gate.close("inbox", "the Master Inbox is down")
    beside.start(("cron",))
    assert "the Master Inbox is down" in (beside.crons().routes["/a"].skipped or "")


def test_cron_routes_wait_for_the_browser(beside: ReadinessProbes) -> None:
    waited = []
    thread = threading.Thread(target=lambda: waited.append(beside.database_down()))
    thread.start()
    time.sleep(0.2)
    assert thread.is_alive()
    beside.gate.open(DATABASE)
    thread.join(5)
    assert waited == [None]


def test_one_process_probes_for_all(beside: ReadinessProbes, tmp_path: Path) -> None:
    beside.gate.open(DATABASE)
    other = ReadinessProbes(
        beside.runbook, beside.environment, beside.target, Gate(tmp_path), beside.subjects, tmp_path
    )
    beside.start(("cron",))
    other.start(("cron",))
    assert other._prober is None
    assert other.crons() == beside.crons()
