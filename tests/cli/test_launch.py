"""`postdeploy launch`: what it refuses, what its children get, and where it stops before a deploy."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from postdeploy.cli import launch_processes, launch_steps
from postdeploy.cli.launch_processes import ACTING, Processes
from postdeploy.cli.launch_steps import LaunchSteps
from postdeploy.launch import checklist, course
from postdeploy.launch.steps import LaunchEnding, LaunchPlan, StepName, StepResult, StepState
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import exclusive
from sandbox.alone import PlatformAlone
from tests.cli.commands import address, ran, writes

COMMIT = "--commit=abc1234"


def launch(platform: PlatformAlone, *options: str, **environ: str) -> tuple[int, str]:
    return ran(platform, "launch", f"--base-url={address(platform)}", *options, **environ)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param((), "which deployment is launched?", id="neither"),
        pytest.param((COMMIT, "--deployment=dpl_new"), "which deployment is launched?", id="both"),
        pytest.param(("--commit=abc",), "too short", id="a commit that could be many"),
        pytest.param((COMMIT, "--watch=long"), "is not a duration", id="a watch without end"),
        pytest.param(("--resume",), "there is no launch in reports", id="nothing to resume"),
        pytest.param((COMMIT, "--on-fail=guess"), "Invalid value", id="an unknown way"),
    ],
)
def test_what_is_unclear_is_a_usage_error(platform: PlatformAlone, options: tuple[str, ...], says: str) -> None:
    code, output = launch(platform, *options)
    assert (code, says in output) == (4, True), output
    assert writes(platform) == []


def test_without_a_token_it_cannot_know_what_is_live(platform: PlatformAlone) -> None:
    code, output = launch(platform, COMMIT, VERCEL_TOKEN="")
    assert (code, "set VERCEL_TOKEN" in output) == (4, True), output


def test_a_second_launch_in_the_same_folder_waits_for_the_first(platform: PlatformAlone) -> None:
    Path("reports").mkdir()
    lock = exclusive.hold(Path("reports/launch.lock"), "process 1")
    try:
        code, output = launch(platform, COMMIT)
    finally:
        exclusive.release(lock)
    assert (code, "another launch keeps its checklist in reports (process 1)" in output) == (10, True)


@pytest.mark.processes
def test_a_kill_switch_that_is_off_stops_it_before_the_deploy(platform: PlatformAlone) -> None:
    code, output = launch(platform, COMMIT, "--without=environment")
    found = checklist.read(Path("reports"))
    assert (code, found.ending, found.before) == (10, LaunchEnding.STOPPED, "dpl_new"), output
    assert "not 1 in Production" in found.step(StepName.KILL_SWITCH).result.says
    assert "postdeploy launch --resume" in output
    platform.platform.environment.fill({"AUTO_SEND_REVISION_DISABLED": "1"}, platform.clock.milliseconds)
    code, output = ran(platform, "launch", "--resume")
    again = checklist.read(Path("reports"))
    assert again.step(StepName.KILL_SWITCH).state == "done", output
    assert (again.step(StepName.PREREQUISITES).attempts, len(again.gaps)) == (1, 1)


@pytest.mark.processes
def test_a_rolling_release_stops_it_at_once(platform: PlatformAlone) -> None:
    old = platform.deployments.find("dpl_old")
    assert old is not None
    platform.deployments.roll(old)
    code, _ = launch(platform, COMMIT)
    [step] = [one for one in checklist.read(Path("reports")).steps if one.started]
    assert (code, "a rolling release of dpl_old" in step.result.says) == (10, True)


def test_an_api_that_does_not_answer_for_a_while_is_outlived(
    platform: PlatformAlone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch_steps, "_LOOK", 0.01)
    noted: list[str] = []

    def note(result: StepResult) -> None:
        noted.append(result.says)
        monkeypatch.setattr(steps, "_environment", read_environment(Path(".env"), platform.environment()))

    gone = platform.environment() | {"VERCEL_API_URL": "http://127.0.0.1:1"}
    environment = read_environment(Path(".env"), gone)
    steps = LaunchSteps(read_runbook(), environment, Path("reports"), Processes({}, lambda: None), note)
    asked = course.begin(LaunchPlan(url=address(platform), deployment="dpl_new"), "2026-11-30T10:00:00+00:00")
    found = steps.carry_out(asked, StepName.DEPLOY)
    assert (found.state, found.deployment) == (StepState.DONE, "dpl_new")
    assert noted[0].startswith("production can't be read: ")


@pytest.mark.processes
def test_only_the_rollback_gets_the_token_that_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_processes, "_PROGRAM", f"import os, sys; sys.exit('{ACTING}' in os.environ)")
    processes = Processes(os.environ | {ACTING: "a token"}, lambda: None)
    assert [processes.run("smoke"), processes.read("deployments")[0]] == [0, 0]
    assert processes.run("rollback", acting=True) == 1


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_one_to_the_child_which_ends_as_it_wants(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    waits = "import signal, sys\nfor each in (1, 2, 15): signal.signal(each, lambda n, _: sys.exit(40 + n))\n"
    monkeypatch.setattr(launch_processes, "_PROGRAM", waits + "while True: signal.pause()")
    processes = Processes(os.environ, lambda: None)
    timer = threading.Timer(1.0, os.kill, (os.getpid(), number))
    timer.start()
    with processes.signals_passed_on():
        code = processes.run("watch")
    assert (code, processes.stopped) == (40 + number, True)


@pytest.mark.processes
def test_without_a_child_a_signal_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = Processes(os.environ, lambda: None)
    with pytest.raises(KeyboardInterrupt), processes.signals_passed_on():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.processes
def test_the_checklist_is_readable_json(platform: PlatformAlone) -> None:
    launch(platform, COMMIT, "--without=environment")
    document = json.loads(Path("reports/launch.json").read_text(encoding="utf-8"))
    assert (document["schema"], document["plan"]["commit"]) == (1, "abc1234")
    assert platform.environment()["VERCEL_TOKEN"] not in Path("reports/launch.json").read_text(encoding="utf-8")


def test_a_launch_under_nohup_outlives_its_terminal() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with launch_processes.Processes({}, lambda: None).signals_passed_on():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
