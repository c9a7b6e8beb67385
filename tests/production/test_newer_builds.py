"""A newer build that is not live, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.production.newer_builds import newer_build
from postdeploy.production.state import ProductionState
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import ProjectState
from postdeploy.vercel.rolling import RollingRelease
from tests.production.states import (
    HOST,
    LIVE,
    LIVE_NOW,
    OLD,
    PROJECT,
    PROMOTED,
    RELEASE,
    ROLLED_BACK,
    build,
    pinned,
)

NEW = build("new", 1, "STAGED")


@pytest.mark.parametrize(
    ("newest", "project", "why"),
    [
        pytest.param(NEW, pinned(ROLLED_BACK), "since a rollback pins the domain", id="pinned"),
        pytest.param(NEW, pinned(PROMOTED), "production builds are promoted by hand", id="staged by decision"),
        pytest.param(NEW, pinned(None), "by a rollback that pins the domain or by decision", id="unknown"),
        pytest.param(NEW, PROJECT, "although new builds go live automatically", id="held back"),
        pytest.param(build("new", 1, "", state="ERROR"), PROJECT, "its build ended as ERROR", id="failed"),
        pytest.param(build("new", 1, "", state="CANCELED"), PROJECT, "its build ended as CANCELED", id="canceled"),
        pytest.param(build("new", 1, "", state="QUEUED"), PROJECT, "still in progress (QUEUED)", id="on its way"),
        pytest.param(build("new", 1, deleted=True), PROJECT, "was deleted", id="deleted"),
        pytest.param(
            build("new", 1), PROJECT, "was live after what serves now: production was rolled back", id="rolled back"
        ),
    ],
)
def test_a_newer_build_that_is_not_live_is_named_with_the_reason(
    newest: PlatformDeployment, project: ProjectState, why: str
) -> None:
    found = newer_build(replace(LIVE_NOW, project=project, newest=(newest, LIVE, OLD)))
    assert found
    assert found.says.startswith("dpl_new (commit new0123, created 2026-09-21 14:13 UTC) ")
    assert why in found.says
    assert found.can_be_promoted is (newest == NEW)


@pytest.mark.parametrize(
    ("release", "why"),
    [
        (replace(RELEASE, canary="dpl_new", state="ABORTED"), "was the canary of a rolling release that was aborted"),
        (replace(RELEASE, queued="dpl_new"), "it waits for the end of the rolling release of dpl_canary"),
        (replace(RELEASE, canary="dpl_other", state="ABORTED"), "a check holds it back"),
    ],
    ids=["aborted", "queued", "another one was aborted"],
)
def test_what_a_rolling_release_did_to_it_is_not_taken_for_a_check(release: RollingRelease, why: str) -> None:
    found = newer_build(replace(LIVE_NOW, release=release, newest=(NEW, LIVE, OLD)))
    assert found
    assert why in found.says
    assert found.can_be_promoted


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(LIVE_NOW, id="the newest is live"),
        pytest.param(ProductionState(HOST), id="not asked"),
        pytest.param(
            replace(LIVE_NOW, release=replace(RELEASE, canary="dpl_new"), newest=(NEW, LIVE)), id="it is the canary"
        ),
        pytest.param(
            replace(LIVE_NOW, host=LIVE.url, release=replace(RELEASE, canary="dpl_new"), newest=(NEW, LIVE)),
            id="it is the canary, and the stable one is measured at its own address",
        ),
        pytest.param(replace(LIVE_NOW, host=NEW.url, resolved=NEW, newest=(NEW, LIVE)), id="it is what is measured"),
        pytest.param(
            replace(LIVE_NOW, resolved=build("other", 9), project=replace(PROJECT, production=None), newest=()),
            id="no list",
        ),
    ],
)
def test_otherwise_there_is_nothing_to_name(state: ProductionState) -> None:
    assert newer_build(state) is None
