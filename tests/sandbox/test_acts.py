"""Promote and rollback: what the platform accepts, what moves, what is left of it, and how it can go wrong."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.deployments import Commit, Deployment
from sandbox.platform import Acts
from tests.sandbox.conftest import NEW, NOON, OLD
from tests.sandbox.wire import NO_TLS

if TYPE_CHECKING:
    from sandbox.deployments import Deployments
    from sandbox.logs import Logs
    from sandbox.platform import Platform

OLDER = Deployment("dpl_older", "http://127.0.0.1:3", "inbox-older", NOON - timedelta(hours=1))
STAGED = Deployment("dpl_staged", "http://127.0.0.1:4", "inbox-staged", NOON + timedelta(hours=2))
PREVIEW = Deployment("dpl_preview", "http://127.0.0.1:5", "inbox-preview", NOON, target=None)
NEWER = Deployment("dpl_newer", "http://127.0.0.1:6", "inbox-newer", NOON + timedelta(hours=3))


def promote(api: httpx.Client, id_: str) -> httpx.Response:
    return api.post(f"/v10/projects/prj_1/promote/{id_}", json={})


def rollback(api: httpx.Client, id_: str, **query: str) -> httpx.Response:
    return api.post(f"/v1/projects/prj_1/rollback/{id_}", params=api.params.merge(query))


def project(api: httpx.Client) -> dict[str, Any]:
    shown: dict[str, Any] = api.get("/v9/projects/prj_1", params=api.params.merge({"rollbackInfo": "true"})).json()
    return shown


def serving(api: httpx.Client) -> str:
    id_: str = api.get("/v13/deployments/localhost:3000").json()["id"]
    return id_


def job(api: httpx.Client) -> tuple[str, str, str]:
    shown = project(api)["lastAliasRequest"]
    return shown["type"], shown["toDeploymentId"], shown["jobStatus"]


@pytest.mark.parametrize("version", ["v1", "v9"])
def test_a_rollback_moves_the_domain_and_pins_it(api: httpx.Client, version: str) -> None:
    answer = api.post(f"/{version}/projects/prj_1/rollback/dpl_old", json={})
    assert (answer.status_code, answer.content) == (201, b"")
    assert "json" not in answer.headers.get("content-type", "")
    assert serving(api) == "dpl_old"
    assert job(api) == ("rollback", "dpl_old", "succeeded")
    shown = project(api)
    assert (shown["autoAssignCustomDomains"], shown["lastRollbackTarget"]) == (False, None)
    assert shown["targets"]["production"]["id"] == "dpl_old"


def test_a_rollback_keeps_what_it_is_described_by(api: httpx.Client) -> None:
    rollback(api, "dpl_old", description="the inbox is broken")
    assert project(api)["rollbackDescription"]["description"] == "the inbox is broken"
    promote(api, "dpl_new")
    assert project(api)["rollbackDescription"] is None


def test_a_description_is_short(api: httpx.Client) -> None:
    assert rollback(api, "dpl_old", description="x" * 251).status_code == 400
    assert serving(api) == "dpl_new"


def test_any_promotion_switches_automatic_assignment_on(api: httpx.Client, deployments: Deployments) -> None:
    deployments.auto_assign = False
    assert promote(api, "dpl_old").status_code == 201
    assert project(api)["autoAssignCustomDomains"] is True
    assert job(api) == ("promote", "dpl_old", "succeeded")


def test_a_deliberate_setting_can_be_put_back(api: httpx.Client) -> None:
    promote(api, "dpl_old")
    answer = api.patch("/v9/projects/prj_1", json={"autoAssignCustomDomains": False})
    assert (answer.status_code, answer.json()["autoAssignCustomDomains"]) == (200, False)
    assert project(api)["autoAssignCustomDomains"] is False


@pytest.mark.parametrize(("behaviour", "status"), [("refused", 403), ("ignored", 200)])
def test_a_setting_may_not_be_kept(api: httpx.Client, platform: Platform, behaviour: str, status: int) -> None:
    platform.acts = Acts(settings=behaviour)  # type: ignore[arg-type]
    answer = api.patch("/v9/projects/prj_1", json={"autoAssignCustomDomains": False})
    assert answer.status_code == status
    assert project(api)["autoAssignCustomDomains"] is True


def test_a_new_build_is_live_at_once_unless_something_is_pinned(api: httpx.Client, deployments: Deployments) -> None:
    deployments.deploy(NEWER)
    assert serving(api) == "dpl_newer"
    rollback(api, "dpl_new")
    deployments.deploy(STAGED)
    assert serving(api) == "dpl_new"
    assert api.get("/v13/deployments/dpl_staged").json()["readySubstate"] == "STAGED"
    assert promote(api, "dpl_staged").status_code == 201
    assert serving(api) == "dpl_staged"


@pytest.mark.parametrize(
    ("id_", "kind", "status"),
    [
        pytest.param("dpl_new", "promote", 409, id="promoted already"),
        pytest.param("dpl_new", "rollback", 409, id="current already"),
        pytest.param("dpl_nowhere", "promote", 404, id="unknown"),
        pytest.param("inbox-old.localhost:3000", "promote", 404, id="a host is no id"),
        pytest.param("dpl_erased", "promote", 404, id="deleted by somebody"),
        pytest.param("dpl_retained", "rollback", 410, id="deleted by retention"),
        pytest.param("dpl_preview", "promote", 422, id="a preview"),
        pytest.param("dpl_broken", "promote", 422, id="the build failed"),
        pytest.param("dpl_building", "promote", 422, id="still building"),
        pytest.param("dpl_staged", "rollback", 422, id="never live, so nothing to go back to"),
    ],
)
def test_what_cannot_serve_is_refused(
    api: httpx.Client, deployments: Deployments, id_: str, kind: str, status: int
) -> None:
    deployments.deploy(PREVIEW)
    deployments.add(STAGED)
    deployments.add(replace(STAGED, id="dpl_broken", label="inbox-broken", state="ERROR"))
    deployments.add(replace(STAGED, id="dpl_building", label="inbox-building", state="BUILDING"))
    deployments.delete(replace(OLDER, id="dpl_erased", label="inbox-erased"), "by hand")
    deployments.delete(OLDER, "by retention")
    deployments.delete(replace(OLDER, id="dpl_retained", label="inbox-retained"), "by retention")
    answer = promote(api, id_) if kind == "promote" else rollback(api, id_)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert serving(api) == "dpl_new"
    assert project(api)["lastAliasRequest"] is None


def test_what_is_deleted_is_not_found(api: httpx.Client, deployments: Deployments) -> None:
    deployments.delete(OLD, "by retention")
    assert api.get("/v13/deployments/dpl_old").status_code == 404
    listed = {each["uid"]: each for each in api.get("/v7/deployments").json()["deployments"]}
    assert listed["dpl_old"]["deleted"]
    deployments.delete(OLD, "by hand")
    assert [each["uid"] for each in api.get("/v7/deployments").json()["deployments"]] == ["dpl_new"]


def test_deployments_of_every_kind_are_listed(api: httpx.Client, deployments: Deployments) -> None:
    commit = Commit("0123456789abcdef", "main", "Mend the inbox")
    deployments.add(replace(STAGED, commit=commit))
    deployments.add(PREVIEW)
    deployments.add(replace(NEWER, state="ERROR"))
    listed = {each["uid"]: each for each in api.get("/v7/deployments").json()["deployments"]}
    assert (listed["dpl_staged"]["readySubstate"], listed["dpl_staged"]["aliasAssigned"]) == ("STAGED", False)
    assert listed["dpl_staged"]["meta"]["githubCommitMessage"] == "Mend the inbox"
    assert listed["dpl_staged"]["creator"]["username"] == "ada"
    assert listed["dpl_preview"]["target"] is None
    assert listed["dpl_newer"]["state"] == "ERROR"
    assert "readySubstate" not in listed["dpl_newer"]
    production = api.get("/v7/deployments", params=api.params.merge({"target": "production", "state": "READY"})).json()
    assert [each["uid"] for each in production["deployments"]] == ["dpl_staged", "dpl_new", "dpl_old"]


@pytest.mark.parametrize(("target", "status"), [("dpl_new", 201), ("dpl_old", 402)])
def test_on_hobby_a_rollback_goes_one_deployment_back(
    api: httpx.Client, platform: Platform, deployments: Deployments, target: str, status: int
) -> None:
    platform.acts = Acts(plan="hobby")
    deployments.deploy(NEWER)
    assert rollback(api, target).status_code == status
    assert promote(api, "dpl_old").status_code == 201


def test_domains_may_move_late(api: httpx.Client, platform: Platform, logs: Logs) -> None:
    platform.acts = Acts(moves="late", after=10)
    assert rollback(api, "dpl_old").status_code == 201
    assert (serving(api), job(api)[2], project(api)["lastRollbackTarget"]) == ("dpl_new", "pending", {"id": "dpl_old"})
    logs.clock.advance(6)
    assert (serving(api), job(api)[2]) == ("dpl_new", "in-progress")
    assert project(api)["autoAssignCustomDomains"] is True
    logs.clock.advance(5)
    assert (serving(api), job(api)[2], project(api)["lastRollbackTarget"]) == ("dpl_old", "succeeded", None)
    assert project(api)["autoAssignCustomDomains"] is False


def test_one_rollback_at_a_time(api: httpx.Client, platform: Platform, deployments: Deployments) -> None:
    deployments.deploy(NEWER)
    platform.acts = Acts(moves="late", after=10)
    assert rollback(api, "dpl_new").status_code == 201
    assert rollback(api, "dpl_old").status_code == 409


def test_nothing_may_move_although_the_job_says_so(api: httpx.Client, platform: Platform) -> None:
    platform.acts = Acts(moves="silently not")
    assert promote(api, "dpl_old").status_code == 201
    assert job(api) == ("promote", "dpl_old", "succeeded")
    assert project(api)["targets"]["production"]["id"] == "dpl_old"
    assert serving(api) == "dpl_new"
    assert api.get("/v4/aliases/localhost:3000").json()["deploymentId"] == "dpl_new"


def test_a_job_may_stay_pending(api: httpx.Client, platform: Platform, logs: Logs) -> None:
    platform.acts = Acts(moves="stuck")
    promote(api, "dpl_old")
    logs.clock.advance(3600)
    assert (serving(api), job(api)[2]) == ("dpl_new", "pending")


@pytest.mark.parametrize(
    ("left_behind", "first", "custom"), [("first", "dpl_new", "dpl_old"), ("custom", "dpl_old", "dpl_new")]
)
def test_the_platform_may_fail_in_the_middle(
    api: httpx.Client, platform: Platform, left_behind: str, first: str, custom: str
) -> None:
    platform.acts = Acts(moves="half", left_behind=left_behind)  # type: ignore[arg-type]
    assert promote(api, "dpl_old").status_code == 201
    assert job(api)[2] == "failed"
    domains = ("localhost:3000", "app.localhost:3000")
    assert [api.get(f"/v4/aliases/{each}").json()["deploymentId"] for each in domains] == [first, custom]
    [failed] = api.get("/v1/projects/prj_1/promote/aliases", params={"failedOnly": "true"}).json()["aliases"]
    assert failed["status"] == "failed"
    assert failed["alias"] == domains[left_behind == "custom"]
    [[of_nine], of_all] = (
        api.get("/v9/projects/prj_1/rollback/aliases", params=api.params.merge(query)).json()["aliases"]
        for query in ({"failedOnly": "true"}, {})
    )
    assert of_nine["alias"] == {"alias": failed["alias"], "deploymentId": "dpl_old"}
    assert {each["status"] for each in of_all} == {"completed", "failed"}


@pytest.mark.parametrize(
    ("answer", "status", "moved"),
    [
        ("unreadable", 201, True),
        ("failed after", 500, True),
        ("failed before", 500, False),
        ("rate limited", 429, False),
        ("unauthorized", 401, False),
        ("forbidden", 403, False),
    ],
)
def test_an_answer_says_little_about_what_happened(
    api: httpx.Client, platform: Platform, answer: str, status: int, moved: bool
) -> None:
    platform.acts = Acts(answer=answer, times=1, retry_after=7)  # type: ignore[arg-type]
    answered = promote(api, "dpl_old")
    assert answered.status_code == status
    assert answered.headers.get("retry-after") == ("7" if status == 429 else None)
    assert serving(api) == ("dpl_old" if moved else "dpl_new")
    assert promote(api, "dpl_old").status_code == (409 if moved else 201)


@pytest.mark.parametrize(("answer", "moved"), [("silent after", True), ("silent before", False)])
def test_there_may_be_no_answer(api: httpx.Client, platform: Platform, answer: str, moved: bool) -> None:
    platform.acts = Acts(answer=answer)  # type: ignore[arg-type]
    with pytest.raises(httpx.ReadTimeout):
        api.post("/v10/projects/prj_1/promote/dpl_old", timeout=0.3)
    assert serving(api) == ("dpl_old" if moved else "dpl_new")


def test_the_state_may_be_unreadable_after_an_act(api: httpx.Client, platform: Platform) -> None:
    platform.acts = Acts(unreadable_states=2)
    assert serving(api) == "dpl_new"
    promote(api, "dpl_old")
    answers = [api.get("/v13/deployments/localhost:3000").status_code for _ in range(3)]
    assert answers == [500, 500, 200]


def test_a_push_lands_while_an_act_is_under_way(
    api: httpx.Client, platform: Platform, deployments: Deployments
) -> None:
    platform.promotions.before_move = lambda: deployments.deploy(NEWER)
    assert rollback(api, "dpl_old").status_code == 201
    assert (serving(api), job(api)) == ("dpl_newer", ("rollback", "dpl_old", "skipped"))
    assert project(api)["autoAssignCustomDomains"] is True


def test_a_push_lands_just_after_the_domains_moved(
    api: httpx.Client, platform: Platform, deployments: Deployments
) -> None:
    platform.promotions.after_move = lambda: deployments.promote(NEWER)
    assert rollback(api, "dpl_old").status_code == 201
    assert (serving(api), job(api)) == ("dpl_newer", ("rollback", "dpl_old", "succeeded"))


def test_two_people_act_at_once(api: httpx.Client, platform: Platform, deployments: Deployments) -> None:
    deployments.deploy(NEWER)
    others: list[int] = []
    platform.promotions.before_move = lambda: others.append(promote(api, "dpl_old").status_code)
    with httpx.Client(base_url=api.base_url, headers=api.headers, params=api.params, verify=NO_TLS) as mine:
        assert promote(mine, "dpl_new").status_code == 201
    assert others == [201]
    assert (serving(api), job(api)) == ("dpl_old", ("promote", "dpl_old", "succeeded"))


def test_a_hook_runs_once_and_not_in_the_way_of_others(api: httpx.Client, platform: Platform) -> None:
    threads: list[threading.Thread] = []
    platform.promotions.before_move = lambda: threads.append(threading.current_thread())
    promote(api, "dpl_old")
    promote(api, "dpl_new")
    [thread] = threads
    assert thread.name != "sandbox services"


def test_every_write_is_remembered(api: httpx.Client, platform: Platform) -> None:
    platform.acts = Acts(answer="failed before")
    project(api)
    promote(api, "dpl_old")
    api.patch("/v9/projects/prj_1", json={"autoAssignCustomDomains": False})
    assert [(each.method, each.path) for each in platform.writes] == [
        ("POST", "/v10/projects/prj_1/promote/dpl_old"),
        ("PATCH", "/v9/projects/prj_1"),
    ]
    assert platform.writes[1].body == '{"autoAssignCustomDomains":false}'
    assert platform.rebuilds == 0


def test_promoting_by_a_new_deployment_builds_again(api: httpx.Client, platform: Platform) -> None:
    body = {"deploymentId": "dpl_old", "name": "inbox", "target": "production", "meta": {"action": "promote"}}
    answer = api.post("/v13/deployments", json=body).json()
    assert platform.rebuilds == 1
    assert answer["readyState"] == "BUILDING"
    assert answer["id"] != "dpl_old"
    assert serving(api) == "dpl_new"


def test_acting_takes_the_same_token_and_scope_as_looking(api: httpx.Client) -> None:
    assert api.post("/v10/projects/prj_1/promote/dpl_old", headers={"Authorization": "Bearer no"}).status_code == 403
    assert api.post("/v10/projects/prj_1/promote/dpl_old", params={"teamId": "team_2"}).status_code == 403
    assert api.post("/v10/projects/another/promote/dpl_old").status_code == 404
    assert serving(api) == "dpl_new"


def rolling(api: httpx.Client) -> dict[str, Any]:
    shown: dict[str, Any] = api.get("/v1/projects/prj_1/rolling-release").json()["rollingRelease"]
    return shown


def test_there_is_no_rolling_release(api: httpx.Client) -> None:
    assert api.get("/v1/projects/prj_1/rolling-release").json() == {"rollingRelease": None}


def test_a_rolling_release_goes_from_stage_to_stage(api: httpx.Client, deployments: Deployments) -> None:
    deployments.add(STAGED)
    api.post("/v1/projects/prj_1/rolling-release/start", json={"canaryDeploymentId": "dpl_staged"})
    shown = rolling(api)
    assert (shown["state"], shown["currentDeployment"]["id"], shown["canaryDeployment"]["id"]) == (
        "ACTIVE",
        "dpl_new",
        "dpl_staged",
    )
    assert (shown["activeStage"]["targetPercentage"], shown["nextStage"]["targetPercentage"]) == (10, 50)
    assert api.get("/v13/deployments/dpl_staged").json()["readySubstate"] == "ROLLING"
    assert serving(api) == "dpl_new"
    on = {"canaryDeploymentId": "dpl_staged", "activeStageIndex": 0, "nextStageIndex": 1}
    api.post("/v1/projects/prj_1/rolling-release/approve-stage", json=on)
    assert rolling(api)["activeStage"]["targetPercentage"] == 50
    assert api.post("/v1/projects/prj_1/rolling-release/approve-stage", json=on).status_code == 400
    api.post("/v1/projects/prj_1/rolling-release/complete", json={"canaryDeploymentId": "dpl_staged"})
    assert (rolling(api)["state"], rolling(api)["activeStage"], serving(api)) == ("COMPLETE", None, "dpl_staged")
    assert api.post("/v1/projects/prj_1/rolling-release/complete", json=on).status_code == 409


def test_a_promotion_waits_for_the_end_of_a_rolling_release(api: httpx.Client, deployments: Deployments) -> None:
    deployments.roll(STAGED)
    answer = promote(api, "dpl_old")
    assert answer.status_code == 202
    assert (serving(api), rolling(api)["queuedDeploymentId"]) == ("dpl_new", "dpl_old")
    assert project(api)["lastAliasRequest"] is None
    deployments.complete()
    assert serving(api) == "dpl_old"


@pytest.mark.parametrize("named", ["dpl_staged", "dpl_new"])
def test_a_rollback_ends_a_rolling_release(api: httpx.Client, deployments: Deployments, named: str) -> None:
    deployments.roll(STAGED)
    assert rollback(api, named).status_code == 201
    assert (rolling(api)["state"], serving(api)) == ("ABORTED", "dpl_new")
    assert project(api)["autoAssignCustomDomains"] is False


def test_the_previous_deployment_is_the_one_that_was_live_before(deployments: Deployments) -> None:
    assert deployments.previous == OLD
    deployments.promote(OLD)
    assert deployments.previous == NEW
