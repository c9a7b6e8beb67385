"""What a whole healthy run costs, as counts: they hold on any machine what was won. A change that needs more raises them knowingly."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postdeploy.runbook.reading import read_runbook
from tests.faults.measure import Measured, run_suite

if TYPE_CHECKING:
    from sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(240)]
MOST = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_PICTURE = "screenshot"


@dataclass(frozen=True)
class Counted:
    """A run and what it asked for."""

    measured: Measured
    round_trips: dict[str, dict[str, int]]
    """Check → method → messages to the browser's driver."""
    requests: Counter[str]
    """How many requests the app answered to it, by method."""


@pytest.fixture(scope="module")
def counted(running_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    running_sandbox.heal()
    folder = tmp_path_factory.mktemp("counted")
    running_sandbox.logs.wait_until_quiet()
    before = {row.request.id for row in running_sandbox.logs.truth if row.request}
    environment = running_sandbox.environment() | running_sandbox.platform_environment() | running_sandbox.app_secrets()
    environment["ROUND_TRIPS"] = str(folder / "round-trips.json")
    measured = run_suite(
        running_sandbox.url,
        environment,
        folder / "reports",
        *("-p", "tests.plugin.round_trips", "--runbook", "sandbox/runbook.toml", "--logs=vercel"),
    )
    running_sandbox.logs.wait_until_quiet()
    asked = {row.request.id: row.request for row in running_sandbox.logs.truth if row.request}
    fresh = [one for id_, one in asked.items() if id_ not in before]
    trips = json.loads((folder / "round-trips.json").read_text(encoding="utf-8"))
    return Counted(measured, trips, Counter(one.method for one in fresh))


def test_a_whole_run_is_a_pass(counted: Counted) -> None:
    assert (counted.measured.exit_code, counted.measured.warnings) == (0, set()), counted.measured.output


def test_no_check_needs_more_round_trips_to_the_browser(counted: Counted) -> None:
    """The first one opens the browser. Checks that are not listed use none."""
    sent = {check: sum(methods.values()) - methods.get(_PICTURE, 0) for check, methods in counted.round_trips.items()}
    assert {check: count for check, count in sent.items() if count > MOST["round_trips"].get(check, 0)} == {}


def test_no_check_takes_more_than_one_picture(counted: Counted) -> None:
    """Whether it takes one depends on whether the page still shows what the last picture does."""
    taken = {check: methods.get(_PICTURE, 0) for check, methods in counted.round_trips.items()}
    assert {check: count for check, count in taken.items() if count > 1} == {}
    assert sum(taken.values()) > 0


def test_the_run_makes_no_more_requests(counted: Counted) -> None:
    assert {method: count for method, count in counted.requests.items() if count > MOST["requests"][method]} == {}


def test_the_run_signs_in_no_more_often(counted: Counted) -> None:
    """The login check, the renewed-token check, and one that is refused. The others share the first one's session."""
    left, writes = counted.measured.verdict["writes"], read_runbook().writes
    often = {what: int(count) for count, _, what in (one.partition(" × ") for one in left) if what}
    once = {one for one in left if " × " not in one}
    assert often.get(writes.sign_in, writes.sign_in in once) == MOST["sign_ins"]
    assert often.get(writes.refused, writes.refused in once) == MOST["refused"]
