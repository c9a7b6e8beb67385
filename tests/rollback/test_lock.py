"""One rollback at a time on one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from postdeploy.model import Blocked
from postdeploy.rollback.lock import alone

HOLD = """
import time
from postdeploy.rollback.lock import alone
with alone('prj_1'):
    print('held', flush=True)
    time.sleep(60)
"""


def test_one_holds_it_and_the_other_learns_who_and_since_when(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with alone("prj_1", environ):
        with (
            pytest.raises(Blocked, match=rf"by .+ \(process {os.getpid()}\), for 0 s") as refused,
            alone("prj_1", environ),
        ):
            pass
        assert "Nothing was sent" in refused.value.what
        with alone("prj_2", environ):
            pass  # another project's is another one
    with alone("prj_1", environ):
        pass


def test_who_dies_does_not_hold_it_for_ever(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=os.environ | environ
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Blocked, match=f"process {other.pid}"), alone("prj_1", environ):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with alone("prj_1", environ):
        pass


def test_without_a_home_the_machines_temporary_directory_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with alone("prj_1", {}):
        assert list(tmp_path.glob("postdeploy-*/rollback-*.lock"))
        with pytest.raises(Blocked), alone("prj_1", {}):
            pass


def test_without_a_writable_directory_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(blocked))
    with pytest.raises(Blocked, match="XDG_STATE_HOME"), alone("prj_1", {"XDG_STATE_HOME": str(blocked)}):
        pass
