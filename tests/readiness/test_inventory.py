"""Which domains the environment must cover: those of production, whichever deployment is measured."""

from __future__ import annotations

import pytest

from postdeploy.readiness.inventory import from_platform
from postdeploy.redaction import Secret
from postdeploy.runbook.reading import read_runbook
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from sandbox.alone import platform_alone


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://localhost:3000", id="at the production domain"),
        pytest.param("http://inbox-new.localhost:3000", id="at the live deployment's own address"),
        pytest.param("http://inbox-old.localhost:3000", id="at another deployment's own address"),
    ],
)
def test_the_production_domains_are_those_of_what_is_live(url: str) -> None:
    with platform_alone() as platform:
        said = platform.environment()
        access = Access(Secret(said["VERCEL_TOKEN"]), said["VERCEL_PROJECT_ID"], said["VERCEL_TEAM_ID"], platform.url)
        with Vercel(access) as vercel:
            found = from_platform(vercel, read_runbook(), url)
    assert found.domains == ("localhost:3000", "app.localhost:3000")
    assert found.loopback
