"""What the deployment under verification is to the users."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.production.roles import Role, describe_role, is_not_live, role_of
from postdeploy.production.state import ProductionState
from tests.production.states import (
    HOST,
    LIVE,
    LIVE_NOW,
    OLD,
    PROJECT,
    RELEASE,
    build,
)


@pytest.mark.parametrize(
    ("state", "role", "says"),
    [
        pytest.param(LIVE_NOW, Role.LIVE, "", id="live"),
        pytest.param(replace(LIVE_NOW, host=LIVE.url), Role.LIVE, "", id="live, at its own address"),
        pytest.param(ProductionState(HOST), None, "", id="not asked"),
        pytest.param(
            replace(LIVE_NOW, host="old.vercel.app", resolved=OLD), Role.FORMER, "no longer live", id="an old one"
        ),
        pytest.param(
            replace(LIVE_NOW, host="old.vercel.app", resolved=OLD, project=replace(PROJECT, production=None)),
            None,
            "",
            id="what serves production is unknown",
        ),
        pytest.param(
            replace(LIVE_NOW, host="new.vercel.app", resolved=build("new", 1, "STAGED")),
            Role.STAGED,
            "staged, not live",
            id="staged",
        ),
        pytest.param(
            replace(LIVE_NOW, host="preview.vercel.app", resolved=build("preview", 1, target="")),
            Role.PREVIEW,
            "a preview, not live",
            id="a preview",
        ),
        pytest.param(
            replace(LIVE_NOW, release=RELEASE, measured="dpl_canary"),
            Role.CANARY,
            "the canary of a rolling release: 25 % of the visitors",
            id="the canary",
        ),
        pytest.param(
            replace(LIVE_NOW, release=RELEASE, measured="dpl_live"),
            Role.STABLE,
            "the stable one of a rolling release: 75 % of the visitors",
            id="the stable one",
        ),
        pytest.param(
            replace(LIVE_NOW, release=replace(RELEASE, state="COMPLETE"), measured="dpl_live"),
            Role.LIVE,
            "",
            id="a release that is over",
        ),
        pytest.param(
            replace(LIVE_NOW, release=replace(RELEASE, percentage=None), measured="dpl_canary"),
            Role.CANARY,
            "the canary of a rolling release",
            id="an unknown share",
        ),
    ],
)
def test_what_the_deployment_is(state: ProductionState, role: Role | None, says: str) -> None:
    assert (role_of(state), describe_role(state)) == (role, says)
    assert is_not_live(state) == (role in (Role.STAGED, Role.FORMER, Role.PREVIEW))
