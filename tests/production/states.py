"""A project in production, for tests to change."""

from __future__ import annotations

from dataclasses import replace

from postdeploy.production.state import ProductionState
from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import AliasRequest, ProjectState
from postdeploy.vercel.rolling import RollingRelease
from sandbox.alone import PlatformAlone

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


LIVE_NOW = ProductionState(HOST, LIVE, PROJECT, None, (LIVE, OLD))


RELEASE = RollingRelease("ACTIVE", "dpl_live", "dpl_canary", 25.0)


ROLLED_BACK = AliasRequest("dpl_live", "dpl_bad", "succeeded", "rollback", NOW)


PROMOTED = replace(ROLLED_BACK, type="promote")


def pinned(asked: AliasRequest | None) -> ProjectState:
    return replace(PROJECT, auto_assign=False, last_request=asked)


def access(platform: PlatformAlone, **differs: object) -> Access:
    said = platform.environment()
    known = Access(Secret(said["VERCEL_TOKEN"]), said["VERCEL_PROJECT_ID"], said["VERCEL_TEAM_ID"], platform.url)
    return replace(known, **differs)  # type: ignore[arg-type]
