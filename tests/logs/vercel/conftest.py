"""A stage for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.logs.vercel.stage import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A platform and what a source needs to reach it."""
    from sandbox.serving import Loop  # noqa: PLC0415 - a gate reads this file too, and has no sandbox
    from tests.logs.vercel.stage import Stage  # noqa: PLC0415

    loop = Loop()
    stage = Stage(loop)
    yield stage
    stage.close()
    loop.close()
