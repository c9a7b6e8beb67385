"""The action's own steps in bash: from what GitHub sends to the outputs, in a repository that has nothing of ours.

The deployment is a small server, so that a run takes two seconds.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

from postdeploy.cli import smoke
from postdeploy.cli.main import app
from sandbox.alone import PROJECT as VERCEL_PROJECT
from sandbox.alone import TEAM, TOKEN, platform_alone
from tests.gate.events import dispatched, status
from tests.github.hub import Hub, hub
from tests.github.runner import PROJECT, Ended, Runner
from tests.site import RUNBOOK, SOMEBODY, Site, let_in, site
from tests.suite.conftest import installed, wheel  # noqa: F401 - fixtures
from tests.suite.installed import Installed

pytestmark = pytest.mark.processes
ACTION = PROJECT / "action.yml"
STOPS = "import os, signal; os.kill(os.getppid(), {number}); signal.pause()"
_CHECKS = {"PYTEST_ADDOPTS": "-k 'unauthenticated or deployments'"}
"""What needs no browser."""


class Gate:
    """The action, with a site that it verifies and a chat that it tells."""

    def __init__(self, folder: Path, found: Installed, github: Hub, served: Site, chat: HTTPServer) -> None:
        self.runner = Runner(folder, github, found, _CHECKS)
        self.hub = github
        self.site = served
        self.told = chat
        chat.expect_request("/hook").respond_with_data("ok")
        (self.runner.workspace / "runbook.toml").write_text(RUNBOOK.format(look=5), encoding="utf-8")

    def run(self, event: str = "workflow_dispatch", payload: Any = None, *, ago: Any = 0.0, **inputs: str) -> Ended:
        self.runner.event, self.runner.payload = event, payload or {}
        self.hub.begin(event, ago=ago)
        given = {
            "url": self.site.url,
            "email": SOMEBODY["SMOKE_EMAIL"],
            "password": SOMEBODY["SMOKE_PASSWORD"],
            "notify-url": self.told.url_for("/hook"),
        }
        return self.runner.action(ACTION, **given | inputs)

    @property
    def messages(self) -> list[str]:
        return [json.loads(request.get_data())["postdeploy"]["decision"] for request, _ in self.told.log]

    @property
    def kept(self) -> list[str]:
        return [artifact["name"] for artifact in self.hub.artifacts]


@pytest.fixture
def gate(tmp_path: Path, installed: Installed, httpserver: HTTPServer) -> Iterator[Gate]:  # noqa: F811
    with hub() as github, site(names={"A": "dpl_new", "B": "dpl_a"}) as served:
        yield Gate(tmp_path, installed, github, served, httpserver)


def test_a_good_deployment_passes(gate: Gate) -> None:
    ended = gate.run()
    assert (ended.outcome, ended.outputs["decision"], ended.outputs["skipped"]) == ("success", "PASS", ""), ended.log
    assert ended.outputs["url"] == gate.site.url
    assert ended.outputs["report"].startswith(gate.hub.url)
    assert ended.outputs["logs"] == "false"
    assert ended.summary.startswith("**PASS of what was asked")
    assert gate.kept == ["postdeploy-1-1", "postdeploy-verdict"]
    assert gate.messages == ["PASS"]
    assert (gate.runner.workspace / "reports/junit.xml").exists()


def test_a_bad_one_fails_the_job_and_everything_is_kept(gate: Gate) -> None:
    gate.site.inbox = let_in
    ended = gate.run()
    assert (ended.outcome, ended.outputs["decision"]) == ("failure", "FAIL"), ended.log
    assert ended.outputs["run-id"]
    assert any(line.startswith("::error title=postdeploy::") for line in ended.annotations)
    assert len(ended.annotations) <= 10
    assert (gate.kept, gate.messages) == (["postdeploy-1-1", "postdeploy-verdict"], ["FAIL"])


def test_a_bad_one_that_is_only_observed_leaves_the_job_green(gate: Gate) -> None:
    gate.site.inbox = let_in
    ended = gate.run(enforce="false")
    assert (ended.outcome, ended.outputs["decision"]) == ("success", "FAIL"), ended.log
    assert ended.summary.startswith("### would have been FAIL\n")
    assert [line for line in ended.annotations if line.startswith("::error")] == []
    assert any(line.startswith("::warning title=would have been FAIL::") for line in ended.annotations)
    assert json.loads(gate.told.log[0][0].get_data())["postdeploy"]["observed"] is True


@pytest.mark.parametrize(("word", "outcome"), [("fail", "failure"), ("warn", "success")])
def test_nothing_proven_fails_the_job_or_warns(gate: Gate, word: str, outcome: str) -> None:
    gate.site.script = "!"
    ended = gate.run(**{"on-inconclusive": word})
    assert (ended.outcome, ended.outputs["decision"]) == (outcome, "INCONCLUSIVE"), ended.log
    assert gate.messages == ["INCONCLUSIVE"]


@pytest.mark.parametrize("enforce", ["true", "false"])
def test_a_mistake_of_the_repository_is_red_in_any_case(gate: Gate, enforce: str) -> None:
    (gate.runner.workspace / "runbook.toml").write_text("schema = 1\nlogin = 7\n", encoding="utf-8")
    ended = gate.run(enforce=enforce)
    assert (ended.outcome, ended.outputs["decision"]) == ("failure", "INCONCLUSIVE"), ended.log
    assert any("pytest ended with exit code 4" in line for line in ended.annotations)


def test_a_verdict_of_an_earlier_step_is_not_taken_for_this_runs(gate: Gate) -> None:
    assert gate.run().outputs["decision"] == "PASS"
    (gate.runner.workspace / "runbook.toml").write_text("nonsense", encoding="utf-8")
    ended = gate.run()
    assert (ended.outcome, ended.outputs["decision"]) == ("failure", "INCONCLUSIVE")


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("repository_dispatch", dispatched(environment="preview")),
        ("deployment_status", status(environment="Preview")),
        ("deployment_status", status("in_progress")),
    ],
)
def test_a_preview_is_no_run(gate: Gate, event: str, payload: Any) -> None:
    ended = gate.run(event, payload)
    assert (ended.outcome, ended.outputs["decision"]) == ("success", ""), ended.log
    assert ended.outputs["skipped"]
    assert (gate.kept, gate.messages, gate.site.looks) == ([], [], 0)
    assert any(line.startswith("::notice title=not verified::") for line in ended.annotations)


def test_several_events_about_one_deployment_are_one_run_and_one_message(gate: Gate) -> None:
    gate.site.inbox = let_in
    first = gate.run("repository_dispatch", dispatched())
    for event, payload in (
        ("repository_dispatch", dispatched("vercel.deployment.promoted")),
        ("deployment_status", status(at="2026-11-24T10:00:00Z")),
    ):
        again = gate.run(event, payload, ago=60)
        assert (again.outcome, again.outputs["decision"]) == ("failure", "FAIL"), again.log
        assert again.outputs["run-id"] == first.outputs["run-id"]
        assert again.outputs["skipped"] == "verified already"
    assert (gate.messages, gate.kept) == (["FAIL"], ["postdeploy-1-1", "postdeploy-verdict"])


def test_a_pass_of_another_deployment_than_the_events_proves_nothing(gate: Gate) -> None:
    gate.site.script = "B"
    early = gate.run("repository_dispatch", dispatched())
    assert (early.outcome, early.outputs["decision"], early.outputs["deployment"]) == (
        "failure",
        "INCONCLUSIVE",
        "dpl_a",
    ), early.log
    assert any("serves dpl_a, which passed" in line for line in early.annotations)
    gate.site.script = "A"
    promoted = gate.run("repository_dispatch", dispatched("vercel.deployment.promoted"), ago=60)
    assert (promoted.outputs["decision"], promoted.outputs["skipped"]) == ("PASS", ""), promoted.log


def test_a_verdict_on_another_address_answers_no_event(gate: Gate) -> None:
    gate.run("repository_dispatch", dispatched())
    other = gate.run("repository_dispatch", dispatched(), ago=60, url=gate.site.url.replace("localhost", "127.0.0.1"))
    assert other.outputs["skipped"] == "", other.log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_step_that_is_cancelled_ends_its_run_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    outputs = tmp_path / "outputs"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(smoke, "command", lambda *_: [sys.executable, "-c", f"{STOPS.format(number=int(number))}"])
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(outputs)}
    done = CliRunner().invoke(app, ["github", "verify", "https://app.example.com"], env=environ)
    assert done.exit_code == 2, done.output
    assert "decision=INCONCLUSIVE" in outputs.read_text(encoding="utf-8").splitlines()


def test_a_later_promotion_is_a_run_of_its_own(gate: Gate) -> None:
    gate.run("repository_dispatch", dispatched())
    gate.hub.artifacts[-1]["created_at"] = "2026-11-24T10:00:00Z"
    later = gate.run("repository_dispatch", dispatched("vercel.deployment.promoted"))
    assert (later.outputs["decision"], later.outputs["skipped"]) == ("PASS", "")
    assert gate.messages == ["PASS", "PASS"]


def test_a_person_who_runs_it_again_gets_a_run(gate: Gate) -> None:
    gate.run("repository_dispatch", dispatched())
    gate.runner.attempt = 2
    assert gate.run("repository_dispatch", dispatched(), ago=60).outputs["skipped"] == ""
    assert len(gate.messages) == 2


def test_without_permission_to_read_artifacts_it_verifies_all_the_same(gate: Gate) -> None:
    gate.hub.refuses = "/actions/"
    ended = gate.run("repository_dispatch", dispatched())
    assert (ended.outcome, ended.outputs["decision"]) == ("success", "PASS"), ended.log
    assert any("permissions: actions: read?" in line for line in ended.annotations)


def test_a_message_that_is_not_delivered_is_a_warning(gate: Gate) -> None:
    ended = gate.run(**{"notify-url": gate.told.url_for("/gone")})
    assert ended.outcome == "success"
    assert any("was not delivered: localhost answered 500" in line for line in ended.annotations)


def test_an_address_is_never_interpreted(gate: Gate) -> None:
    ended = gate.run(url="https://x.test/?a=$(touch made)&b='\"`touch made`$HOME ;touch made")
    assert ended.outcome == "failure"
    assert not (gate.runner.workspace / "made").exists()


def test_with_a_token_a_build_that_is_not_live_is_no_run(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(gate.site.url.rpartition(":")[2])
    with platform_alone(port=port) as platform:
        gate.runner.environ = {**_CHECKS, "VERCEL_API_URL": platform.url}
        token = {"token": TOKEN, "project": VERCEL_PROJECT.id, "team": TEAM.id, "url": f"http://localhost:{port}"}
        event = dispatched(id="dpl_old", url=f"http://inbox-old.localhost:{port}")
        ended = gate.run("repository_dispatch", event, **token)
        assert (ended.outcome, ended.outputs["decision"]) == ("success", ""), ended.log
        assert "does not serve dpl_old, but dpl_new" in ended.outputs["skipped"]
