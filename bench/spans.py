"""A plugin of pytest that writes down when the stages of one run began and ended: `-p bench.spans`, into the file BENCH_SPANS."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

_began = float(os.environ["BENCH_BEGAN"])
_spans: list[tuple[str, float]] = []
"""Stages in their order, with the second at which each ended, from the start of the process."""


def _ended(stage: str) -> None:
    _spans.append((stage, time.monotonic() - _began))


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """All is imported, the options are read."""
    _ended("Python, pytest and the plugins are loaded, the run is configured")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Preflight was before it."""
    _ended("checks are collected, the deployment answers")


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Set-up, call and tear-down of a check."""
    name = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    _ended(f"{name}: {report.when}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Ours writes before."""
    _ended("verdict and report are written")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """What is left is the interpreter's end."""
    _ended("browser and threads have ended")
    Path(os.environ["BENCH_SPANS"]).write_text(json.dumps(_spans), encoding="utf-8")
