"""The client against the sandbox's platform: the same answers as the real one's shapes, not our own stand-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find, previous, production, switched
from tests.logs.vercel.stage import NEW, OLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.logs.vercel.stage import Stage

DOMAIN = "localhost"

pytestmark = pytest.mark.timeout(20)


@pytest.fixture
def vercel(stage: Stage) -> Iterator[Vercel]:
    with Vercel(stage.access) as vercel:
        yield vercel


def test_the_domain_leads_to_the_deployment_in_production(stage: Stage, vercel: Vercel) -> None:
    found = find(vercel, stage.deployments.domain)
    assert (found.id, found.target, found.state, found.owner) == (NEW.id, "production", "READY", "team_1")
    assert found == find(vercel, NEW.id) == find(vercel, stage.deployments.host(NEW))
    assert found.has_been_live


def test_a_deployment_that_is_promoted_later_gets_a_fresh_window(stage: Stage, vercel: Vercel) -> None:
    stage.clock.advance(2 * 86_400)
    stage.deployments.promote(OLD)
    restored = find(vercel, stage.deployments.domain)
    switch = switched(vercel, stage.deployments.domain, restored)
    assert (restored.id, switch.source) == (OLD.id, "alias")
    assert 0 <= stage.clock.milliseconds - switch.at < 5_000
    assert abs(vercel.clock.now() - stage.clock.milliseconds) < 1_100


def test_the_one_before_is_found(vercel: Vercel) -> None:
    before = previous(vercel, find(vercel, NEW.id))
    assert before is not None
    assert before.id == OLD.id
    assert [one.id for one in production(vercel)] == [NEW.id, OLD.id]
