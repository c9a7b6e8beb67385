"""Many runs on one deployment whose window is open: none of them judges another, or is judged by what it did itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.log_stories import Story
from tests.faults.measure import Measured, run_suite

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.timeout(540)]

IN_A_ROW, AT_ONCE, PEOPLE = 10, 3, 30
GIVEN_UP = 3
"""Requests of a run that its browser leaves unanswered, at most."""
OPTIONS = ("--runbook=sandbox/runbook.toml", "--logs=vercel", "--budget-factor=3")


def verified(sandbox: Sandbox, folder: Path, *options: str) -> Measured:
    environment = sandbox.environment() | sandbox.platform_environment()
    return run_suite(sandbox.url, environment, folder, *OPTIONS, *options)


@pytest.fixture
def deployed(sandbox: Sandbox) -> Story:
    """A healthy deployment, a minute ago, and what people did with it."""
    story = Story(sandbox, ago=60)
    story.deploy()
    story.people_act(PEOPLE, until=50)
    story.now()
    return story


def says(run: Measured) -> tuple[object, ...]:
    """What a run says of the deployment."""
    told = [one for one in run.verdict["findings"] if one["severity"] in ("fail", "warn")]
    findings = [
        one["summary"] for one in told if one["part"] != "deployments"
    ]  # what was live before is not the matter
    log = run.verdict["log"]
    return run.verdict["decision"], run.verdict["recommendation"], findings, log["totals"]["unique"]


def people(run: Measured) -> tuple[int, int, int]:
    """The requests of people, as a run counts them."""
    totals = run.verdict["log"]["totals"]
    return totals["requests"], totals["actions"], totals["inbox"]


@pytest.mark.parametrize("record", [True, False], ids=["with a record", "without a record"])
def test_runs_one_after_the_other_say_the_same(
    sandbox: Sandbox, deployed: Story, tmp_path: Path, *, record: bool
) -> None:
    """Each counts the requests of people alone, though the platform shows no user agent.

    Not known is what the browser gave up before it was answered: such a request has no id.
    """
    options = [f"--record={tmp_path / 'record.jsonl'}"] if record else []
    runs = [verified(sandbox, tmp_path / str(number), *options) for number in range(IN_A_ROW)]
    assert [says(run) for run in runs] == [("PASS", "keep-watching", [], 0)] * IN_A_ROW, runs[-1].output
    first, *others = [people(run) for run in runs]
    assert first[1] - PEOPLE <= GIVEN_UP
    for number, counted in enumerate(others, 1):
        assert all(now - before <= GIVEN_UP * number for now, before in zip(counted, first, strict=True)), others


@pytest.mark.parametrize("plus", [True, False], ids=["with Observability Plus", "without"])
def test_runs_side_by_side_say_the_same(sandbox: Sandbox, deployed: Story, tmp_path: Path, *, plus: bool) -> None:
    deployed.offer(observability_plus=plus)
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        runs = list(at_once.map(lambda number: verified(sandbox, tmp_path / str(number)), range(AT_ONCE)))
    assert [says(run) for run in runs] == [("PASS", "keep-watching", [], 0)] * AT_ONCE, runs[-1].output


def test_three_real_errors_and_the_probes_of_earlier_runs_stay_three(
    sandbox: Sandbox, deployed: Story, tmp_path: Path
) -> None:
    sandbox.break_("action-throws-variously")
    deployed.people.fail([1, 2, 3])
    sandbox.heal()
    runs = [verified(sandbox, tmp_path / str(number)) for number in range(3)]
    assert [says(run)[0] for run in runs] == ["PASS"] * 3, runs[-1].output
    assert [says(run)[3] for run in runs] == [3] * 3
