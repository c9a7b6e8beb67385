"""A newer build that is not live, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.production.newer_builds import newer_build
from postdeploy.production.state import ProductionState
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import ProjectState
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
        pytest.param(
            NEW, pinned(ROLLED_BACK), "since a rollback pins the domain; promote it or undo the pin", id="pinned"
        ),
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
    assert found.startswith("dpl_new (commit new0123, created 2026-09-21 14:13 UTC) ")
    assert why in found


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(LIVE_NOW, id="the newest is live"),
        pytest.param(ProductionState(HOST), id="not asked"),
        pytest.param(
            replace(LIVE_NOW, release=replace(RELEASE, canary="dpl_new"), newest=(NEW, LIVE)), id="it is the canary"
        ),
        pytest.param(replace(LIVE_NOW, host=NEW.url, resolved=NEW, newest=(NEW, LIVE)), id="it is what is measured"),
        pytest.param(
            replace(LIVE_NOW, resolved=build("other", 9), project=replace(PROJECT, production=None), newest=()),
            id="no list",
        ),
    ],
)
def test_otherwise_there_is_nothing_to_name(state: ProductionState) -> None:
    assert newer_build(state) == ""
