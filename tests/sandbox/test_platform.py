"""The platform's frame: tokens, team scope, the project and its deployments, refusals in Vercel's shape."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox.deployments import Deployment
from tests.sandbox.conftest import NEW, OLD, TEAM

if TYPE_CHECKING:
    from sandbox.deployments import Deployments
    from sandbox.logs import Logs


def test_the_token_says_who_asks(api: httpx.Client) -> None:
    user = api.get("/v2/user").json()["user"]
    assert (user["username"], user["defaultTeamId"]) == ("ada", TEAM.id)


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        pytest.param({"Authorization": ""}, "invalidToken", id="empty"),
        pytest.param({"Authorization": "Bearer another"}, "invalidToken", id="unknown"),
    ],
)
def test_a_bad_token_is_refused(api: httpx.Client, headers: dict[str, str], detail: str) -> None:
    answer = api.get("/v2/user", headers=headers)
    assert answer.status_code == 403
    assert answer.json() == {"error": {"code": "forbidden", "message": "Not authorized", detail: True}}


def test_a_missing_token_is_refused(api: httpx.Client) -> None:
    del api.headers["Authorization"]
    answer = api.get("/v9/projects/prj_1")
    assert answer.status_code == 403
    assert answer.json()["error"]["missingToken"] is True


def test_the_team_is_found_by_id_and_slug(api: httpx.Client) -> None:
    assert api.get("/teams/team_1").json() == api.get("/v2/teams/acme").json()
    assert api.get("/teams/team_2").status_code == 403


@pytest.mark.parametrize(
    ("scope", "status", "code"),
    [
        pytest.param({"teamId": "team_1"}, 200, None, id="by id"),
        pytest.param({"slug": "acme"}, 200, None, id="by slug"),
        pytest.param({"teamId": "team_2"}, 403, "forbidden", id="another team"),
        pytest.param({}, 404, "not_found", id="the user's own account owns nothing"),
    ],
)
def test_the_teams_things_are_found_in_its_scope(
    api: httpx.Client, scope: dict[str, str], status: int, code: str | None
) -> None:
    api.params = httpx.QueryParams(scope)
    for path in ("/v9/projects/inbox", "/v7/deployments", "/v13/deployments/dpl_new"):
        answer = api.get(path)
        assert answer.status_code == status
        assert answer.json().get("error", {}).get("code") == code


def test_the_project_names_its_production_deployment(api: httpx.Client) -> None:
    project = api.get("/v9/projects/prj_1").json()
    assert project["targets"]["production"]["id"] == "dpl_new"
    assert project == api.get("/v9/projects/inbox").json()
    assert api.get("/v9/projects/another").json() == {"error": {"code": "not_found", "message": "Project not found."}}


@pytest.mark.parametrize(
    ("name", "id"),
    [
        pytest.param("dpl_old", "dpl_old", id="id"),
        pytest.param("inbox-old.localhost:3000", "dpl_old", id="its own host"),
        pytest.param("localhost:3000", "dpl_new", id="the production domain"),
    ],
)
def test_a_deployment_is_found_by_anything_that_names_it(api: httpx.Client, name: str, id: str) -> None:  # noqa: A002
    assert api.get(f"/v13/deployments/{name}").json()["id"] == id


def test_an_unknown_deployment_is_not_found(api: httpx.Client) -> None:
    assert api.get("/v13/deployments/dpl_gone").json()["error"]["message"] == "Deployment not found."


def test_strangers_are_shown_less_of_a_deployment(api: httpx.Client) -> None:
    del api.headers["Authorization"]
    assert set(api.get("/v13/deployments/dpl_new").json()) == {
        "id",
        "alias",
        "aliasAssigned",
        "readyState",
        "target",
    }


@pytest.mark.parametrize("version", ["v6", "v7"])
def test_deployments_are_listed_newest_first(api: httpx.Client, version: str) -> None:
    answer = api.get(f"/{version}/deployments", params={"projectId": "prj_1", "target": "production"}).json()
    assert [each["uid"] for each in answer["deployments"]] == ["dpl_new", "dpl_old"]
    assert answer["pagination"]["next"] is None


def test_the_list_is_paged(api: httpx.Client) -> None:
    first = api.get("/v7/deployments", params={"limit": 1}).json()
    assert [each["uid"] for each in first["deployments"]] == ["dpl_new"]
    second = api.get("/v7/deployments", params={"limit": 1, "until": first["pagination"]["next"]}).json()
    assert [each["uid"] for each in second["deployments"]] == ["dpl_old"]
    assert second["pagination"]["next"] is None


def test_only_deployments_to_go_back_to_are_rollback_candidates(api: httpx.Client) -> None:
    answer = api.get("/v7/deployments", params={"rollbackCandidate": "true"}).json()
    assert [each["uid"] for each in answer["deployments"]] == ["dpl_old"]


def test_a_parameter_that_is_no_number_is_refused(api: httpx.Client) -> None:
    answer = api.get("/v7/deployments", params={"limit": "many"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_an_unknown_endpoint_is_refused_in_the_same_shape(api: httpx.Client) -> None:
    assert api.get("/v1/nothing").json()["error"]["code"] == "not_found"


def test_a_staged_build_is_promoted_two_days_later(api: httpx.Client, deployments: Deployments, logs: Logs) -> None:
    staged = Deployment("dpl_staged", "http://127.0.0.1:3", "inbox-staged", logs.clock.now)
    deployments.add(staged)
    [listed, *_] = api.get("/v7/deployments").json()["deployments"]
    assert (listed["readySubstate"], listed["aliasAssigned"], listed["isRollbackCandidate"]) == ("STAGED", False, False)
    logs.clock.advance(2 * 86_400)
    deployments.promote(staged)
    [listed, *_] = api.get("/v7/deployments").json()["deployments"]
    assert listed["readySubstate"] == "PROMOTED"
    assert listed["aliasAssigned"] - listed["created"] == pytest.approx(2 * 86_400_000, abs=1000)
    shown = api.get("/v13/deployments/localhost:3000").json()
    assert (shown["aliasAssigned"], shown["aliasAssignedAt"]) == (True, listed["aliasAssigned"])


def test_the_domain_says_since_when_it_leads_where(api: httpx.Client, deployments: Deployments, logs: Logs) -> None:
    before = api.get("/v4/aliases/localhost:3000").json()
    logs.clock.advance(600)
    deployments.promote(OLD)
    after = api.get("/v4/aliases/localhost:3000").json()
    assert (before["deploymentId"], after["deploymentId"]) == ("dpl_new", "dpl_old")
    assert after["updatedAt"] - before["updatedAt"] == pytest.approx(600_000, abs=1000)
    assert api.get("/v4/aliases/another.example").status_code == 404


def test_promoting_what_is_promoted_changes_nothing(deployments: Deployments, logs: Logs) -> None:
    before = deployments.assigned_at(NEW)
    logs.clock.advance(600)
    deployments.promote(NEW)
    assert deployments.assigned_at(NEW) == before


def test_answers_are_dated_by_the_platforms_clock(api: httpx.Client, logs: Logs) -> None:
    logs.clock.set(datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert api.get("/v2/user").headers["date"].startswith("Fri, 20 Nov 2026 12:00:0")
