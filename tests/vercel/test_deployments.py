"""The project and its rolling release: what is read of them, and that nothing unread is taken for an answer."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.vercel.deployments import Alias, PlatformDeployment, Switch, alias, find, previous, production, switched
from tests.vercel.asking import DOMAIN_PATH, client


def test_a_domain_leads_where_the_table_of_domains_says(httpserver: HTTPServer) -> None:
    httpserver.expect_request(DOMAIN_PATH).respond_with_json({"deploymentId": "dpl_2", "updatedAt": 90, "createdAt": 1})
    httpserver.expect_request("/v4/aliases/dpl.example.com").respond_with_data("{}", status=404)
    with client(httpserver) as vercel:
        assert alias(vercel, "app.example.com") == Alias("dpl_2", 90)
        assert alias(vercel, "dpl.example.com") is None


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        pytest.param(
            {
                "meta": {"githubCommitSha": "abc123", "githubCommitRef": "main", "githubCommitMessage": "Fix\n\nmore"},
                "creator": {"uid": "u", "username": "ada", "email": "ada@example.test"},
                "projectId": "prj_1",
                "team": {"id": "team_1", "slug": "acme"},
                "isRollbackCandidate": True,
            },
            ("abc123", "main", "Fix", "ada", "prj_1", "acme", True),
            id="from GitHub",
        ),
        pytest.param(
            {"meta": {"gitCommitSha": "abc123", "gitDirty": "1"}, "project": {"id": "prj_1"}},
            ("abc123", "", "", "", "prj_1", "", None),
            id="by the command line",
        ),
        pytest.param(
            {"gitSource": {"type": "github", "sha": "abc123", "ref": "main"}},
            ("abc123", "main", "", "", "", "", None),
            id="by its source",
        ),
        pytest.param(
            {"meta": {"githubCommitSha": 7}, "gitSource": "?", "creator": None},
            ("", "", "", "", "", "", None),
            id="in nonsense",
        ),
        pytest.param({"meta": [], "creator": []}, ("", "", "", "", "", "", None), id="in other shapes"),
    ],
)
def test_what_a_deployment_was_built_from_is_read_as_far_as_it_is_known(
    httpserver: HTTPServer, said: dict[str, object], facts: tuple[object, ...]
) -> None:
    httpserver.expect_request("/v13/deployments/dpl_2").respond_with_json({"id": "dpl_2"} | said)
    with client(httpserver) as vercel:
        found = find(vercel, "dpl_2")
    assert (
        found.commit,
        found.branch,
        found.message,
        found.creator,
        found.project,
        found.team,
        found.candidate,
    ) == facts


DEPLOYMENT = {
    "id": "dpl_2",
    "url": "inbox-2.vercel.app",
    "createdAt": 1_000,
    "readyState": "READY",
    "readySubstate": "PROMOTED",
    "target": "production",
    "aliasAssigned": True,
    "alias": ["app.example.com"],
    "team": {"id": "team_1"},
}


def test_a_deployment_is_read_from_every_shape(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v13/deployments/app.example.com").respond_with_json(DEPLOYMENT)
    page = {"deployments": [{"uid": "dpl_1", "created": 5, "state": "READY", "aliasAssigned": 7, "target": None}]}
    httpserver.expect_request("/v7/deployments").respond_with_json(page)
    with client(httpserver) as vercel:
        assert find(vercel, "app.example.com") == PlatformDeployment(
            "dpl_2",
            "inbox-2.vercel.app",
            1_000,
            "READY",
            "PROMOTED",
            "production",
            None,
            ("app.example.com",),
            "team_1",
        )
        assert list(production(vercel)) == [PlatformDeployment("dpl_1", "", 5, "READY", alias_assigned=7)]


def test_the_list_is_paged(httpserver: HTTPServer) -> None:
    first = {"deployments": [{"uid": "a"}], "pagination": {"next": 17}}
    query = {"projectId": "prj_1", "target": "production", "limit": "20", "teamId": "team_1"}
    httpserver.expect_request("/v7/deployments", query_string=query).respond_with_json(first)
    httpserver.expect_request("/v7/deployments", query_string=query | {"until": "17"}).respond_with_json(
        {"deployments": [{"uid": "b"}], "pagination": {"next": None}}
    )
    with client(httpserver) as vercel:
        assert [one.id for one in production(vercel)] == ["a", "b"]


@pytest.mark.parametrize(
    ("alias", "asked", "deployment", "switch"),
    [
        pytest.param({"deploymentId": "dpl_2", "updatedAt": 90}, None, {}, Switch(90, "alias"), id="the alias says it"),
        pytest.param(
            {"deploymentId": "dpl_2", "updatedAt": "1970-01-01T00:00:00.090Z"},
            None,
            {},
            Switch(90, "alias"),
            id="in ISO",
        ),
        pytest.param(
            None,
            {"toDeploymentId": "dpl_2", "jobStatus": "succeeded", "requestedAt": 80},
            {},
            Switch(80, "promotion"),
            id="the last promotion says it",
        ),
        pytest.param(
            {"deploymentId": "dpl_1", "updatedAt": 90},
            {"toDeploymentId": "dpl_1", "jobStatus": "succeeded", "requestedAt": 80},
            {"alias_assigned": 70},
            Switch(70, "assignment"),
            id="both are about another one",
        ),
        pytest.param(None, None, {"created_at": 60}, Switch(60, "creation"), id="only its creation is known"),
    ],
)
def test_production_traffic_was_switched_when_the_alias_moved(
    httpserver: HTTPServer,
    alias: dict[str, object] | None,
    asked: dict[str, object] | None,
    deployment: dict[str, int],
    switch: Switch,
) -> None:
    if alias:
        httpserver.expect_request("/v4/aliases/app.example.com").respond_with_json(alias)
    else:
        httpserver.expect_request("/v4/aliases/app.example.com").respond_with_data("{}", status=404)
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({"lastAliasRequest": asked})
    with client(httpserver) as vercel:
        assert switched(vercel, "app.example.com", PlatformDeployment("dpl_2", **deployment)) == switch  # type: ignore[arg-type]


def test_before_this_one_was_what_the_last_switch_left(httpserver: HTTPServer) -> None:
    """After a rollback the newest creation is the one that was rolled back from; here the current one is older."""
    asked = {"toDeploymentId": "dpl_1", "fromDeploymentId": "dpl_2", "jobStatus": "succeeded"}
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({"lastAliasRequest": asked})
    httpserver.expect_request("/v13/deployments/dpl_2").respond_with_json(DEPLOYMENT)
    with client(httpserver) as vercel:
        found = previous(vercel, PlatformDeployment("dpl_1"))
    assert found is not None
    assert found.id == "dpl_2"


def test_without_a_known_switch_it_is_the_newest_that_was_live(httpserver: HTTPServer) -> None:
    def one(name: str, created: int, substate: str = "PROMOTED", **more: object) -> dict[str, object]:
        return {"uid": name, "created": created, "state": "READY", "readySubstate": substate, **more}

    page = [one("now", 9), one("staged", 8, "STAGED"), one("gone", 7, deleted=1), one("older", 5), one("before", 6)]
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({"lastAliasRequest": None})
    httpserver.expect_request("/v7/deployments").respond_with_json({"deployments": page})
    with client(httpserver) as vercel:
        found = previous(vercel, PlatformDeployment("now"))
    assert found is not None
    assert found.id == "before"


def test_the_first_deployment_has_none_before_it(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({})
    httpserver.expect_request("/v7/deployments").respond_with_json({"deployments": []})
    with client(httpserver) as vercel:
        assert previous(vercel, PlatformDeployment("now")) is None
