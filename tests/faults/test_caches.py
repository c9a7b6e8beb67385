"""A cache that answers in the app's place proves nothing, and fails nothing; one that keeps files of the build is healthy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from sandbox import Sandbox
from tests.faults.caching import Cache, cache, is_action, is_read, is_static
from tests.faults.measure import Measured, run_suite

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(540)]


@pytest.fixture
def before(sandbox: Sandbox) -> Iterator[Cache]:
    with cache(sandbox) as found:
        yield found


def verified(sandbox: Sandbox, before: Cache, reports: Path) -> Measured:
    measured = run_suite(
        before.url, sandbox.environment(), reports, "--runbook=sandbox/runbook.toml", "--budget-factor=3"
    )
    assert measured.consistent, measured.output
    return measured


def is_inconclusive(measured: Measured) -> bool:
    return (measured.verdict["decision"], measured.verdict["reason"]) == ("INCONCLUSIVE", "unproven") and (
        "a cache between the browser and the app" in measured.output
    )


@pytest.mark.parametrize(
    ("keeps", "older", "honest"),
    [
        pytest.param(is_action, 30.0, True, id="Server Actions, with an age"),
        pytest.param(is_action, 0.0, False, id="Server Actions with today's date: the request id is an earlier one"),
        pytest.param(is_read, 30.0, True, id="reads, with an age"),
        pytest.param(is_read, 0.0, False, id="reads with today's date: the request id is an earlier one"),
    ],
)
def test_what_is_replayed_proves_nothing(
    sandbox: Sandbox, before: Cache, tmp_path: Path, keeps: Callable[[web.Request], bool], older: float, *, honest: bool
) -> None:
    before.keeps, before.older, before.honest = keeps, older, honest
    measured = verified(sandbox, before, tmp_path)
    assert before.replayed
    assert is_inconclusive(measured), measured.output


def test_an_app_that_fails_behind_stale_answers_is_not_healthy(sandbox: Sandbox, before: Cache, tmp_path: Path) -> None:
    """The cache is warm from a healthy run, and hides that Server Actions fail now (stale-if-error)."""
    before.keeps, before.only_on_error, before.older = is_action, True, 30.0
    warm = verified(sandbox, before, tmp_path / "warm")
    assert (warm.verdict["decision"], before.replayed) == ("PASS", []), warm.output
    sandbox.break_("action-throws")
    measured = verified(sandbox, before, tmp_path / "stale")
    assert before.replayed
    assert is_inconclusive(measured), measured.output


def test_a_cache_of_static_files_is_healthy(sandbox: Sandbox, before: Cache, tmp_path: Path) -> None:
    before.keeps, before.older = is_static, 86_400.0
    measured = verified(sandbox, before, tmp_path)
    assert before.replayed
    assert measured.verdict["decision"] == "PASS", measured.output
