"""A stand-in for Vercel, for the commands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.alone import NOWHERE, PlatformAlone, platform_alone
from sandbox.deployments import Commit, Deployment


@pytest.fixture
def platform(elsewhere: Path) -> Iterator[PlatformAlone]:
    """Three deployments, each live after the other: dpl_older, dpl_old and dpl_new."""
    with platform_alone() as one:
        now = one.clock.now
        one.deployments.auto_assign = True
        for days, name in ((3, "older"), (2, "old"), (1, "new")):
            commit = Commit(f"{name:0<12}", message=f"Change {name}")
            built = now - dt.timedelta(days=days, hours=1)
            one.deployments.deploy(Deployment(f"dpl_{name}", NOWHERE, f"inbox-{name}", built, commit=commit))
        yield one


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of its own, with no .env in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
