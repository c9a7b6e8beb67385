"""The healthy sandbox many times over, on one deployment and with its log: a red here cries wolf. `make soak N=20`."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import Measured, run_suite

pytestmark = pytest.mark.soak

TIMES = int(os.environ.get("N", "20"))


def _burn(parent: int) -> None:
    """Until whoever started it is gone, however that ended."""
    while os.getppid() == parent:
        pass


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """Other work on this many cores."""
    context = multiprocessing.get_context("spawn")
    burners = [context.Process(target=_burn, args=(os.getpid(),), daemon=True) for _ in range(count)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


@pytest.fixture(scope="module")
def deployed(running_sandbox: Sandbox) -> Sandbox:
    """One deployment for all turns, just promoted: its window is open, and the earlier turns are in its log."""
    running_sandbox.heal()
    running_sandbox.promote("redeploy")  # and not back to the one before, which is a rollback, and a warning
    return running_sandbox


def _verified(sandbox: Sandbox, reports: Path, *options: str) -> Measured:
    environment = sandbox.environment() | sandbox.platform_environment()
    return run_suite(sandbox.url, environment, reports, "--runbook", "sandbox/runbook.toml", "--logs=vercel", *options)


def _is_clean(measured: Measured) -> bool:
    says = (measured.verdict["decision"], measured.exit_code, measured.verdict["log"]["totals"]["unique"])
    return says == ("PASS", 0, 0) and measured.warnings == set()


@pytest.mark.parametrize("turn", range(TIMES))
def test_healthy_is_pass(deployed: Sandbox, tmp_path: Path, turn: int) -> None:
    measured = _verified(deployed, tmp_path)
    assert _is_clean(measured), measured.output


@pytest.mark.parametrize("turn", range(TIMES))
def test_healthy_is_pass_beside_other_work(deployed: Sandbox, tmp_path: Path, turn: int) -> None:
    with busy_cores(os.cpu_count() or 2):
        measured = _verified(deployed, tmp_path, "--budget-factor", "3")
    assert _is_clean(measured), measured.output
