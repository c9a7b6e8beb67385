"""What changes production: sent once, whatever comes of it, and never at an unfit target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import ProjectState
from postdeploy.vercel.promotions import How, Unfit, failed_aliases, promote, refuse_unfit, roll_back, set_auto_assign
from postdeploy.vercel.rolling import RollingRelease
from postdeploy.vercel.writes import WriteOutcome
from tests.vercel.asking import Server, writer

GOOD = PlatformDeployment("dpl_1", "inbox-1.vercel.app", 1, "READY", "PROMOTED", "production", project="prj_1")
PROJECT = ProjectState("prj_1", auto_assign=True)
ROLLING = RollingRelease("ACTIVE", "dpl_1", "dpl_2", 10)


def test_a_promotion_is_one_post_that_builds_nothing(answers: Callable[..., Server]) -> None:
    server = answers(201, "{}")
    with writer(server.url) as vercel:
        assert promote(vercel, GOOD, PROJECT, None).outcome is WriteOutcome.ACCEPTED
    [request] = server.got
    assert server.lines == ["POST /v10/projects/prj_1/promote/dpl_1"]
    assert (request.get_json(), request.args["teamId"]) == ({}, "team_1")
    assert request.headers["authorization"] == "Bearer the-token"


def test_an_instant_rollback_says_why(answers: Callable[..., Server]) -> None:
    server = answers(201)
    with writer(server.url) as vercel:
        assert roll_back(vercel, GOOD, PROJECT, None, "x" * 300).outcome is WriteOutcome.ACCEPTED
    assert server.lines == ["POST /v1/projects/prj_1/rollback/dpl_1"]
    assert server.got[0].args["description"] == "x" * 250


def test_the_assignment_of_domains_is_one_field_of_the_project(answers: Callable[..., Server]) -> None:
    server = answers(200, "{}")
    with writer(server.url) as vercel:
        assert set_auto_assign(vercel, False).outcome is WriteOutcome.ACCEPTED
    assert server.lines == ["PATCH /v9/projects/prj_1"]
    assert server.got[0].get_json() == {"autoAssignCustomDomains": False}


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize(
    ("target", "why"),
    [
        pytest.param(replace(GOOD, target=""), "a preview", id="a preview"),
        pytest.param(replace(GOOD, target="staging"), "built for staging", id="another environment's"),
        pytest.param(replace(GOOD, state="ERROR"), "ERROR", id="not ready"),
        pytest.param(replace(GOOD, state="BUILDING"), "BUILDING", id="still building"),
        pytest.param(replace(GOOD, state=""), "an unknown state", id="of no state"),
        pytest.param(replace(GOOD, deleted=True), "deleted", id="deleted"),
        pytest.param(replace(GOOD, state="DELETED"), "deleted", id="deleted, by its state"),
        pytest.param(replace(GOOD, project="prj_2"), "another project", id="another project's"),
        pytest.param(PlatformDeployment("inbox-1.vercel.app"), "not a deployment id", id="an address"),
        pytest.param(PlatformDeployment(""), "not a deployment id", id="nothing"),
    ],
)
def test_an_unfit_target_is_refused_before_anything_is_sent(
    answers: Callable[..., Server], how: How, target: PlatformDeployment, why: str
) -> None:
    server = answers(201)
    act = promote if how is How.PROMOTE else roll_back
    with writer(server.url) as vercel, pytest.raises(Unfit, match=why) as refused:
        act(vercel, target, PROJECT, None)
    assert refused.value.cure
    assert server.got == []


def test_a_rolling_release_refuses_a_promotion_and_is_ended_by_a_rollback(answers: Callable[..., Server]) -> None:
    server = answers(201)
    with writer(server.url) as vercel:
        with pytest.raises(Unfit, match=r"rolling release of dpl_2 is in progress, at 10 %") as refused:
            promote(vercel, GOOD, PROJECT, ROLLING)
        assert "--pin" in refused.value.cure
        assert roll_back(vercel, GOOD, PROJECT, ROLLING).error is None
    assert server.lines == ["POST /v1/projects/prj_1/rollback/dpl_1"]


def test_a_rolling_release_that_is_over_hinders_nothing() -> None:
    refuse_unfit(GOOD, PROJECT, replace(ROLLING, state="COMPLETE"), How.PROMOTE)


def test_what_was_never_live_can_be_promoted_but_not_rolled_back_to() -> None:
    refuse_unfit(replace(GOOD, substate="STAGED"), PROJECT, None, How.PROMOTE)
    with pytest.raises(Unfit, match="never live"):
        refuse_unfit(replace(GOOD, substate="STAGED"), PROJECT, None, How.ROLL_BACK)


@pytest.mark.parametrize(
    ("how", "path"),
    [
        (How.PROMOTE, "/v1/projects/prj_1/promote/aliases"),
        (How.ROLL_BACK, "/v9/projects/prj_1/rollback/aliases"),
    ],
)
def test_the_domains_that_could_not_be_given_away_are_named(httpserver: HTTPServer, how: How, path: str) -> None:
    query = {"failedOnly": "true", "limit": "100", "teamId": "team_1"}
    first = {
        "aliases": [{"alias": "app.example.com", "status": "failed"}, {"alias": "ok.example.com", "status": "done"}],
        "pagination": {"next": 5},
    }
    second = {"aliases": [{"alias": {"alias": "www.example.com", "deploymentId": "dpl_1"}, "status": "failed"}]}
    httpserver.expect_request(path, query_string=query).respond_with_json(first)
    httpserver.expect_request(path, query_string=query | {"until": "5"}).respond_with_json(second)
    with writer(httpserver.url_for("")) as vercel:
        assert failed_aliases(vercel, how) == ("app.example.com", "www.example.com")


def test_no_failed_domains_is_an_empty_answer(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/projects/prj_1/promote/aliases").respond_with_json({})
    with writer(httpserver.url_for("")) as vercel:
        assert failed_aliases(vercel, How.PROMOTE) == ()
