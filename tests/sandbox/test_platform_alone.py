"""The platform without an app: quick to start, and asked as any other."""

from __future__ import annotations

import httpx

from sandbox.alone import platform_alone
from sandbox.logs import LogFaults


def test_it_is_asked_as_any_other() -> None:
    with platform_alone() as platform:
        platform.happened("/", status=500, message="Error: boom")
        known = platform.environment()
        answer = httpx.get(
            f"{known['VERCEL_API_URL']}/api/logs/request-logs",
            params=dict.fromkeys(("teamId", "ownerId"), known["VERCEL_TEAM_ID"])
            | {"projectId": known["VERCEL_PROJECT_ID"]},
            headers={"Authorization": f"Bearer {known['VERCEL_TOKEN']}"},
        ).json()
    [row] = answer["rows"]
    assert (row["statusCode"], row["deploymentId"], row["logs"][0]["message"]) == (500, "dpl_new", "Error: boom")


def test_each_of_twenty_has_its_own_logs() -> None:
    for seed in range(20):
        with platform_alone() as platform:
            platform.logs.faults = LogFaults(seed=seed, duplicated=0.5)
            for number in range(100):
                platform.happened(ago=number)
            assert len(platform.logs.truth) == 200


def test_the_same_run_meets_the_same_troubles() -> None:
    repeated = []
    for _ in range(2):
        with platform_alone() as platform:
            faults = LogFaults(seed=7, duplicated=0.5)
            repeated.append([faults.repeats(row) for _ in range(50) for row in platform.happened()])
            platform.clock.advance(5)
    assert repeated[0] == repeated[1]
