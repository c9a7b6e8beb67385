"""What a log is compared with: the last good deployment, by the platform's history or by our record."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_request import Opening
from postdeploy.logs.vercel.pace import Pace
from postdeploy.model import Deployment
from postdeploy.record import baselines
from postdeploy.record.entries import Record, RecordedVerdict
from postdeploy.run import log_access
from postdeploy.run.log_access import LogAccess
from postdeploy.run.log_request import VERCEL
from postdeploy.run.run import Run
from postdeploy.runbook.environment import Environment, read_environment
from tests.record.runs import FAIL, PASS, earlier, log
from tests.run.plans import planned

if TYPE_CHECKING:
    from sandbox.alone import PlatformAlone

HOST = "localhost:3000"
OF_THE_OLD = log("dpl_old", "a" * 12)
OF_THE_GOOD = log("dpl_good", "b" * 12)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlatformAlone]:
    from sandbox.alone import platform_alone  # noqa: PLC0415 - a gate reads this file too, and has no sandbox

    monkeypatch.setattr(
        log_access, "_SMOKE", Pace(poll=0.1, lag=0.2, lag_together=0.1, settle=0.1, history_timeout=0.0)
    )
    with platform_alone() as served:
        yield served


def compared(
    environment: Environment,
    *entries: RecordedVerdict,
    since: int = 0,
    source: str = VERCEL,
    deployment: str = "dpl_new",
) -> tuple[Baseline | None, str]:
    """What a run against the deployment `dpl_new` compares with, and says of it."""
    with tempfile.TemporaryDirectory() as folder:
        plan = planned(Path(folder), base_url=f"http://{HOST}", logs=source)
        run = Run(msgspec.structs.replace(plan, environment=environment), Path(folder))
        run.deployment = Deployment(HOST, deployment)
        access = LogAccess(run, browser_requests=tuple, publish=print, earlier=lambda: Record(entries))
        try:
            return access.baseline(Opening(since, "told", deployment))
        finally:
            run.target.close()


def asking(platform: PlatformAlone) -> Environment:
    return read_environment(Path("none"), platform.environment())


def at(name: str, **more: object) -> RecordedVerdict:
    return earlier(name, host=HOST, **more)


def test_the_platforms_history_of_a_good_one_before_comes_first(platform: PlatformAlone) -> None:
    platform.happened("/", status=500, message="Error: old trouble", deployment="dpl_old", ago=60)
    found, about = compared(asking(platform), at("dpl_old", log=OF_THE_OLD), since=platform.clock.milliseconds)
    assert found is not None
    assert (found.name, about) == ("dpl_old", "")
    assert "a" * 12 not in (found.fingerprints or ())


def test_where_its_history_is_gone_the_record_stands_in_and_that_is_said(platform: PlatformAlone) -> None:
    found, about = compared(asking(platform), at("dpl_old", log=OF_THE_OLD), since=platform.clock.milliseconds)
    assert found is not None
    assert (found.fingerprints, found.requests) == (frozenset(["a" * 12]), 200)
    assert found.name == "dpl_old according to the record of 2026-11-20 12:00 UTC, 10 minutes of its log"
    assert about == "Vercel shows no log of dpl_old from before the deploy"


def test_what_a_bad_one_did_wrong_excuses_nothing(platform: PlatformAlone) -> None:
    """dpl_old was live before, and failed: its errors are not known before, they are what must be rolled back, too."""
    platform.happened("/", status=500, message="Error: its trouble", deployment="dpl_old", ago=60)
    entries = (at("dpl_good", log=OF_THE_GOOD), at("dpl_old", decision=FAIL, minutes=5, log=OF_THE_OLD))
    found, about = compared(asking(platform), *entries, since=platform.clock.milliseconds)
    assert found is not None
    assert found.fingerprints == frozenset(["b" * 12])
    assert about == "not compared with dpl_old, which was live before: the record does not list it as good"


def test_a_good_one_whose_log_was_never_read_is_no_baseline(platform: PlatformAlone) -> None:
    platform.happened("/", status=500, message="Error: its trouble", deployment="dpl_old", ago=60)
    found, about = compared(asking(platform), at("dpl_good"), since=platform.clock.milliseconds)
    assert found is not None
    assert (found.name, about) == ("dpl_old", "the record does not list dpl_old as good")


def test_nothing_at_all_is_said(platform: PlatformAlone) -> None:
    found, about = compared(asking(platform), since=platform.clock.milliseconds)
    assert found is None
    assert about == "nothing to compare with: Vercel shows no log of dpl_old from before the deploy"


def test_a_platform_that_does_not_tell_leaves_the_record(platform: PlatformAlone) -> None:
    wrong = read_environment(Path("none"), platform.environment() | {"VERCEL_TOKEN": "another_one"})
    found, about = compared(wrong, at("dpl_old", log=OF_THE_OLD))
    assert found is not None
    assert about.startswith("Vercel does not show the deployment before")
    found, about = compared(wrong)
    assert found is None
    assert about.startswith("nothing to compare with: Vercel does not show")


def test_a_log_from_a_file_is_compared_with_the_record(tmp_path: Path) -> None:
    (tmp_path / "log.ndjson").write_text('{"timestampInMs":1,"requestPath":"/","message":"x","level":"info"}\n')
    nobody = read_environment(Path("none"), {})
    found, about = compared(nobody, at("dpl_old", log=OF_THE_OLD), source=str(tmp_path / "log.ndjson"))
    assert found is not None
    assert (found.fingerprints, about) == (frozenset(["a" * 12]), "")
    found, about = compared(nobody, source=str(tmp_path / "log.ndjson"))
    assert (found, "keep a --record" in about) == (None, True)


def test_a_deployment_is_never_compared_with_itself(platform: PlatformAlone) -> None:
    found, _ = compared(
        asking(platform), at("dpl_new", log=log("dpl_new", "c" * 12)), since=platform.clock.milliseconds
    )
    assert found is None


def test_of_several_runs_the_whole_window_counts() -> None:
    part, whole = log("dpl_old", "d" * 12, requests=9), OF_THE_OLD
    entries = [
        at("dpl_old", decision=PASS, stage="window", log=whole),
        at("dpl_old", minutes=9, log=part),
        at("dpl_old", decision=FAIL, stage="window", minutes=10, log=log("dpl_old", "e" * 12)),
        at("dpl_old", stage="window", minutes=11, log=log("dpl_old", requests=0)),
    ]
    found = baselines.from_record(entries, "dpl_old")
    assert found is not None
    assert found.fingerprints == frozenset(["a" * 12])
    assert baselines.from_record(entries[3:], "dpl_old") is None


def test_the_requests_of_earlier_runs_are_known_by_the_record(tmp_path: Path) -> None:
    plan = planned(tmp_path, base_url=f"http://{HOST}", logs=VERCEL)
    run = Run(plan, tmp_path)
    first, second = (msgspec.structs.replace(OF_THE_OLD, own_requests=(name,)) for name in ("r-1", "r-2"))
    entries = (at("dpl_old", log=first), at("dpl_old", log=None), at("dpl_old", log=second))
    try:
        access = LogAccess(run, browser_requests=tuple, publish=print, earlier=lambda: Record(entries))
        assert list(access.earlier_requests()) == ["r-2", "r-1"]
    finally:
        run.target.close()
