"""Reading the production state: everything at once, a refusal as part of it, or strictly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from postdeploy.model import Blocked
from postdeploy.production.roles import Role, describe_role, role_of
from postdeploy.production.state import PRODUCTION_STATE, read, read_for_checks, read_release
from postdeploy.redaction import Secret
from postdeploy.system.store import Store
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import Alias
from sandbox.alone import platform_alone
from tests.production.states import LIVE, LIVE_NOW, RELEASE, access


def test_a_rolling_release_splits_the_domain_and_no_deployments_own_address() -> None:
    rolling = replace(LIVE_NOW, release=RELEASE)
    assert rolling.live == ("dpl_live", "dpl_canary")
    assert replace(rolling, host=LIVE.url).live == ("dpl_live",)


def test_a_deployment_serves_the_address_only_if_the_alias_table_agrees() -> None:
    assert LIVE_NOW.serves("dpl_live")
    assert not LIVE_NOW.serves("dpl_old")
    assert replace(LIVE_NOW, alias=Alias("dpl_live", 1)).serves("dpl_live")
    assert not replace(LIVE_NOW, alias=Alias("dpl_old", 1)).serves("dpl_live")


def test_the_checks_read_everything_at_once() -> None:
    with platform_alone() as platform:
        found = read_for_checks(access(platform), "localhost:3000")
        assert (found.serving.id, role_of(found), found.live) == ("dpl_new", Role.LIVE, ("dpl_new",))
        assert {one.id for one in found.newest} == {"dpl_new", "dpl_old"}
        assert role_of(read_for_checks(access(platform), "inbox-old.localhost:3000")) is Role.FORMER
        assert read_for_checks(access(platform), "elsewhere.example.com").resolved is None


def test_what_vercel_refuses_is_part_of_the_state() -> None:
    with platform_alone() as platform:
        refused = read_for_checks(access(platform, token=Secret("invalid")), "localhost:3000")
    assert refused.refused is not None
    assert "VERCEL_TOKEN" in refused.refused[1]
    assert (role_of(refused), refused.live, describe_role(refused)) == (None, (), "")
    with pytest.raises(Blocked, match="VERCEL_TOKEN"):
        _ = refused.serving


@pytest.mark.parametrize(
    ("url", "why"),
    [
        pytest.param("http://elsewhere.example.com", "does not know the address elsewhere", id="an unknown domain"),
        pytest.param("http://inbox-old.localhost:3000", "not a production domain", id="a deployment's own address"),
    ],
)
def test_a_strict_reading_needs_a_production_domain(url: str, why: str) -> None:
    with platform_alone() as platform, Vercel(access(platform)) as vercel:
        state = read(vercel, "http://localhost:3000")
        assert (state.serving.id, state.alias and state.alias.deployment, state.newest) == ("dpl_new", "dpl_new", ())
        with pytest.raises(Blocked, match=why):
            read(vercel, url)


def test_a_strict_reading_refuses_what_vercel_refuses() -> None:
    with (
        platform_alone() as platform,
        Vercel(access(platform, token=Secret("invalid"))) as vercel,
        pytest.raises(Blocked, match="VERCEL_TOKEN"),
    ):
        read(vercel, "http://localhost:3000")


def test_the_processes_of_a_run_share_the_state(tmp_path: Path) -> None:
    store, known = Store(tmp_path), replace(LIVE_NOW, release=RELEASE, refused=("a", "b"))
    store.put(PRODUCTION_STATE, known)
    assert store.get(PRODUCTION_STATE) == known


def test_a_release_that_is_unknown_is_none() -> None:
    with platform_alone() as platform:
        assert read_release(access(platform)) is None
        assert read_release(access(platform, token=Secret("invalid"))) is None
        platform.deployments.roll(platform.deployments.newest_first[0])
        release = read_release(access(platform))
        assert release is not None
        assert release.active
