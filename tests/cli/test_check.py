"""`postdeploy check`: what Vercel is told of a deployment before it gets the domains."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.alone import NOWHERE, PlatformAlone, platform_alone
from sandbox.deployments import Deployment
from tests.cli.commands import ran, writes
from tests.site import RUNBOOK, SOMEBODY, Site, let_in, site

DEFINED = "POST /v2/projects/prj_alone/checks"


def test_a_check_is_defined_only_with_yes_and_only_once(platform: PlatformAlone) -> None:
    code, output = ran(platform, "check", "install", "--timeout=5m")
    assert (code, writes(platform)) == (0, [])
    assert "postdeploy check install --name=postdeploy --timeout=5m --yes" in output
    assert ran(platform, "check", "install", "--timeout=5m", "--yes")[0] == 0
    [check] = platform.platform.checks.defined
    told = {name: check[name] for name in ("name", "requires", "blocks", "targets", "timeout")}
    assert told == {
        "name": "postdeploy",
        "requires": "deployment-url",
        "blocks": "deployment-alias",
        "targets": ["production"],
        "timeout": 300_000,
    }
    code, output = ran(platform, "check", "install", "--yes")
    assert (code, "is defined already (check_1, 300 s)" in output, writes(platform)) == (0, True, [DEFINED])


def test_a_check_that_is_not_defined_is_not_run(platform: PlatformAlone) -> None:
    code, output = ran(platform, "check", "run", "dpl_new")
    assert (code, "Define it: postdeploy check install --name=postdeploy --yes" in output) == (10, True)
    assert ran(platform, "check", "run", "dpl_new", "--on-inconclusive=ignore")[0] == 4


@pytest.fixture
def served() -> Iterator[Site]:
    with site(names={"A": "dpl_next"}) as one:
        yield one


@pytest.mark.processes
@pytest.mark.parametrize(
    ("script", "inbox", "options", "code", "conclusion"),
    [
        pytest.param("A", None, (), 0, "succeeded", id="PASS"),
        pytest.param("A", let_in, (), 1, "failed", id="FAIL"),
        pytest.param("!", None, (), 10, "failed", id="INCONCLUSIVE"),
        pytest.param("!", None, ("--on-inconclusive=neutral",), 10, "neutral", id="INCONCLUSIVE, as configured"),
        pytest.param("A", let_in, ("--on-inconclusive=neutral",), 1, "failed", id="FAIL is never neutral"),
        pytest.param("A", None, ("--nonsense",), 4, "failed", id="a mistake"),
    ],
)
def test_the_verdict_is_what_vercel_is_told(
    served: Site,
    tmp_path: Path,
    *,
    script: str,
    inbox: object,
    options: tuple[str, ...],
    code: int,
    conclusion: str,
) -> None:
    served.script = script
    if inbox:
        served.inbox = let_in
    (tmp_path / "runbook.toml").write_text(RUNBOOK.format(look=5), encoding="utf-8")
    port = int(served.url.rpartition(":")[2])
    with platform_alone(port=port) as platform:
        platform.deployments.add(Deployment("dpl_next", NOWHERE, "inbox-next", platform.clock.now))
        assert ran(platform, "check", "install", "--yes")[0] == 0
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("VERCEL_", "GITHUB_"))},
            **SOMEBODY,
            **platform.environment(),
            "CI_JOB_URL": "https://gitlab.example.com/jobs/7",
        }
        command = [sys.executable, "-c", "from postdeploy.cli.main import main; main()", "check", "run", "dpl_next"]
        done = subprocess.run(
            [*command, *options, "-k", "unauthenticated", "--without=deployments"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        [told] = platform.platform.checks.runs
    assert (done.returncode, told["status"], told["conclusion"]) == (code, "completed", conclusion), done.stdout
    assert (told["deploymentId"], told["externalUrl"]) == ("dpl_next", environment["CI_JOB_URL"])
    assert told["conclusionText"]
    assert SOMEBODY["SMOKE_PASSWORD"] not in str(platform.platform.writes)
