"""A sandbox for the tests of one file: there can be only one at a time."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sandbox import Sandbox


with contextlib.suppress(ImportError):  # a gate reads this file too, and has no Hypothesis
    from hypothesis import settings

    settings.register_profile("patient", deadline=None)  # how long an example takes is the machine's affair
    settings.register_profile("quick", settings.get_profile("patient"), max_examples=20)
    settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _interrupts_count() -> None:
    """A shell that starts the tests in the background ignores SIGINT, and what they start would ignore it, too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _tracer_stays() -> Iterator[None]:
    """Coverage measures through the process's one tracer: a test that takes it away blinds all that follow it."""
    before = sys.gettrace()
    yield
    assert sys.gettrace() is before


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[Sandbox]:
    """A sandbox in whatever state the last test left it."""
    from sandbox import Sandbox  # noqa: PLC0415 - a gate reads this file too, and has no sandbox

    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The sandbox, healthy."""
    running_sandbox.heal()
    return running_sandbox
