"""A launch from its first step to its last, on the sandbox: whatever comes in between, its checklist is true."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from postdeploy.launch.steps import LaunchEnding, StepName
from sandbox import Sandbox
from tests.faults.launches import ACTING, Launcher

pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.timeout(1200)]
PASSED = {
    "prerequisites": "done",
    "environment": "done",
    "kill switch": "done",
    "baseline": "done",
    "deploy": "done",
    "smoke": "done",
}
ROLLBACK = "--on-fail=rollback"


@pytest.fixture
def launcher(sandbox: Sandbox, tmp_path: Path) -> Launcher:
    """The good deployment has been live for a while."""
    sandbox.deploy("good")
    sandbox.clock.advance(60)
    sandbox.platform.writes.clear()
    return Launcher(sandbox, tmp_path)


def commit_of(sandbox: Sandbox, deployment: str) -> str:
    found = sandbox.platform.deployments.find(deployment)
    assert found is not None
    assert found.commit is not None
    return found.commit.sha


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=600)
    return process.returncode, output


def test_a_healthy_deployment_is_launched(launcher: Launcher) -> None:
    staged = launcher.sandbox.deploy("good", staged=True)
    with launcher.begun(*launcher.asked(f"--commit={commit_of(launcher.sandbox, staged)}")) as process:
        launcher.until(StepName.DEPLOY, process, lambda: "staged" in launcher.launch.step(StepName.DEPLOY).result.says)
        launcher.sandbox.promote(staged)
        code, output = ended(process)
    assert code == 0, output
    assert launcher.states == PASSED | {"watch": "done"}, output
    assert (launcher.launch.ending, launcher.launch.deployment) == (LaunchEnding.LAUNCHED, staged)
    assert launcher.acts == []


def test_a_broken_deploy_is_rolled_back_and_the_rollback_is_proven(launcher: Launcher) -> None:
    good = launcher.sandbox.current_deployment
    token = launcher.sandbox.platform_environment()["VERCEL_TOKEN"]
    staged = launcher.sandbox.deploy("good", "client-crash", staged=True)
    with launcher.begun(*launcher.asked(f"--deployment={staged}", ROLLBACK), **{ACTING: token}) as process:
        launcher.until(StepName.DEPLOY, process)
        launcher.sandbox.promote(staged)
        code, output = ended(process)
    assert (code, launcher.launch.ending) == (1, LaunchEnding.RECOVERED), output
    assert launcher.states == PASSED | {"smoke": "failed", "rollback": "done", "recovery": "done"}
    assert (launcher.sandbox.current_deployment, launcher.acts) == (good, [f"POST {good}"])
    assert "production has recovered" in (launcher.reports / "launch.md").read_text(encoding="utf-8")


@pytest.mark.faults
def test_by_default_the_rollback_is_only_shown(launcher: Launcher) -> None:
    good = launcher.sandbox.current_deployment
    staged = launcher.sandbox.deploy("good", "client-crash", staged=True)
    with launcher.begun(*launcher.asked(f"--deployment={staged}")) as process:
        launcher.until(StepName.DEPLOY, process)
        launcher.sandbox.promote(staged)
        code, output = ended(process)
    assert (code, launcher.launch.ending, launcher.acts) == (1, LaunchEnding.FAILED, []), output
    assert f"postdeploy rollback {good} --base-url={launcher.sandbox.url} --yes" in output
    assert launcher.sandbox.current_deployment == staged


@pytest.mark.faults
def test_interrupted_twice_it_goes_on_where_it_was(launcher: Launcher) -> None:
    staged = launcher.sandbox.deploy("good", staged=True)
    with launcher.begun(*launcher.asked(f"--deployment={staged}", watch="40s")) as process:
        launcher.until(StepName.DEPLOY, process)
        process.send_signal(signal.SIGINT)
        code, output = ended(process)
    assert (code, launcher.states["deploy"]) == (2, "interrupted"), output
    launcher.sandbox.promote(staged)
    with launcher.begun("--resume") as process:
        launcher.until(StepName.WATCH, process)
        process.kill()  # without a word
        process.communicate()
    with launcher.begun("--resume") as process:
        _, refused = ended(process)
    assert "a run still writes to" in refused or launcher.launch.ending is LaunchEnding.LAUNCHED, refused
    if launcher.launch.ending is not LaunchEnding.LAUNCHED:
        launcher.wait_for_the_run()
        with launcher.begun("--resume") as process:
            code, output = ended(process)
    assert launcher.launch.ending is LaunchEnding.LAUNCHED, output
    assert [gap.step for gap in launcher.launch.gaps][:2] == [StepName.DEPLOY, StepName.WATCH]
    assert launcher.launch.step(StepName.SMOKE).attempts == 1


@pytest.mark.faults
def test_another_deployment_first_stops_it_and_it_can_go_on(launcher: Launcher) -> None:
    staged = launcher.sandbox.deploy("good", staged=True)
    with launcher.begun(*launcher.asked(f"--deployment={staged}")) as process:
        launcher.until(StepName.DEPLOY, process)
        other = launcher.sandbox.deploy("good")
        code, output = ended(process)
    assert (code, launcher.launch.ending) == (10, LaunchEnding.STOPPED), output
    assert f"--deployment={other}" in launcher.launch.step(StepName.DEPLOY).result.who
    with launcher.begun("--resume") as process:
        launcher.until(StepName.DEPLOY, process, lambda: launcher.launch.step(StepName.DEPLOY).attempts == 2)
        launcher.sandbox.promote(staged)
        code, output = ended(process)
    assert (code, launcher.launch.before) == (0, other), output


@pytest.mark.faults
def test_a_deployment_that_is_superseded_ends_it(launcher: Launcher) -> None:
    staged = launcher.sandbox.deploy("good", staged=True)
    with launcher.begun(*launcher.asked(f"--deployment={staged}", watch="120s")) as process:
        launcher.until(StepName.DEPLOY, process)
        launcher.sandbox.promote(staged)
        launcher.until(StepName.WATCH, process)
        other = launcher.sandbox.deploy("good")
        code, output = ended(process)
    assert (code, launcher.launch.ending, launcher.states["watch"]) == (10, LaunchEnding.SUPERSEDED, "superseded"), (
        output
    )
    assert other in launcher.launch.step(StepName.WATCH).result.says


@pytest.mark.faults
def test_a_launch_goes_on_to_the_canary_where_it_is_asked_to(launcher: Launcher) -> None:
    worker = launcher.sandbox.revision()
    worker.prepare()
    staged = launcher.sandbox.deploy("good", staged=True)
    metrics = {"CANARY_DATABASE_URL": worker.database.url}
    with launcher.begun(*launcher.asked(f"--deployment={staged}", "--canary=before"), **metrics) as process:
        launcher.until(StepName.DEPLOY, process)
        launcher.sandbox.promote(staged)
        code, output = ended(process)
    assert code == 0, output
    assert launcher.states == PASSED | {"watch": "done", "canary": "done"}, output
    assert launcher.launch.ending is LaunchEnding.LAUNCHED


@pytest.mark.faults
def test_a_canary_that_cannot_be_judged_stops_the_launch_and_moves_nothing(launcher: Launcher) -> None:
    """The kill switch is still on: nothing is revised, and that proves nothing."""
    staged = launcher.sandbox.deploy("good", staged=True)
    with launcher.begun(*launcher.asked(f"--deployment={staged}", "--canary=running", ROLLBACK)) as process:
        launcher.until(StepName.DEPLOY, process)
        launcher.sandbox.promote(staged)
        code, output = ended(process)
    assert (code, launcher.launch.ending, launcher.acts) == (10, LaunchEnding.STOPPED, []), output
    assert "the kill switch AUTO_SEND_REVISION_DISABLED is on" in launcher.launch.step(StepName.CANARY).result.says
    assert launcher.sandbox.current_deployment == staged
