"""Rolling releases: who gets which share."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.vercel.rolling import RollingRelease, rolling_release
from tests.vercel.asking import ROLLING_PATH, client


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
    httpserver.expect_request(ROLLING_PATH).respond_with_json({"rollingRelease": release})
    with client(httpserver) as vercel:
        found = rolling_release(vercel)
    assert found == RollingRelease("ACTIVE", "dpl_1", "dpl_2", 12.5, "dpl_3", paused=True, started_at=70)
    assert found.active
    assert found.live == ("dpl_1", "dpl_2")


def test_without_the_present_share_the_stages_counts(httpserver: HTTPServer) -> None:
    release = {"state": "ACTIVE", "canaryDeployment": {"id": "dpl_2"}, "activeStage": {"targetPercentage": 25}}
    httpserver.expect_request(ROLLING_PATH).respond_with_json({"rollingRelease": release})
    with client(httpserver) as vercel:
        found = rolling_release(vercel)
    assert found is not None
    assert found.percentage == 25
    assert found.live == ("dpl_2",)


def test_a_rolling_release_that_is_over_has_nothing_live(httpserver: HTTPServer) -> None:
    release = {"state": "COMPLETE", "canaryDeployment": {"id": "dpl_2"}, "activeStage": None}
    httpserver.expect_request(ROLLING_PATH).respond_with_json({"rollingRelease": release})
    with client(httpserver) as vercel:
        found = rolling_release(vercel)
    assert found is not None
    assert not found.active
    assert found.live == ()


@pytest.mark.parametrize("status", [200, 402, 404], ids=["none was started", "not in the plan", "none configured"])
def test_no_rolling_release_is_none(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request(ROLLING_PATH).respond_with_json({"rollingRelease": None}, status=status)
    with client(httpserver) as vercel:
        assert rolling_release(vercel) is None
