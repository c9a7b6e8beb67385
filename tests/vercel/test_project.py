"""The project: what it says of its production, and what stays unknown."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.vercel.project import AliasRequest, ProjectState, project_state
from tests.vercel.asking import PROJECT_PATH, client


def project(server: HTTPServer, **said: object) -> ProjectState:
    server.expect_request(PROJECT_PATH).respond_with_json(said)
    with client(server) as vercel:
        return project_state(vercel)


def test_the_project_is_read_without_its_secrets(httpserver: HTTPServer) -> None:
    asked = {
        "fromDeploymentId": "dpl_1",
        "toDeploymentId": "dpl_2",
        "jobStatus": "in-progress",
        "requestedAt": 90,
        "type": "promote",
    }
    state = project(
        httpserver,
        id="prj_1",
        name="inbox",
        autoAssignCustomDomains=False,
        targets={"production": {"id": "dpl_2"}},
        lastAliasRequest=asked,
        lastRollbackTarget={"anything": 1},
        rollbackDescription={"description": "inbox was down", "createdAt": 80, "userId": "u", "username": "ada"},
        rollingRelease={"target": "production"},
        protectionBypass={"the-secret": {"scope": "automation-bypass"}},
    )
    assert state == ProjectState(
        id="prj_1",
        auto_assign=False,
        production="dpl_2",
        last_request=AliasRequest("dpl_2", "dpl_1", "in-progress", "promote", 90),
        rollback_reason="inbox was down",
    )
    assert state.last_request is not None
    assert state.last_request.pending
    assert "the-secret" not in repr(state)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"targets": None, "lastAliasRequest": None, "rollbackDescription": None, "rollingRelease": None},
        {"targets": {}, "lastAliasRequest": {}},
        {"targets": {"production": None}},
    ],
    ids=["nothing", "null", "empty", "no production"],
)
def test_what_the_project_does_not_say_is_unknown(httpserver: HTTPServer, said: dict[str, object]) -> None:
    assert project(httpserver, **said) == ProjectState()


@pytest.mark.parametrize(
    ("auto_assign", "last", "pinned"),
    [
        pytest.param(True, {"type": "rollback", "jobStatus": "succeeded"}, False, id="it is on: nothing is pinned"),
        pytest.param(None, {"type": "rollback", "jobStatus": "succeeded"}, False, id="unknown: nothing rests on it"),
        pytest.param(False, {"type": "rollback", "jobStatus": "succeeded"}, True, id="a rollback switched it off"),
        pytest.param(False, {"type": "rollback", "jobStatus": "skipped"}, True, id="a rollback with nothing to move"),
        pytest.param(False, {"type": "promote", "jobStatus": "succeeded"}, False, id="off after a promotion: decided"),
        pytest.param(False, {"type": "rollback", "jobStatus": "failed"}, None, id="a rollback that failed: who knows"),
        pytest.param(False, {"jobStatus": "succeeded"}, None, id="of an unknown type"),
        pytest.param(False, None, None, id="nothing was ever asked for"),
    ],
)
def test_whether_a_rollback_pins_the_domain_is_known_by_the_last_request(
    httpserver: HTTPServer, auto_assign: bool | None, last: dict[str, str] | None, pinned: bool | None
) -> None:
    asked = {"toDeploymentId": "dpl_1", "requestedAt": 1, **last} if last else None
    state = project(httpserver, autoAssignCustomDomains=auto_assign, lastAliasRequest=asked)
    assert state.pinned_by_rollback is pinned
