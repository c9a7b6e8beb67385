"""Whether the deployment of an event serves production, asked of a stand-in for Vercel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from postdeploy.gate.event import NotVerified, Subject
from postdeploy.gate.liveness import identify, is_address_of, wait_until_live
from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.retry import BRIEF
from sandbox.alone import NOWHERE, PROJECT, TEAM, TOKEN, PlatformAlone, platform_alone
from sandbox.deployments import Deployment


@pytest.fixture
def platform() -> Iterator[PlatformAlone]:
    with platform_alone() as one:
        yield one


@pytest.fixture
def vercel(platform: PlatformAlone) -> Iterator[Vercel]:
    with Vercel(Access(Secret(TOKEN), PROJECT.id, TEAM.id, platform.url), BRIEF) as one:
        yield one


def host(platform: PlatformAlone, name: str) -> str:
    found = platform.deployments.find(name)
    assert found
    return platform.deployments.host(found)


def test_a_deployment_is_known_by_its_id_or_its_address(platform: PlatformAlone, vercel: Vercel) -> None:
    for subject in (Subject(deployment="dpl_new"), Subject(url=f"http://{host(platform, 'dpl_new')}")):
        found = identify(vercel, subject)
        assert found
        assert found.id == "dpl_new"
    assert identify(vercel, Subject()) is None


def test_an_address_is_a_deployments_only_if_vercel_says_so(platform: PlatformAlone, vercel: Vercel) -> None:
    own, elsewhere = f"http://{host(platform, 'dpl_new')}", "https://phish.example.com"
    found = identify(vercel, Subject(deployment="dpl_new", url=elsewhere))
    assert found
    assert is_address_of(Subject(deployment="dpl_new", url=own), found)
    assert is_address_of(Subject(url=own), found)
    assert not is_address_of(Subject(deployment="dpl_new", url=elsewhere), found)


def test_a_deployment_of_another_project_is_left_alone(vercel: Vercel) -> None:
    with pytest.raises(NotVerified, match="it is of another one"):
        identify(vercel, Subject(deployment="dpl_elsewhere"))


def waited(platform: PlatformAlone, vercel: Vercel, name: str, *, then: str = "") -> list[float]:
    """How long it waited; `then`: what is promoted during the first pause."""
    found = identify(vercel, Subject(deployment=name))
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        known = platform.deployments.find(then)
        if known:
            platform.deployments.promote(known)

    assert found
    wait_until_live(vercel, f"http://{platform.deployments.domain}", found, sleep=sleep, monotonic=lambda: sum(pauses))
    return pauses


def test_what_serves_is_not_waited_for(platform: PlatformAlone, vercel: Vercel) -> None:
    assert waited(platform, vercel, "dpl_new") == []


def test_domains_that_move_a_little_later_are_waited_for(platform: PlatformAlone, vercel: Vercel) -> None:
    later = platform.clock.now + dt.timedelta(minutes=1)
    platform.deployments.add(Deployment("dpl_next", NOWHERE, "inbox-next", later))
    assert waited(platform, vercel, "dpl_next", then="dpl_next") == [5.0]


def test_a_build_that_stays_staged_is_no_run(platform: PlatformAlone, vercel: Vercel) -> None:
    later = platform.clock.now + dt.timedelta(minutes=1)
    platform.deployments.add(Deployment("dpl_staged", NOWHERE, "inbox-staged", later))
    with pytest.raises(NotVerified, match="does not serve dpl_staged, but dpl_new"):
        waited(platform, vercel, "dpl_staged")


def test_a_deployment_that_production_has_left_is_not_waited_for(platform: PlatformAlone, vercel: Vercel) -> None:
    old = platform.deployments.find("dpl_old")
    assert old
    platform.deployments.add(replace(old, created_at=old.created_at - dt.timedelta(hours=1)))
    with pytest.raises(NotVerified, match="but dpl_new"):
        waited(platform, vercel, "dpl_old")


def test_the_canary_of_a_rolling_release_serves(platform: PlatformAlone, vercel: Vercel) -> None:
    canary = Deployment("dpl_canary", NOWHERE, "inbox-canary", platform.clock.now)
    platform.deployments.roll(canary)
    assert waited(platform, vercel, "dpl_canary") == []
