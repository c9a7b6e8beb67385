"""The action and the workflows on the real sandbox: from what GitHub sends to the outputs, in a repository that has nothing of ours.

Their steps run in bash (runner.py); the checks, their browser, the log and the comparison run are the real ones.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from sandbox import Sandbox
from tests.faults.test_deployment_matrix import MEASURED
from tests.faults.test_matrix import PARTS
from tests.gate.events import dispatched, status
from tests.github.hub import Hub, hub
from tests.github.runner import PROJECT, Ended, Runner
from tests.suite.conftest import installed, wheel  # noqa: F401 - fixtures
from tests.suite.installed import Installed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
GATE = PROJECT / ".github/workflows/post-deploy.yml"
ROLLBACK = PROJECT / "docs/examples/rollback.yml"
_QUICK = " ".join(f"--without={part}" for part in PARTS if part not in MEASURED and part != "logs")


class Repository:
    """An app's repository: its runbook.toml, its vercel.json, and what GitHub keeps for it."""

    def __init__(self, folder: Path, found: Installed, github: Hub, sandbox: Sandbox, chat: HTTPServer) -> None:
        self.sandbox = sandbox
        self.hub = github
        self.told = chat
        chat.expect_request("/hook").respond_with_data("ok")
        known = sandbox.platform_environment()
        environ = {
            "VERCEL_API_URL": known["VERCEL_API_URL"],
            "NODE_OPTIONS": sandbox.environment()["NODE_OPTIONS"],
            "PYTEST_ADDOPTS": _QUICK,
        }
        self.runner = Runner(folder, github, found, environ)
        self.runner.variables = {
            "SMOKE_BASE_URL": sandbox.url,
            "VERCEL_PROJECT_ID": known["VERCEL_PROJECT_ID"],
            "VERCEL_TEAM_ID": known["VERCEL_TEAM_ID"],
        }
        self.runner.secrets = {
            "SMOKE_EMAIL": sandbox.email,
            "SMOKE_PASSWORD": sandbox.password,
            "VERCEL_TOKEN": known["VERCEL_TOKEN"],
            "VERCEL_ROLLBACK_TOKEN": known["VERCEL_TOKEN"],
            "NOTIFY_URL": chat.url_for("/hook"),
        }
        runbook = (PROJECT / "sandbox/runbook.toml").read_text(encoding="utf-8")
        (self.runner.workspace / "runbook.toml").write_text(
            runbook.replace("sandbox/app/vercel.json", "vercel.json"), encoding="utf-8"
        )
        vercel = (PROJECT / "sandbox/app/vercel.json").read_bytes()
        (self.runner.workspace / "vercel.json").write_bytes(vercel)

    def check_everything(self) -> None:
        """Not only what is quick."""
        self.runner.environ = {name: value for name, value in self.runner.environ.items() if name != "PYTEST_ADDOPTS"}

    def event(self, kind: str = "vercel.deployment.success", **changes: str) -> tuple[str, dict[str, Any]]:
        """What GitHub sends about the live deployment."""
        live = self.sandbox.current_deployment
        about = {"id": live, "url": self.sandbox.url_of(live), "project": self.runner.variables["VERCEL_PROJECT_ID"]}
        return "repository_dispatch", dispatched(kind, **about | changes)

    def verified(
        self,
        event: tuple[str, Mapping[str, Any]],
        inputs: Mapping[str, Any] | None = None,
        *,
        smoke: Ended | None = None,
    ) -> Ended:
        """The job `smoke` of the gate after an event, or `window` after that job."""
        self.runner.event, self.runner.payload = event
        if smoke is None:
            self.hub.begin(event[0])
        given = {
            "url": self.sandbox.url,
            "runbook": "",
            "project": self.runner.variables["VERCEL_PROJECT_ID"],
            "team": self.runner.variables["VERCEL_TEAM_ID"],
            "watch": "10m",
            "enforce": True,
            "on-inconclusive": "fail",
            **(inputs or {}),
        }
        needs: dict[str, Ended] = {"smoke": smoke} if smoke else {}
        ended = self.runner.job(GATE, "window" if smoke else "smoke", inputs=given, needs=needs)
        assert ended
        return ended

    def rolled_back(self, failed: str, **inputs: Any) -> dict[str, Ended]:
        """The jobs of rollback.yml that ran."""
        self.runner.event, self.runner.payload = "workflow_dispatch", {}
        self.hub.begin("workflow_dispatch")
        given = {"failed": failed, "target": "", "starter": "person", "without-verdict": False} | inputs
        jobs: dict[str, Ended] = {}
        for name in ("plan", "approved", "automatic"):
            ended = self.runner.job(ROLLBACK, name, inputs=given, needs=dict(jobs))
            jobs |= {name: ended} if ended else {}
        return jobs

    def verdict(self) -> dict[str, Any]:
        """The last one."""
        found: dict[str, Any] = json.loads((self.runner.workspace / "reports/verdict.json").read_bytes())
        return found

    def verdict_ages(self, minutes: float) -> None:
        """Let it be older than it is, where GitHub keeps it."""
        kept = self.verdict()
        at = dt.datetime.fromisoformat(kept["finished"]) - dt.timedelta(minutes=minutes)
        file = self.runner.workspace / "reports/verdict.json"
        file.write_text(json.dumps(kept | {"finished": at.isoformat()}), encoding="utf-8")
        gate = self.runner.workspace / "reports/gate.json"
        self.hub.upload("postdeploy-smoke-verdict", {one.name: one.read_bytes() for one in (file, gate)})

    @property
    def messages(self) -> list[str]:
        """The decisions that the chat was told."""
        return [json.loads(request.get_data())["postdeploy"]["decision"] for request, _ in self.told.log]


@pytest.fixture
def repository(
    sandbox: Sandbox,
    tmp_path: Path,
    installed: Installed,  # noqa: F811
    httpserver: HTTPServer,
) -> Iterator[Repository]:
    sandbox.platform.writes.clear()
    with hub() as github:
        github.reviewers = {"production-rollback": 1}
        yield Repository(tmp_path, installed, github, sandbox, httpserver)


@pytest.mark.faults
def test_a_good_deployment_passes_at_once_and_when_its_window_is_over(repository: Repository) -> None:
    repository.check_everything()
    repository.sandbox.advance(660)
    smoke = repository.verified(repository.event())
    assert (smoke.outcome, smoke.outputs["decision"], smoke.outputs["logs"]) == ("success", "PASS", "true"), smoke.log
    assert smoke.outputs["deployment"] == repository.sandbox.current_deployment
    window = repository.verified(repository.event(), smoke=smoke)
    assert (window.outcome, window.outputs["decision"]) == ("success", "PASS"), window.log
    assert repository.verdict()["stage"] == "window"
    assert repository.messages == ["PASS", "PASS"]


@pytest.mark.sandbox
def test_a_bad_one_fails_the_job_and_its_other_events_are_no_run(repository: Repository) -> None:
    repository.sandbox.deploy("good", "client-crash")
    failed = repository.verified(repository.event())
    assert (failed.outcome, failed.outputs["decision"]) == ("failure", "FAIL"), failed.log
    assert failed.outputs["recommendation"] == "roll-back"
    assert failed.outputs["deployment"] == repository.sandbox.current_deployment
    assert failed.outputs["last-good"].startswith("dpl_")
    assert any(line.startswith("::error title=postdeploy::") for line in failed.annotations)
    live = repository.sandbox.url_of(repository.sandbox.current_deployment)
    for event in (repository.event("vercel.deployment.promoted"), ("deployment_status", status(url=live))):
        again = repository.verified(event)
        assert again.outputs["skipped"] == "verified already", again.log
        assert (again.outcome, again.outputs["decision"]) == ("failure", "FAIL")
    assert repository.messages == ["FAIL"]


@pytest.mark.faults
def test_a_bad_one_that_is_only_observed_leaves_the_job_green(repository: Repository) -> None:
    repository.sandbox.break_("action-throws")
    ended = repository.verified(repository.event(), {"enforce": False})
    assert (ended.outcome, ended.outputs["decision"]) == ("success", "FAIL"), ended.log
    assert ended.summary.startswith("### would have been FAIL\n")


@pytest.mark.faults
@pytest.mark.parametrize(("word", "outcome"), [("fail", "failure"), ("warn", "success")])
def test_a_wrong_password_proves_nothing(repository: Repository, word: str, outcome: str) -> None:
    repository.sandbox.break_("wrong-password")
    ended = repository.verified(repository.event(), {"on-inconclusive": word})
    assert (ended.outcome, ended.outputs["decision"]) == (outcome, "INCONCLUSIVE"), ended.log
    assert repository.messages == ["INCONCLUSIVE"]


@pytest.mark.sandbox
def test_previews_other_projects_and_builds_that_are_not_live_are_no_run(repository: Repository) -> None:
    staged = repository.sandbox.deploy("good", "client-crash", staged=True)
    before = repository.sandbox.sign_ins
    for event in (
        repository.event(environment="preview"),
        repository.event(project="prj_of_another_app"),
        ("deployment_status", status(url=repository.sandbox.url_of(staged))),
    ):
        ended = repository.verified(event)
        assert (ended.outcome, ended.outputs["decision"]) == ("success", ""), ended.log
        assert ended.outputs["skipped"]
    assert (repository.messages, repository.sandbox.sign_ins) == ([], before)


@pytest.mark.faults
def test_during_a_rolling_release_the_verdict_says_whom_it_is_about(repository: Repository) -> None:
    stable = repository.sandbox.current_deployment
    repository.sandbox.advance(60)
    canary = repository.sandbox.deploy("good", staged=True)
    repository.sandbox.roll(canary)
    ended = repository.verified(repository.event(id=canary, url=repository.sandbox.url_of(canary)))
    assert (ended.outcome, ended.outputs["decision"]) == ("success", "PASS"), ended.log
    assert ended.outputs["deployment"] in (stable, canary)
    assert "of a rolling release: " in ended.log
    assert "rolling release" in ended.summary


@pytest.mark.faults
def test_what_a_reviewer_approves_is_done_once_and_proven(repository: Repository) -> None:
    good = repository.sandbox.current_deployment
    assert repository.verified(repository.event()).outputs["decision"] == "PASS"
    repository.sandbox.advance(60)
    bad = repository.sandbox.deploy("good", "client-crash")
    failed = repository.verified(repository.event())
    assert (failed.outputs["last-good"], failed.outputs["expected-to-help"]) == (good, "yes"), failed.log
    jobs = repository.rolled_back(bad, starter="gate", target=failed.outputs["last-good"])
    assert list(jobs) == ["plan", "approved"], jobs["plan"].log
    assert jobs["approved"].outcome == "success", jobs["approved"].log
    assert repository.sandbox.current_deployment == good
    project = repository.runner.variables["VERCEL_PROJECT_ID"]
    written = [write.path for write in repository.sandbox.platform.writes]
    assert written == [f"/v10/projects/{project}/promote/{good}"]
    assert repository.verdict()["recovery"]["state"] == "inbox", "the log is not waited for here"


@pytest.mark.faults
def test_a_rollback_is_refused_without_a_fresh_verdict_and_when_production_has_moved_on(repository: Repository) -> None:
    bad = repository.sandbox.deploy("good", "client-crash")
    unknown = repository.rolled_back(bad)
    assert repository.verified(repository.event()).outputs["decision"] == "FAIL"
    repository.verdict_ages(minutes=31)
    stale = repository.rolled_back(bad)
    repository.verdict_ages(minutes=-31)
    repository.sandbox.advance(60)
    repository.sandbox.deploy("good")
    moved = repository.rolled_back(bad)
    for refused, why in ((unknown, "no verdict"), (stale, "verify it again"), (moved, "does not serve")):
        assert (list(refused), refused["plan"].outputs["mode"]) == (["plan"], "refused"), refused["plan"].log
        assert any(why in line for line in refused["plan"].annotations), refused["plan"].annotations
    assert repository.sandbox.platform.writes == []
