"""Whole runs against a server that is deployed anew while they measure it, without anybody who could be asked."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Response

from tests import site as sites
from tests.site import Site, let_in, measured, said, to_the_login_page

pytestmark = [pytest.mark.processes, pytest.mark.timeout(60)]


@pytest.fixture
def site() -> Iterator[Site]:
    with sites.site() as served:
        yield served


@pytest.mark.parametrize(
    "script", [pytest.param("AAAAA", id="it serves all the time"), pytest.param("A--A--A", id="an outage in between")]
)
def test_what_serves_all_the_time_is_judged(site: Site, tmp_path: Path, script: str) -> None:
    site.script = script
    run = measured(site.url, tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert run.warnings == set()


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_another_deployment_ends_the_run_and_is_named(site: Site, tmp_path: Path, processes: tuple[str, ...]) -> None:
    site.script = "AABB"
    run = measured(site.url, tmp_path, *processes)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert run.verdict["summary"].startswith("superseded by dpl_b during the run")


def test_one_stray_answer_ends_no_run_and_is_a_warning(site: Site, tmp_path: Path) -> None:
    site.script = "AABAAAAA"
    run = measured(site.url, tmp_path)
    assert said(run) == ("PASS", None), run.output
    [warning] = run.warnings
    assert warning.startswith("one answer came from dpl_b, all others from dpl_a")


def test_two_that_answer_alternately_prove_nothing(site: Site, tmp_path: Path) -> None:
    site.script = "ABABABA"
    run = measured(site.url, tmp_path)
    assert said(run) == ("INCONCLUSIVE", "unproven"), run.output
    assert "two deployments answer alternately, dpl_a and dpl_b" in run.verdict["summary"]


def test_a_failure_that_was_seen_before_stays(site: Site, tmp_path: Path) -> None:
    site.inbox = let_in
    site.script = "AAB"  # the look before the checks, the one at the failure, and the last
    site.held_until = 1
    run = measured(site.url, tmp_path, look=60.0)
    assert said(run) == ("FAIL", "superseded"), run.output
    assert "of a superseded deployment; dpl_b serves now" in run.verdict["summary"]


def test_a_failure_that_another_deployment_may_have_served_is_none(site: Site, tmp_path: Path) -> None:
    site.script = "AB"
    site.inbox = let_in
    run = measured(site.url, tmp_path)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert "by now another deployment answers" in run.output


def test_the_looks_are_those_of_a_newcomer(site: Site, tmp_path: Path) -> None:
    """A cookie that ties to a deployment would show that one for ever."""
    site.script = "AAAA"
    measured(site.url, tmp_path)
    assert site.pinned_by_cookie == []


def test_the_first_challenge_ends_the_looks(site: Site, tmp_path: Path) -> None:
    site.script = "AA!AAAAAA"
    site.held_until = 3

    def later() -> Response:
        time.sleep(1.5)
        return to_the_login_page()

    site.inbox = later
    measured(site.url, tmp_path)
    assert site.looks == 5, "two before it, itself, the check's own, and the last"


def test_a_long_watch_ends_when_another_deployment_takes_over(site: Site, tmp_path: Path) -> None:
    """The log is piped in and goes on: nothing else would end it for ten minutes."""
    site.script = "AAABB"
    reading, writing = os.pipe()
    try:
        run = measured(site.url, tmp_path, "--logs=-", "--watch=10m", mark="watch", piped_in=reading)
    finally:
        os.close(writing)
        os.close(reading)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert "checks not reached: superseded by dpl_b" in run.output
