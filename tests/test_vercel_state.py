"""The project and its rolling release: what is read of them, and that nothing unread is taken for an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import Alias, alias, find
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import AliasRequest, ProjectState, RollbackNote, project_state
from postdeploy.vercel.retry import RetryPolicy
from postdeploy.vercel.rolling import RollingRelease, rolling_release

PROJECT = "/v9/projects/prj_1"
ROLLING = "/v1/projects/prj_1/rolling-release"
DOMAIN = "/v4/aliases/app.example.com"
READS: dict[str, tuple[str, Callable[[Vercel], object]]] = {
    "project": (PROJECT, project_state),
    "rolling release": (ROLLING, rolling_release),
    "alias": (DOMAIN, lambda vercel: alias(vercel, "app.example.com")),
}


class Pauses(list[float]):
    """Sleeps that take no time."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(server: HTTPServer, pauses: Pauses | None = None) -> Vercel:
    access = Access(Secret("the-token"), "prj_1", "team_1", server.url_for("").rstrip("/"))
    return Vercel(access, RetryPolicy(attempts=3, answer=1.0), sleep=pauses if pauses is not None else Pauses())


def project(server: HTTPServer, **said: object) -> ProjectState:
    server.expect_request(PROJECT).respond_with_json(said)
    with client(server) as vercel:
        return project_state(vercel)


# How it asks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", READS)
def test_every_read_names_the_team(httpserver: HTTPServer, what: str) -> None:
    path, ask = READS[what]
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("{}")

    httpserver.expect_request(path).respond_with_handler(answer)
    with client(httpserver) as vercel:
        ask(vercel)
    assert [(request.method, request.args["teamId"]) for request in seen] == [("GET", "team_1")]


@pytest.mark.parametrize("what", READS)
@pytest.mark.parametrize("trouble", [429, 500, 503, "malformed", "another shape", "cut"])
def test_what_passes_is_asked_again_and_then_said(httpserver: HTTPServer, what: str, trouble: int | str) -> None:
    path, ask = READS[what]
    bad = {"malformed": "<html>", "another shape": "[]", "cut": '{"id": '}
    httpserver.expect_request(path).respond_with_data(
        bad.get(str(trouble), "{}"),
        status=trouble if isinstance(trouble, int) else 200,
        headers={"retry-after": "2"} if trouble == 429 else {},
    )
    pauses = Pauses()
    with client(httpserver, pauses) as vercel, pytest.raises(PlatformError):
        ask(vercel)
    assert len(pauses) == 2
    assert pauses == [2.0, 2.0] or trouble != 429


@pytest.mark.parametrize("what", READS)
def test_a_refusal_is_no_answer(httpserver: HTTPServer, what: str) -> None:
    path, ask = READS[what]
    httpserver.expect_request(path).respond_with_json({"error": {"code": "forbidden"}}, status=403)
    with client(httpserver) as vercel, pytest.raises(PlatformError, match="403") as refused:
        ask(vercel)
    assert "VERCEL_TOKEN" in refused.value.cure


# The project ---------------------------------------------------------------------------------------------------------------


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
        name="inbox",
        auto_assign=False,
        production="dpl_2",
        last_request=AliasRequest("dpl_2", "dpl_1", "in-progress", "promote", 90),
        note=RollbackNote("inbox was down", 80),
        rolling_configured=True,
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
        pytest.param(None, {"type": "rollback", "jobStatus": "succeeded"}, False, id="not told: nothing rests on it"),
        pytest.param(False, {"type": "rollback", "jobStatus": "succeeded"}, True, id="a rollback switched it off"),
        pytest.param(False, {"type": "rollback", "jobStatus": "skipped"}, True, id="a rollback with nothing to move"),
        pytest.param(False, {"type": "promote", "jobStatus": "succeeded"}, False, id="off after a promotion: decided"),
        pytest.param(False, {"type": "rollback", "jobStatus": "failed"}, None, id="a rollback that failed: who knows"),
        pytest.param(False, {"jobStatus": "succeeded"}, None, id="of a kind that is not told"),
        pytest.param(False, None, None, id="nothing was ever asked for"),
    ],
)
def test_whether_a_rollback_pins_the_domain_is_told_by_what_was_asked_for_last(
    httpserver: HTTPServer, auto_assign: bool | None, last: dict[str, str] | None, pinned: bool | None
) -> None:
    asked = {"toDeploymentId": "dpl_1", "requestedAt": 1, **last} if last else None
    state = project(httpserver, autoAssignCustomDomains=auto_assign, lastAliasRequest=asked)
    assert state.pinned_by_rollback is pinned


# The rolling release -------------------------------------------------------------------------------------------------------


def test_an_active_rolling_release_names_both_deployments_and_the_share(httpserver: HTTPServer) -> None:
    release = {
        "state": "ACTIVE",
        "substate": "PAUSED",
        "currentDeployment": {"id": "dpl_1", "url": "x"},
        "canaryDeployment": {"id": "dpl_2"},
        "queuedDeploymentId": "dpl_3",
        "currentCanaryPercentage": 12.5,
        "activeStage": {"index": 0, "targetPercentage": 25},
        "startedAt": 70,
    }
    httpserver.expect_request(ROLLING).respond_with_json({"rollingRelease": release})
    with client(httpserver) as vercel:
        found = rolling_release(vercel)
    assert found == RollingRelease("ACTIVE", "dpl_1", "dpl_2", 12.5, "dpl_3", paused=True, started_at=70)
    assert found.active
    assert found.live == ("dpl_1", "dpl_2")


def test_without_the_present_share_the_stages_counts(httpserver: HTTPServer) -> None:
    release = {"state": "ACTIVE", "canaryDeployment": {"id": "dpl_2"}, "activeStage": {"targetPercentage": 25}}
    httpserver.expect_request(ROLLING).respond_with_json({"rollingRelease": release})
    with client(httpserver) as vercel:
        found = rolling_release(vercel)
    assert found is not None
    assert found.percentage == 25
    assert found.live == ("dpl_2",)


def test_a_rolling_release_that_is_over_has_nothing_live(httpserver: HTTPServer) -> None:
    release = {"state": "COMPLETE", "canaryDeployment": {"id": "dpl_2"}, "activeStage": None}
    httpserver.expect_request(ROLLING).respond_with_json({"rollingRelease": release})
    with client(httpserver) as vercel:
        found = rolling_release(vercel)
    assert found is not None
    assert not found.active
    assert found.live == ()


@pytest.mark.parametrize("status", [200, 402, 404], ids=["none was started", "not in the plan", "none configured"])
def test_no_rolling_release_is_none(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request(ROLLING).respond_with_json({"rollingRelease": None}, status=status)
    with client(httpserver) as vercel:
        assert rolling_release(vercel) is None


# Domains and deployments ---------------------------------------------------------------------------------------------------


def test_a_domain_leads_where_the_table_of_domains_says(httpserver: HTTPServer) -> None:
    httpserver.expect_request(DOMAIN).respond_with_json({"deploymentId": "dpl_2", "updatedAt": 90, "createdAt": 1})
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
def test_what_a_deployment_was_built_from_is_read_as_far_as_it_is_told(
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
