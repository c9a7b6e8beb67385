"""Deployments and acts, judged by the official command in both generations, and what it says that is not so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.deployments import Commit, Deployment
from sandbox.platform import Acts
from tests.sandbox.conftest import NOON, OLD

if TYPE_CHECKING:
    import httpx

    from sandbox.deployments import Deployments
    from sandbox.logs import Logs
    from sandbox.platform import Platform
    from tests.sandbox.official import Command

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]

both = pytest.mark.parametrize("generation", ["vercel", "vercel-63"])


def serving(api: httpx.Client) -> str:
    id_: str = api.get("/v4/aliases/localhost:3000").json()["deploymentId"]
    return id_


@both
def test_it_lists_what_is_in_production(vercel: Command, generation: str, deployments: Deployments) -> None:
    deployments.add(replace(OLD, commit=Commit("0123abc", message="Mend the inbox")))
    deployments.add(Deployment("dpl_preview", "http://127.0.0.1:3", "inbox-preview", NOON, target=None))
    said = vercel.run(generation, "list", "--environment", "production", "--limit", "5")
    assert (said.code, said.printed.split()) == (
        0,
        ["https://inbox-new.localhost:3000", "https://inbox-old.localhost:3000"],
    )
    listed: dict[str, Any] = json.loads(vercel.run(generation, "list", "--json").printed)
    assert {each["id"]: each["target"] for each in listed["deployments"]} == {
        "dpl_new": "production",
        "dpl_old": "production",
        "dpl_preview": None,
    }
    [old] = [each for each in listed["deployments"] if each["id"] == "dpl_old"]
    assert old["meta"]["githubCommitMessage"] == "Mend the inbox"


@both
def test_it_inspects(vercel: Command, generation: str, deployments: Deployments) -> None:
    deployments.add(Deployment("dpl_broken", "http://127.0.0.1:3", "inbox-broken", NOON, state="ERROR"))
    said = vercel.run(generation, "inspect", "dpl_old", "--json")
    assert (said.code, json.loads(said.printed)["readyState"]) == (0, "READY")
    assert vercel.run(generation, "inspect", "dpl_broken").code == 1
    assert vercel.run(generation, "inspect", "dpl_nowhere").code == 1


@both
def test_it_promotes_and_rolls_back(vercel: Command, generation: str, api: httpx.Client, platform: Platform) -> None:
    said = vercel.run(generation, "promote", "dpl_old", "--yes")
    assert (said.code, "was promoted to inbox-old" in said.told, serving(api)) == (0, True, "dpl_old")
    assert vercel.run(generation, "promote", "status").code == 0
    said = vercel.run(generation, "rollback", "dpl_new")
    assert (said.code, "was rolled back to inbox-new" in said.told, serving(api)) == (0, True, "dpl_new")
    assert vercel.run(generation, "rollback", "status").code == 0
    assert [write.path for write in platform.writes] == [
        "/v10/projects/prj_1/promote/dpl_old",
        "/v9/projects/prj_1/rollback/dpl_new",
    ]
    assert api.get("/v9/projects/prj_1").json()["autoAssignCustomDomains"] is False


@both
def test_it_takes_current_already_for_an_error(vercel: Command, generation: str) -> None:
    said = vercel.run(generation, "promote", "dpl_new", "--yes")
    assert (said.code, "already the current production deployment" in said.told) == (1, True)


@both
def test_it_takes_a_rollback_for_a_promotion(vercel: Command, generation: str, api: httpx.Client) -> None:
    api.post("/v9/projects/prj_1/rollback/dpl_old")
    said = vercel.run(generation, "promote", "status")
    assert (said.code, "was promoted to inbox-old" in said.told) == (0, True)


@both
def test_it_says_success_although_nothing_moved(
    vercel: Command, generation: str, api: httpx.Client, platform: Platform
) -> None:
    platform.acts = Acts(moves="silently not")
    said = vercel.run(generation, "promote", "dpl_old", "--yes")
    assert (said.code, "Success!" in said.told, serving(api)) == (0, True, "dpl_new")


@both
def test_it_says_success_of_another_ones_act(
    vercel: Command, generation: str, api: httpx.Client, platform: Platform, deployments: Deployments
) -> None:
    deployments.deploy(Deployment("dpl_newer", "http://127.0.0.1:3", "inbox-newer", NOON))
    platform.promotions.before_move = lambda: api.post("/v10/projects/prj_1/promote/dpl_new")
    said = vercel.run(generation, "promote", "dpl_old", "--yes")
    assert (said.code, "Success!" in said.told, serving(api)) == (0, True, "dpl_new")


@both
def test_it_names_the_domains_that_were_left_behind(vercel: Command, generation: str, platform: Platform) -> None:
    platform.acts = Acts(moves="half")
    said = vercel.run(generation, "promote", "dpl_old", "--yes")
    assert (said.code, "failed       localhost:3000 (dpl_old)" in said.told) == (1, True)


@both
def test_it_gives_up_on_a_job_that_stays_pending(vercel: Command, generation: str, platform: Platform) -> None:
    platform.acts = Acts(moves="stuck")
    said = vercel.run(generation, "promote", "dpl_old", "--yes", "--timeout", "1s")
    assert (said.code, "exceeded its deadline" in said.told) == (1, True)


@both
def test_it_forgets_a_job_after_three_minutes(
    vercel: Command, generation: str, api: httpx.Client, platform: Platform, logs: Logs
) -> None:
    logs.clock.advance(-600)
    platform.acts = Acts(moves="stuck")
    api.post("/v10/projects/prj_1/promote/dpl_old")
    said = vercel.run(generation, "promote", "status")
    assert (said.code, "No deployment promotion in progress" in said.told) == (0, True)


@both
def test_it_rolls_back_twice_where_the_answer_cannot_be_read(
    vercel: Command, generation: str, api: httpx.Client, platform: Platform
) -> None:
    platform.acts = Acts(answer="unreadable")
    said = vercel.run(generation, "rollback", "dpl_old")
    assert (said.code, serving(api)) == (1, "dpl_old")
    assert len(platform.writes) == 2


@both
def test_it_builds_a_preview_again_instead_of_promoting_it(
    vercel: Command, generation: str, api: httpx.Client, platform: Platform, deployments: Deployments
) -> None:
    deployments.add(Deployment("dpl_preview", "http://127.0.0.1:3", "inbox-preview", NOON, target=None))
    said = vercel.run(generation, "promote", "dpl_preview", "--yes")
    assert (said.code, "Successfully created new deployment" in said.told) == (0, True)
    assert (platform.rebuilds, serving(api)) == (1, "dpl_new")


@both
def test_hobby_goes_one_deployment_back(
    vercel: Command, generation: str, platform: Platform, deployments: Deployments
) -> None:
    deployments.deploy(Deployment("dpl_newer", "http://127.0.0.1:3", "inbox-newer", NOON))
    platform.acts = Acts(plan="hobby")
    said = vercel.run(generation, "rollback", "dpl_old")
    assert (said.code, "(402)" in said.told) == (1, True)


@both
def test_it_sees_a_rolling_release_and_queues_behind_it(
    vercel: Command, generation: str, api: httpx.Client, deployments: Deployments
) -> None:
    deployments.roll(Deployment("dpl_canary", "http://127.0.0.1:3", "inbox-canary", NOON))
    said = vercel.run(generation, "rolling-release", "fetch")
    assert (said.code, '"state": "ACTIVE"' in said.told, "dpl_canary" in said.told) == (0, True, True)
    said = vercel.run(generation, "promote", "dpl_old", "--yes")
    assert (said.code, "has been queued" in said.told, serving(api)) == (0, True, "dpl_new")
    approved = vercel.run(generation, "rolling-release", "approve", "--dpl", "dpl_canary", "--currentStageIndex", "0")
    assert (approved.code, deployments.rolling and deployments.rolling.percentage) == (0, 50)
    assert vercel.run(generation, "rolling-release", "abort", "--dpl", "dpl_new").code == 0
    assert (deployments.rolling and deployments.rolling.state, serving(api)) == ("ABORTED", "dpl_new")


@both
def test_it_names_the_variables(vercel: Command, generation: str, platform: Platform) -> None:
    platform.environment.fill({"CRON_SECRET": "a secret value"}, 1_767_225_600_000)
    said = vercel.run(generation, "env", "ls", "production")
    assert (said.code, "CRON_SECRET" in said.printed + said.told) == (0, True)
    assert "a secret value" not in said.printed + said.told
