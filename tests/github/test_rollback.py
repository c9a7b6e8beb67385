"""The jobs of docs/examples/rollback.yml in bash, from the request to the write: approved, refused, stale, automatic.

Vercel is a stand-in, and the deployment a small server.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from postdeploy.gate import earlier
from postdeploy.gate.event import Subject
from sandbox.alone import PROJECT as VERCEL_PROJECT
from sandbox.alone import TEAM, TOKEN, PlatformAlone, platform_alone
from tests.github.hub import Hub, hub
from tests.github.runner import PROJECT, Ended, Runner
from tests.site import RUNBOOK, SOMEBODY, site
from tests.suite.conftest import installed, wheel  # noqa: F401 - fixtures
from tests.suite.installed import Installed

pytestmark = pytest.mark.processes
WORKFLOW = PROJECT / "docs/examples/rollback.yml"
SENT = ["POST /v10/projects/prj_alone/promote/dpl_old"]


class Night:
    """dpl_new serves production and fails; dpl_old was live before."""

    def __init__(self, runner: Runner, platform: PlatformAlone) -> None:
        self.runner = runner
        self.platform = platform
        self.inputs: dict[str, Any] = {"failed": "dpl_new", "target": "", "starter": "person", "without-verdict": False}

    @property
    def hub(self) -> Hub:
        return self.runner.hub

    @property
    def writes(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.platform.platform.writes]

    def verified(self, *, ago: float = 60.0, **changes: Any) -> None:
        """The gate has verified dpl_new."""
        at = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=ago)).isoformat()
        document = {
            "schema": 1,
            "run_id": "a1",
            "stage": "smoke",
            "started": at,
            "finished": at,
            "complete": True,
            "decision": "FAIL",
            "recommendation": "roll-back",
            "will_help": "yes",
            "target": {"id": "dpl_old", "url": "", "known_by": "record", "says": "passed its verification"},
            "deployment": {"url": "https://app.example.com", "deployment_id": "dpl_new"},
        }
        files = {
            "verdict.json": json.dumps(document | changes).encode(),
            "gate.json": earlier.written(Subject(deployment="dpl_new"), "1"),
        }
        self.hub.begin("repository_dispatch")
        self.hub.upload("postdeploy-smoke-verdict", files, ago=ago)
        self.hub.begin("workflow_dispatch")

    def plan(self, **inputs: Any) -> Ended:
        self.inputs |= inputs
        ended = self.runner.job(WORKFLOW, "plan", inputs=self.inputs, needs={})
        assert ended
        return ended

    def act(self, planned: Ended) -> dict[str, Ended]:
        """The jobs that follow, whichever do."""
        jobs = {
            name: self.runner.job(WORKFLOW, name, inputs=self.inputs, needs={"plan": planned})
            for name in ("approved", "automatic")
        }
        return {name: ended for name, ended in jobs.items() if ended}


@pytest.fixture
def night(tmp_path: Path, installed: Installed) -> Iterator[Night]:  # noqa: F811
    with hub() as github, site(names={"A": "dpl_new", "B": "dpl_old"}) as served:
        port = int(served.url.rpartition(":")[2])
        with platform_alone(port=port) as platform:
            runner = Runner(
                tmp_path, github, installed, {"VERCEL_API_URL": platform.url, "PYTEST_ADDOPTS": "-k unauthenticated"}
            )
            runner.variables = {
                "SMOKE_BASE_URL": f"http://localhost:{port}",
                "VERCEL_PROJECT_ID": VERCEL_PROJECT.id,
                "VERCEL_TEAM_ID": TEAM.id,
            }
            runner.secrets = {**SOMEBODY, "VERCEL_TOKEN": TOKEN, "VERCEL_ROLLBACK_TOKEN": TOKEN}
            (runner.workspace / "runbook.toml").write_text(RUNBOOK.format(look=5), encoding="utf-8")

            def page_follows(step: str) -> None:
                if step == "act":
                    served.script = "B"

            runner.on_step = page_follows
            github.begin("workflow_dispatch")
            github.reviewers = {"production-rollback": 1}
            yield Night(runner, platform)


def test_what_a_reviewer_approves_is_done_once_and_proven(night: Night) -> None:
    night.verified()
    planned = night.plan()
    assert (planned.outcome, planned.outputs["mode"], night.writes) == ("success", "approval", []), planned.log
    assert "ROLLBACK: the plan" in planned.log
    acted = night.act(planned)
    assert list(acted) == ["approved"]
    assert night.writes == SENT, acted["approved"].log
    assert "MOVED" in acted["approved"].log
    assert "postdeploy-rollback" in [artifact["name"] for artifact in night.hub.artifacts]
    assert "collected " in acted["approved"].log, "the proof follows, which this server is too small for"


@pytest.mark.parametrize("reviewers", [{}, {"production-rollback": 0}])
def test_an_environment_without_reviewers_approves_nothing(night: Night, reviewers: dict[str, int]) -> None:
    night.verified()
    night.hub.reviewers = reviewers
    planned = night.plan()
    assert (planned.outcome, planned.outputs["mode"]) == ("success", "plan"), planned.log
    assert (night.act(planned), night.writes) == ({}, [])
    assert any("the environment requires no reviewer" in line for line in planned.annotations)


@pytest.mark.parametrize("target", ["--pin", "--base-url=https://other.example"])
def test_a_target_is_never_an_option_of_the_command(night: Night, target: str) -> None:
    night.verified()
    planned = night.plan(target=target)
    assert (planned.outcome, night.writes) == ("failure", []), planned.log
    assert target in planned.log


def test_a_stale_verdict_is_refused_unless_a_person_does_without(night: Night) -> None:
    night.verified(ago=31 * 60)
    refused = night.plan()
    assert (refused.outcome, refused.outputs["mode"], night.act(refused)) == ("failure", "refused", {})
    assert any("minutes old: verify it again" in line for line in refused.annotations)
    assert night.plan(**{"without-verdict": True}).outputs["mode"] == "approval"


def test_an_approval_that_comes_too_late_approves_nothing(night: Night) -> None:
    night.verified(ago=20 * 60)
    planned = night.plan()
    assert planned.outputs["mode"] == "approval"
    night.hub.artifacts.clear()
    night.verified(ago=31 * 60)
    acted = night.act(planned)
    assert (acted["approved"].outcome, night.writes) == ("failure", []), acted["approved"].log


def test_what_production_no_longer_serves_is_not_rolled_back_from(night: Night) -> None:
    night.verified()
    planned = night.plan()
    old = night.platform.deployments.find("dpl_old")
    assert old
    night.platform.deployments.promote(old)
    acted = night.act(planned)
    assert (acted["approved"].outcome, night.writes) == ("failure", [])
    assert any("does not serve dpl_new, but dpl_old" in line for line in acted["approved"].annotations)


def test_the_gate_rolls_back_automatically_once(night: Night) -> None:
    night.verified()
    night.runner.variables = {**night.runner.variables, "ROLLBACK_AUTOMATIC": "true"}
    planned = night.plan(starter="gate", target="dpl_old")
    assert planned.outputs["mode"] == "automatic", planned.log
    assert list(night.act(planned)) == ["automatic"]
    assert night.writes == SENT
    new = night.platform.deployments.find("dpl_new")
    assert new
    night.platform.deployments.promote(new)
    again = night.plan(starter="gate")
    assert again.outputs["mode"] == "approval"
    assert any("was rolled back from before" in line for line in again.annotations)


def test_nothing_but_the_target_that_was_compared_is_rolled_back_to_automatically(night: Night) -> None:
    night.verified()
    night.runner.variables = {**night.runner.variables, "ROLLBACK_AUTOMATIC": "true"}
    planned = night.plan(starter="gate", target="dpl_older")
    assert planned.outputs["mode"] == "approval", planned.log
    assert any("was on dpl_old, not on dpl_older" in line for line in planned.annotations)
    automatic = night.act(Ended(outputs={"mode": "automatic"}))["automatic"]
    assert (automatic.outcome, night.writes) == ("failure", []), automatic.log


def test_earlier_rollbacks_that_others_hide_forbid_an_automatic_one(night: Night) -> None:
    night.verified()
    night.runner.variables = {**night.runner.variables, "ROLLBACK_AUTOMATIC": "true"}
    for _ in range(1000):
        night.hub.upload("postdeploy-rollback", {}, fork=True)
    planned = night.plan(starter="gate", target="dpl_old")
    assert planned.outputs["mode"] == "approval", planned.log
    assert any("older ones were left out" in line for line in planned.annotations)


def test_the_gate_at_an_outage_is_refused(night: Night) -> None:
    night.verified(recommendation="hold")
    refused = night.plan(starter="gate")
    assert (refused.outcome, refused.outputs["mode"]) == ("failure", "refused")


def test_github_that_does_not_answer_permits_nothing(night: Night) -> None:
    night.verified()
    night.hub.refuses = "/environments/"
    refused = night.plan()
    assert (refused.outcome, refused.outputs["mode"], night.writes) == ("failure", "refused", [])
