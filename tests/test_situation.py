"""What the platform says of a project → what the deployment under verification is, and what is to be said of its neighbours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.production.situation import Role, Situation, ask, ask_release, introduce, misassigned, moving, waiting
from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import AliasRequest, ProjectState
from postdeploy.vercel.rolling import RollingRelease
from sandbox.alone import PlatformAlone, platform_alone

HOST = "app.example.com"
NOW = 1_790_000_000_000


def build(name: str, age: int, substate: str = "PROMOTED", **more: object) -> PlatformDeployment:
    made = PlatformDeployment(
        f"dpl_{name}",
        f"{name}.vercel.app",
        NOW - age * 1000,
        "READY",
        substate,
        "production",
        commit=f"{name}0123456789",
    )
    return replace(made, **more)  # type: ignore[arg-type]


LIVE, OLD = build("live", 60), build("old", 600)
PROJECT = ProjectState("prj_1", auto_assign=True, production="dpl_live")
LIVE_NOW = Situation(HOST, LIVE, PROJECT, None, (LIVE, OLD))
RELEASE = RollingRelease("ACTIVE", "dpl_live", "dpl_canary", 25.0)
ROLLED_BACK = AliasRequest("dpl_live", "dpl_bad", "succeeded", "rollback", NOW)
PROMOTED = replace(ROLLED_BACK, type="promote")


def pinned(asked: AliasRequest | None) -> ProjectState:
    return replace(PROJECT, auto_assign=False, last_request=asked)


@pytest.mark.parametrize(
    ("situation", "role", "says"),
    [
        pytest.param(LIVE_NOW, Role.LIVE, "", id="live"),
        pytest.param(replace(LIVE_NOW, host=LIVE.url), Role.LIVE, "", id="live, at its own address"),
        pytest.param(Situation(HOST), None, "", id="nobody was asked"),
        pytest.param(
            replace(LIVE_NOW, host="old.vercel.app", named=OLD), Role.FORMER, "no longer live", id="an old one"
        ),
        pytest.param(
            replace(LIVE_NOW, host="old.vercel.app", named=OLD, project=replace(PROJECT, production=None)),
            None,
            "",
            id="what serves production is not told",
        ),
        pytest.param(
            replace(LIVE_NOW, host="new.vercel.app", named=build("new", 1, "STAGED")),
            Role.STAGED,
            "staged, not live",
            id="staged",
        ),
        pytest.param(
            replace(LIVE_NOW, host="preview.vercel.app", named=build("preview", 1, target="")),
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
            id="a share that is not told",
        ),
    ],
)
def test_what_the_deployment_is(situation: Situation, role: Role | None, says: str) -> None:
    assert (situation.role, situation.says) == (role, says)
    assert situation.not_live == (role in (Role.STAGED, Role.FORMER, Role.PREVIEW))


def test_a_rolling_release_splits_the_domain_and_no_deployments_own_address() -> None:
    rolling = replace(LIVE_NOW, release=RELEASE)
    assert rolling.live == ("dpl_live", "dpl_canary")
    assert replace(rolling, host=LIVE.url).live == ("dpl_live",)


NEW = build("new", 1, "STAGED")


@pytest.mark.parametrize(
    ("newest", "project", "why"),
    [
        pytest.param(
            NEW, pinned(ROLLED_BACK), "since a rollback pins the domain; promote it or undo the pin", id="pinned"
        ),
        pytest.param(NEW, pinned(PROMOTED), "production builds are promoted by hand", id="staged by decision"),
        pytest.param(NEW, pinned(None), "by a rollback that pins the domain or by decision", id="nobody can tell"),
        pytest.param(NEW, PROJECT, "although new builds go live by themselves", id="held back"),
        pytest.param(build("new", 1, "", state="ERROR"), PROJECT, "its build ended as ERROR", id="failed"),
        pytest.param(build("new", 1, "", state="CANCELED"), PROJECT, "its build ended as CANCELED", id="canceled"),
        pytest.param(build("new", 1, "", state="QUEUED"), PROJECT, "still on its way (QUEUED)", id="on its way"),
        pytest.param(build("new", 1, deleted=True), PROJECT, "was deleted", id="deleted"),
        pytest.param(build("new", 1), PROJECT, "was live after what serves now: somebody went back", id="rolled back"),
    ],
)
def test_a_newer_build_that_is_not_live_is_told_with_the_reason(
    newest: PlatformDeployment, project: ProjectState, why: str
) -> None:
    told = waiting(replace(LIVE_NOW, project=project, newest=(newest, LIVE, OLD)))
    assert told.startswith("dpl_new (commit new01234, created 2026-09-21 14:13 UTC) ")
    assert why in told


@pytest.mark.parametrize(
    "situation",
    [
        pytest.param(LIVE_NOW, id="the newest is live"),
        pytest.param(Situation(HOST), id="nobody was asked"),
        pytest.param(
            replace(LIVE_NOW, release=replace(RELEASE, canary="dpl_new"), newest=(NEW, LIVE)), id="it is the canary"
        ),
        pytest.param(replace(LIVE_NOW, host=NEW.url, named=NEW, newest=(NEW, LIVE)), id="it is what is measured"),
        pytest.param(
            replace(LIVE_NOW, named=build("other", 9), project=replace(PROJECT, production=None), newest=()),
            id="no list",
        ),
    ],
)
def test_otherwise_nothing_is_told(situation: Situation) -> None:
    assert waiting(situation) == ""


def test_a_domain_that_leads_elsewhere_than_the_project_says() -> None:
    assert "leads to dpl_live, but the project takes dpl_bad" in misassigned(
        replace(LIVE_NOW, project=replace(PROJECT, production="dpl_bad"))
    )
    assert misassigned(LIVE_NOW) == ""
    assert misassigned(replace(LIVE_NOW, host="old.vercel.app", named=OLD)) == "", "its own address leads where it must"
    assert misassigned(replace(LIVE_NOW, project=replace(PROJECT, production=None))) == ""


def test_a_domain_that_could_not_be_assigned() -> None:
    failed = replace(LIVE, alias_error="The domain is in use by another project.")
    assert misassigned(replace(LIVE_NOW, named=failed)).endswith("The domain is in use by another project.")


def test_a_domain_that_is_being_moved() -> None:
    assert moving(LIVE_NOW) == ""
    assert moving(replace(LIVE_NOW, project=pinned(PROMOTED))) == ""
    under_way = replace(PROMOTED, status="in-progress")
    assert moving(replace(LIVE_NOW, project=pinned(under_way))) == "a promote to dpl_live is under way"


# The platform's answers -----------------------------------------------------------------------------------------------


def access(platform: PlatformAlone, **differs: object) -> Access:
    said = platform.environment()
    known = Access(Secret(said["VERCEL_TOKEN"]), said["VERCEL_PROJECT_ID"], said["VERCEL_TEAM_ID"], platform.url)
    return replace(known, **differs)  # type: ignore[arg-type]


def test_the_platform_is_asked_once_for_everything() -> None:
    with platform_alone() as platform:
        found = ask(access(platform), "localhost:3000")
        assert found.named is not None
        assert (found.named.id, found.role, found.live) == ("dpl_new", Role.LIVE, ("dpl_new",))
        assert {one.id for one in found.newest} == {"dpl_new", "dpl_old"}
        assert ask(access(platform), "inbox-old.localhost:3000").role is Role.FORMER
        assert ask(access(platform), "elsewhere.example.com").named is None


def test_what_the_platform_refuses_is_part_of_the_answer() -> None:
    with platform_alone() as platform:
        refused = ask(access(platform, token=Secret("nobody")), "localhost:3000")
    assert refused.refused is not None
    assert "VERCEL_TOKEN" in refused.refused[1]
    assert (refused.role, refused.live, refused.says) == (None, (), "")


def test_a_successor_of_which_nothing_is_told_has_its_id() -> None:
    with platform_alone() as platform:
        assert introduce(access(platform), "dpl_nobody", "dpl_new") == "dpl_nobody"
        assert introduce(access(platform, token=Secret("nobody")), "dpl_old", "dpl_new") == "dpl_old"


def test_a_release_that_nobody_tells_of_is_none() -> None:
    with platform_alone() as platform:
        assert ask_release(access(platform)) is None
        assert ask_release(access(platform, token=Secret("nobody"))) is None
        platform.deployments.roll(platform.deployments.newest_first[0])
        release = ask_release(access(platform))
        assert release is not None
        assert release.active
