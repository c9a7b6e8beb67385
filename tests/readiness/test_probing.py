"""The probing beside the browser: what keeps it from waiting for ever, and from asking too early."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from postdeploy.model import Unproven
from postdeploy.readiness.cron import CronRecord, RouteRecord
from postdeploy.readiness.probing import _CRONS, DATABASE_UP, ReadinessProbes
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.system.obstacles import Need, Obstacles
from postdeploy.system.store import Store
from postdeploy.target.preflight import Target


@pytest.fixture
def probes(tmp_path: Path) -> ReadinessProbes:
    """In a run of which nothing else exists."""
    runbook = read_runbook()
    target = Target("http://127.0.0.1:9", runbook)
    subjects = {"cron_route": ("/a",), "endpoint": (), "open_endpoint": ()}
    return ReadinessProbes(
        runbook, read_environment(tmp_path / ".env", {}), target, Store(tmp_path), subjects, tmp_path
    )


def test_a_check_whose_probes_were_not_begun_proves_nothing(probes: ReadinessProbes) -> None:
    with pytest.raises(Unproven):
        probes.crons()


@pytest.mark.parametrize("ask", ["crons", "webhooks", "served", "inventory", "bundle"])
def test_a_check_of_another_part_does_not_wait_for_probes_that_nobody_sent(probes: ReadinessProbes, ask: str) -> None:
    probes.start(("login",))
    with pytest.raises(Unproven, match=r"no check of the part \w+ is in this run, .*: name this check in checks\."):
        getattr(probes, ask)()


def test_our_own_mistake_is_told_to_the_check_that_waits(probes: ReadinessProbes) -> None:
    probes._started = frozenset({"cron"})

    def mistake() -> CronRecord:
        raise ZeroDivisionError("our own")

    probes._publish(_CRONS, mistake)
    with pytest.raises(RuntimeError, match="ZeroDivisionError: our own"):
        probes.crons()


def test_what_one_process_found_out_the_others_read(probes: ReadinessProbes) -> None:
    found = CronRecord({"/a": RouteRecord(skipped="why")})
    probes._started = frozenset({"cron"})
    probes._publish(_CRONS, lambda: found)
    assert probes.crons() == found


def test_cron_routes_are_not_asked_where_the_database_is_not_up(probes: ReadinessProbes) -> None:
    Obstacles(probes.store).add(Need.INBOX, "the Master Inbox is down")
    probes.start(("cron",))
    assert "the Master Inbox is down" in (probes.crons().routes["/a"].skipped or "")


def test_cron_routes_wait_for_the_browser(probes: ReadinessProbes) -> None:
    waited = []
    thread = threading.Thread(target=lambda: waited.append(probes.database_down()))
    thread.start()
    time.sleep(0.2)
    assert thread.is_alive()
    probes.store.put(DATABASE_UP, True)
    thread.join(5)
    assert waited == [None]


def test_one_process_probes_for_all(probes: ReadinessProbes, tmp_path: Path) -> None:
    probes.store.put(DATABASE_UP, True)
    other = ReadinessProbes(
        probes.runbook, probes.environment, probes.target, Store(tmp_path), probes.subjects, tmp_path
    )
    probes.start(("cron",))
    other.start(("cron",))
    assert other._prober is None
    assert other.crons() == probes.crons()
