"""What changed in production between two states, in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.production.changes import change_between, same_request, was_restored
from postdeploy.production.state import ProductionState
from postdeploy.vercel.deployments import Alias
from tests.production.states import LIVE_NOW, OLD, PROJECT, PROMOTED, RELEASE, ROLLED_BACK, pinned

BEFORE = replace(LIVE_NOW, alias=Alias("dpl_live", 1))


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        pytest.param(BEFORE, None, id="nothing"),
        pytest.param(replace(BEFORE, at=9), None, id="time alone"),
        pytest.param(
            replace(BEFORE, project=replace(PROJECT, last_request=ROLLED_BACK)),
            "a rollback to dpl_live (2026-09-21 14:13:20 UTC, succeeded) was requested",
            id="a request",
        ),
        pytest.param(replace(BEFORE, resolved=OLD), "a new deployment took over: dpl_old", id="a deploy"),
        pytest.param(
            replace(BEFORE, alias=Alias(None, 1)),
            "the domain app.example.com was assigned to no deployment",
            id="a domain",
        ),
        pytest.param(
            replace(BEFORE, release=RELEASE), "the rolling release changed: dpl_canary is ACTIVE", id="a rollout"
        ),
        pytest.param(
            replace(BEFORE, project=pinned(None)),
            "the automatic assignment of domains was switched off",
            id="automatic assignment",
        ),
    ],
)
def test_each_change_is_named(now: ProductionState, sentence: str | None) -> None:
    found = change_between(BEFORE, now)
    assert found == sentence or (found or "").startswith(f"{sentence},")


def test_a_request_stays_the_same_while_it_progresses() -> None:
    assert same_request(PROMOTED, replace(PROMOTED, status="pending"))
    assert not same_request(PROMOTED, ROLLED_BACK)
    assert not same_request(PROMOTED, None)


def test_production_was_restored_if_the_last_request_led_to_what_serves() -> None:
    assert was_restored(replace(LIVE_NOW, project=pinned(ROLLED_BACK)))
    assert not was_restored(LIVE_NOW)
    assert not was_restored(replace(LIVE_NOW, project=pinned(replace(ROLLED_BACK, status="failed"))))
    assert not was_restored(replace(LIVE_NOW, project=pinned(replace(ROLLED_BACK, from_=None))))
