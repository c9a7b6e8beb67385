"""The healthy sandbox many times over: a red here cries wolf. `make soak N=20`."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import run_suite

pytestmark = pytest.mark.soak

TIMES = int(os.environ.get("N", "20"))


def _burn() -> None:
    while True:
        pass


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """Other work on this many cores."""
    context = multiprocessing.get_context("spawn")
    burners = [context.Process(target=_burn, daemon=True) for _ in range(count)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


@pytest.mark.parametrize("turn", range(TIMES))
def test_healthy_is_pass(sandbox: Sandbox, tmp_path: Path, turn: int) -> None:
    measured = run_suite(sandbox.url, sandbox.environment(), tmp_path, "--runbook", "sandbox/runbook.toml")
    assert (measured.verdict["decision"], measured.exit_code) == ("PASS", 0), measured.output


@pytest.mark.parametrize("turn", range(TIMES))
def test_healthy_is_pass_beside_other_work(sandbox: Sandbox, tmp_path: Path, turn: int) -> None:
    with busy_cores(os.cpu_count() or 2):
        measured = run_suite(
            sandbox.url, sandbox.environment(), tmp_path, "--runbook", "sandbox/runbook.toml", "--budget-factor", "3"
        )
    assert (measured.verdict["decision"], measured.exit_code) == ("PASS", 0), measured.output
