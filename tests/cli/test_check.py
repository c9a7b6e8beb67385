"""`postdeploy check`: what Vercel is told of a deployment before it gets the domains."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from postdeploy.cli import smoke
from postdeploy.model import Decision, Stage
from postdeploy.record.document import DeploymentPart, VerdictDocument, written
from postdeploy.redaction import Redactor
from postdeploy.runbook.environment import read_environment
from postdeploy.system import times
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find
from postdeploy.vercel.retry import ONE_RETRY
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


def announced(
    platform: PlatformAlone, monkeypatch: pytest.MonkeyPatch, run: str, *options: str
) -> tuple[int, str, dict[str, str]]:
    """What `check run` ends with, and what Vercel is told, where the run is this program."""
    monkeypatch.setattr(smoke, "command", lambda *_: [sys.executable, "-c", run])
    assert ran(platform, "check", "install", "--yes")[0] == 0
    code, output = ran(platform, "check", "run", "dpl_new", *options)
    [told] = platform.platform.checks.runs
    return code, output, told


def passed(platform: PlatformAlone, run_id: str, **deployment: str) -> bytes:
    new = platform.deployments.find("dpl_new")
    assert new
    with Vercel(platform_access(read_environment(Path(".env"), platform.environment())), ONE_RETRY) as vercel:
        url = find(vercel, "dpl_new").address
    now = times.iso(dt.datetime.now(dt.UTC))
    served: dict[str, Any] = {"url": url, "deployment_id": "dpl_new"} | deployment
    document = VerdictDocument(
        run_id=run_id,
        stage=Stage.SMOKE,
        finished=now,
        complete=True,
        decision=Decision.PASS,
        deployment=DeploymentPart(**served),
    )
    return written(document, Redactor())


def puts(content: bytes, folder: str = "reports") -> str:
    place = f"pathlib.Path({folder!r})"
    return f"import pathlib\n{place}.mkdir(exist_ok=True)\n({place} / 'verdict.json').write_bytes({content!r})"


@pytest.mark.processes
def test_an_earlier_pass_is_not_this_runs(platform: PlatformAlone, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("reports").mkdir()
    Path("reports/verdict.json").write_bytes(passed(platform, "a0"))
    code, _, told = announced(platform, monkeypatch, "")
    assert (code, told["conclusion"]) == (0, "failed")
    assert told["conclusionText"] == "no verdict: pytest ended with exit code 0"


@pytest.mark.processes
@pytest.mark.parametrize("options", [("--reports=out",), ("--reports", "out"), ("--reports=other", "--reports=out")])
def test_the_verdict_is_read_where_the_run_writes_it(
    platform: PlatformAlone, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    Path("reports").mkdir()
    Path("reports/verdict.json").write_bytes(passed(platform, "a0"))
    code, output, told = announced(platform, monkeypatch, puts(passed(platform, "a1"), "out"), *options)
    assert (code, told["conclusion"]) == (0, "succeeded"), output


@pytest.mark.processes
@pytest.mark.parametrize("about", [{"url": "https://app.example.com"}, {"deployment_id": "dpl_old"}])
def test_a_pass_of_another_deployment_lets_none_through(
    platform: PlatformAlone, monkeypatch: pytest.MonkeyPatch, about: dict[str, str]
) -> None:
    _, _, told = announced(platform, monkeypatch, puts(passed(platform, "a1", **about)))
    assert told["conclusion"] == "failed"
    assert told["conclusionText"].endswith(", not dpl_new")


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_check_that_is_stopped_is_concluded(
    platform: PlatformAlone, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    stops = f"import os, signal\nos.kill(os.getppid(), {int(number)})\nsignal.pause()"
    code, _, told = announced(platform, monkeypatch, stops)
    assert (code, told["status"], told["conclusion"]) == (2, "completed", "failed")


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
