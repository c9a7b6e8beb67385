"""A sandbox for the tests of one file: there can be only one at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Sandbox


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[Sandbox]:
    """A sandbox in whatever state the last test left it."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The sandbox, healthy."""
    running_sandbox.heal()
    return running_sandbox
