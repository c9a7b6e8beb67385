"""A sandbox for the tests of one file: there can be only one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sandbox import Sandbox


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
