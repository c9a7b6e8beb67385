"""Logs that prove nothing, windows that are still open, and how soon a failure ends the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.logs import Gap
from tests.faults.log_stories import Story
from tests.faults.measure import ROOT, Measured, run_suite, without_user

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]  # the slow ones are marked faults, too
P95 = 2.0
"""Seconds from the deciding error until FAIL is published."""


def watched(sandbox: Sandbox, tmp_path: Path, *options: str, **tables: dict[str, object]) -> Measured:
    """A run of the log's checks alone; `tables` are laid over the runbook."""
    lines = ["schema = 1"]
    for name, values in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    runbook = tmp_path / "runbook.toml"
    runbook.write_text("\n".join(lines) + "\n", encoding="utf-8")
    environment = sandbox.environment() | sandbox.platform_environment()
    return run_suite(sandbox.url, environment, tmp_path / "reports", f"--runbook={runbook}", *options, mark="watch")


def proven(measured: Measured) -> dict[str, Any]:
    """The log's report of a run that passed."""
    assert measured.exit_code == 0, measured.output
    log: dict[str, Any] = measured.verdict["log"]
    assert log["proof"]["proven"]
    return log


def unproven(measured: Measured) -> str:
    """Why a run proved nothing."""
    assert (measured.exit_code, measured.verdict["decision"]) == (10, "INCONCLUSIVE"), measured.output
    assert not measured.verdict["log"]["proof"]["proven"]
    return str(measured.verdict["summary"])


@contextmanager
def in_use(story: Story) -> Iterator[None]:
    """People act each second."""
    left = threading.Event()

    def act() -> None:
        while not left.wait(1):
            story.people.act(1)

    people = threading.Thread(target=act)
    people.start()
    try:
        yield
    finally:
        left.set()
        people.join()


@pytest.mark.faults
def test_rows_that_come_late_where_there_is_no_history(sandbox: Sandbox, tmp_path: Path) -> None:
    """The beginning of the window was not seen, which is allowed and shown; its end is waited for."""
    story = Story(sandbox, ago=20)
    story.deploy()
    story.now()
    story.offer(histories=frozenset())
    story.disturb(late=40.0)
    with in_use(story):
        log = proven(watched(sandbox, tmp_path, "--logs=vercel", "--watch=10s", threshold={"window": 10}))
    assert log["proof"]["latest"] >= 39
    assert "before the reading began" in log["proof"]["gaps"][0]
    assert log["window"]["seconds"] == pytest.approx(10, abs=1)


def test_too_late_a_beginning_where_there_is_no_history(sandbox: Sandbox, tmp_path: Path) -> None:
    story = Story(sandbox, ago=300)
    story.deploy()
    story.now()
    story.offer(histories=frozenset())
    assert "are missing" in unproven(watched(sandbox, tmp_path, "--logs=vercel", logs={"arrival": 3}))


def test_a_build_that_was_promoted_two_days_after_it_was_staged(sandbox: Sandbox, tmp_path: Path) -> None:
    """Its window is a fresh one: what was tried on it before counts for nothing."""
    story = Story(sandbox)
    sandbox.clock.offset = -2 * 24 * 3600.0
    sandbox.stage("redeploy")
    sandbox.clock.offset = -660.0
    sandbox.promote("redeploy")
    switched = sandbox.clock.milliseconds
    story.people = sandbox.traffic()
    story.people.act(30)
    story.now()
    log = proven(watched(sandbox, tmp_path, "--logs=vercel", "--watch=10m"))
    opened = time.mktime(time.strptime(log["window"]["opened"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    assert opened == pytest.approx(switched / 1000, abs=2)
    assert log["says"].startswith("window clean")


def test_a_log_in_which_nothing_of_ours_turns_up(sandbox: Sandbox, tmp_path: Path) -> None:
    """Whatever is lost, a platform that does not say so must not make the log look clean."""
    story = Story(sandbox)
    story.deploy()
    story.people_act(30)
    story.now()
    now = sandbox.clock.milliseconds
    story.disturb(gaps=(Gap(now - 3_600_000, now + 3_600_000, reported=False),))
    says = unproven(watched(sandbox, tmp_path, "--logs=vercel", "--watch=10m", logs={"arrival": 5}))
    assert "sentinels did not appear" in says


def test_another_deployments_log(sandbox: Sandbox, tmp_path: Path) -> None:
    story = Story(sandbox)
    sandbox.promote("redeploy")
    sandbox.logs.store.clear()
    sandbox.traffic().act(30)
    sandbox.logs.wait_until_quiet()
    export = tmp_path / "export.json"
    export.write_bytes(sandbox.export_logs("dashboard-json"))
    foreign = sandbox.current_deployment
    story.deploy()
    story.now()
    says = unproven(watched(sandbox, tmp_path, f"--logs={export}", logs={"arrival": 2}))
    assert foreign in says


def test_an_export_from_before_the_run(sandbox: Sandbox, tmp_path: Path) -> None:
    """It can't hold what this run has sent."""
    story = Story(sandbox)
    story.deploy()
    story.people_act(30)
    story.now()
    export = tmp_path / "export.csv"
    export.write_bytes(sandbox.export_logs("dashboard-csv"))
    assert "sentinels did not appear" in unproven(watched(sandbox, tmp_path, f"--logs={export}", logs={"arrival": 2}))


def test_a_token_that_the_platform_does_not_know(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.heal()
    environment = sandbox.environment() | sandbox.platform_environment() | {"VERCEL_TOKEN": "nobody"}
    measured = run_suite(sandbox.url, environment, tmp_path / "reports", "--logs=vercel", mark="watch")
    assert (measured.exit_code, measured.verdict["reason"]) == (10, "blocked"), measured.output
    assert "Check that VERCEL_TOKEN is valid" in measured.verdict["summary"]


def test_the_smoke_run_says_how_much_of_the_window_it_saw(sandbox: Sandbox, tmp_path: Path) -> None:
    story = Story(sandbox, ago=100)
    story.deploy()
    story.now()
    log = proven(watched(sandbox, tmp_path, "--logs=vercel"))
    assert log["says"].startswith("window open until")
    assert "1.8 of 10 minutes seen" in log["says"] or "1.7 of 10 minutes seen" in log["says"]


def test_what_failed_in_the_browser_stands_beside_what_the_server_logged(sandbox: Sandbox, tmp_path: Path) -> None:
    story = Story(sandbox, ago=60)
    story.deploy()
    story.now()
    sandbox.break_("action-throws")
    environment = sandbox.environment() | sandbox.platform_environment()
    options = ("--runbook=sandbox/runbook.toml", "--logs=vercel")
    measured = run_suite(sandbox.url, environment, tmp_path / "reports", *options)
    assert measured.exit_code == 1, measured.output
    evidence = [line for finding in measured.verdict["findings"] for line in finding["evidence"]]
    assert any(line.startswith("server    POST / 500 (same request id)") for line in evidence), evidence
    attached = list((tmp_path / "reports" / "allure-results").glob("*-result.json"))
    names = [one["name"] for file in attached for one in json.loads(file.read_text()).get("attachments", ())]
    assert "server log" in names
    assert measured.verdict["log"]["totals"]["own"] > 0


@pytest.mark.faults
def test_the_deciding_error_ends_the_run_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    took = sorted(_one_latency(sandbox, tmp_path / str(number)) for number in range(20))
    print(f"from the deciding error until FAIL is published: median {took[10]:.2f} s, p95 {took[18]:.2f} s, {took}")
    assert took[18] <= P95


def test_a_failure_ends_the_watch_before_the_window_closes(sandbox: Sandbox, tmp_path: Path) -> None:
    assert _one_latency(sandbox, tmp_path) <= 2 * P95


def _one_latency(sandbox: Sandbox, directory: Path) -> float:
    """Seconds from the row of the fourth unique error until a run that watches for ten minutes has published FAIL."""
    story = Story(sandbox, ago=30)
    story.deploy()
    story.now()
    sandbox.break_("action-throws-variously")
    people = sandbox.traffic()
    people.fail([1, 2, 3])
    directory.mkdir(exist_ok=True)
    environment = without_user(sandbox.environment() | sandbox.platform_environment())
    command = [sys.executable, "-m", "pytest", "-m", "watch", f"--base-url={sandbox.url}", f"--reports={directory}"]
    with subprocess.Popen(
        [*command, "--logs=vercel", "--watch=10m"],
        cwd=ROOT,
        env=os.environ | environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        watching = threading.Event()
        lines: list[str] = []

        def follow() -> None:
            for line in process.stdout or ():
                lines.append(line)
                if "3 unique Server Action errors" in line:
                    watching.set()

        reader = threading.Thread(target=follow)
        reader.start()
        try:
            assert watching.wait(60), "".join(lines)
            time.sleep(0.5)
            people.fail([4])
            while '"decision": "FAIL"' not in (directory / "verdict.json").read_text(encoding="utf-8"):
                assert process.poll() is None or process.returncode == 1, "".join(lines)
                time.sleep(0.02)
            published = time.time()
            code = process.wait(60)
        finally:
            process.kill()
            reader.join()
    written = max(row.at for row in sandbox.logs.truth if row.message) / 1000
    assert code == 1, "".join(lines)
    return published - written
