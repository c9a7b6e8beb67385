"""The session that all checks share."""

from __future__ import annotations

from pathlib import Path

from postdeploy.run.session import SharedSession
from postdeploy.system.store import Store

STATE = {"cookies": [{"name": "sb-auth-token", "value": "secret"}], "origins": []}


def test_the_session_of_one_process_is_found_by_the_others(tmp_path: Path) -> None:
    session = SharedSession(Store(tmp_path))
    with session.locked():
        assert session.state is None
        session.keep(STATE)
    with SharedSession(Store(tmp_path)).locked():
        assert session.state == STATE


def test_nobody_else_may_read_the_session(tmp_path: Path) -> None:
    SharedSession(Store(tmp_path)).keep(STATE)
    assert (tmp_path / "session.json").stat().st_mode & 0o777 == 0o600
