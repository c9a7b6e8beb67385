"""From when on the log may be looked at for the last time: no check makes a request any more, and all probes are answered."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from postdeploy.plugin.last_request import LastRequest
from postdeploy.run.options import Options
from postdeploy.run.plan import resolve
from postdeploy.run.run import Run

CHECKS = {
    "browser": "test_the_session_survives_a_reload",
    "own": "test_something_of_our_own",
    "answers": "test_the_cron_route_rejects_calls_without_the_secret",
    "log": "test_nothing_is_missing_from_the_log",
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    options = Options(
        expression="smoke", marks=frozenset({"smoke"}), root=tmp_path, folder=tmp_path, base_url="http://127.0.0.1:9"
    )
    (tmp_path / "shared").mkdir()
    return Run(resolve(options, {"SMOKE_EMAIL": "a@b.test", "SMOKE_PASSWORD": "x"}), tmp_path / "shared")


def known_before(run: Run, *kinds: str) -> list[str]:
    """Before which checks it is known that no request follows, where pytest runs checks of these kinds one after the other."""
    items = [SimpleNamespace(nodeid=f"smoke/{kind}", name=CHECKS[kind]) for kind in kinds]
    last, known = LastRequest(run), []
    last.pytest_collection_finish(cast("pytest.Session", SimpleNamespace(items=items)))
    for kind, item in zip(kinds, items, strict=True):
        last.pytest_runtest_setup()
        known += [kind] if run.requests_made else []
        last.pytest_runtest_logfinish(item.nodeid)
    return known


@pytest.mark.parametrize(
    ("kinds", "known"),
    [
        pytest.param(["browser", "answers", "log"], ["answers", "log"], id="what is left only reads"),
        pytest.param(["answers", "browser", "log"], ["log"], id="the last check that asks decides"),
        pytest.param(["answers", "own", "log"], ["log"], id="a check that is not ours may ask"),
        pytest.param(["answers", "log", "browser"], [], id="one that comes later, too"),
    ],
)
def test_no_request_follows_the_last_check_that_makes_any(run: Run, kinds: list[str], known: list[str]) -> None:
    run.probes.start(())
    assert known_before(run, *kinds) == known


def test_a_probe_without_an_answer_is_waited_for(run: Run) -> None:
    answered = threading.Event()
    run.probes.start(())
    run.probes._in_thread(lambda: print(answered.wait()))
    assert known_before(run, "browser", "log") == []
    answered.set()


def test_probes_that_another_process_makes_may_still_be_under_way(run: Run) -> None:
    assert known_before(run, "browser", "log") == []
