"""Child processes leave nothing behind, however their parent ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox import processes

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = """
import subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("family of", grandchild.pid, flush=True)
time.sleep(600)
"""


def exists(pid: int) -> bool:
    """Whether a process is there and not only waiting to be reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether something comes true within a time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_stopping_ends_what_the_child_started_too(tmp_path: Path) -> None:
    child = processes.start("family", [sys.executable, "-c", FAMILY], log=tmp_path / "log", ready=r"family of (\d+)")
    grandchild = int(child.wait_until_ready(10)[1])
    child.stop()
    assert not child.running
    assert eventually(lambda: not exists(grandchild))


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_the_children_of_a_killed_parent_end(tmp_path: Path, signum: signal.Signals) -> None:
    script = textwrap.dedent(f"""
        import pathlib, sys, time
        from sandbox import processes
        child = processes.start("family", [sys.executable, "-c", {FAMILY!r}],
                                log=pathlib.Path({str(tmp_path / "log")!r}), ready=r"family of (\\d+)")
        print(child.pid, child.wait_until_ready(10)[1], flush=True)
        time.sleep(600)
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with parent:
        assert parent.stdout is not None
        family = [int(pid) for pid in parent.stdout.readline().split()]
        assert all(exists(pid) for pid in family)
        parent.send_signal(signum)
    assert eventually(lambda: not any(exists(pid) for pid in family))


def test_a_child_that_ends_instead_of_serving_is_quoted(tmp_path: Path) -> None:
    child = processes.start(
        "server",
        [sys.executable, "-c", "print('port is taken'); raise SystemExit(3)"],
        log=tmp_path / "log",
        ready="ready",
    )
    with pytest.raises(processes.ChildError, match=r"server ended with exit code 3[\s\S]*port is taken"):
        child.wait_until_ready(10)


def test_a_child_that_never_serves_is_stopped(tmp_path: Path) -> None:
    child = processes.start(
        "server", [sys.executable, "-c", "import time; time.sleep(600)"], log=tmp_path / "log", ready="ready"
    )
    with pytest.raises(processes.ChildError, match="was not ready"):
        child.wait_until_ready(0.2)
    assert not child.running


def test_a_failing_command_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(processes.ChildError, match=r"build ended with exit code 1[\s\S]*no such module"):
        processes.run(
            "build", [sys.executable, "-c", "raise SystemExit('no such module')"], timeout=10, log=tmp_path / "log"
        )


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(processes.ChildError, match="install took longer than"):
        processes.run(
            "install", [sys.executable, "-c", "import time; time.sleep(600)"], timeout=0.5, log=tmp_path / "log"
        )
