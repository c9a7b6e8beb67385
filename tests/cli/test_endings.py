"""How `postdeploy logs` ends when it can't write, or is stopped: no traceback, no process left, and never as a failed deployment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from postdeploy.analysis import saved_logs
from postdeploy.cli.main import app
from tests.logs.rows import Sent, export_lines, healthy, rows, throws

PROGRAM = "from postdeploy.cli.main import main; main()"
WITH_WORKERS = f"from postdeploy.analysis import range_reading; range_reading.PARALLEL_FROM = 1; {PROGRAM}"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"}
FOUR = ("die Gebühr fehlt 𝄞", "kein Schlüssel da", "der Entwurf ist überfällig", "das ließ niemand zu")
PATIENCE = 30


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Four errors with letters that ASCII lacks: it fails the deployment."""
    file = tmp_path / "log"
    file.write_bytes(export_lines(rows([*healthy(20), *(throws(each, 9) for each in FOUR)])))
    return file


def command(*arguments: object, program: str = PROGRAM) -> list[str]:
    return [sys.executable, "-c", program, "logs", *map(str, arguments)]


@pytest.mark.processes
@pytest.mark.parametrize("options", [(), ("--json",), ("--all",)])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_decides_nothing(log: Path, options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command(*options, log), stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (10, b"postdeploy: No space left on device\n")


@pytest.mark.processes
@pytest.mark.parametrize("options", [(), ("--json",), ("--all",)])
def test_a_closed_pipe_decides_nothing(log: Path, options: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as unread:
        done = subprocess.run(command(*options, log), stdout=unread, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (10, False)


@pytest.mark.processes
@pytest.mark.parametrize("options", [(), ("--json",), ("--all",)])
def test_an_ascii_locale_changes_neither_the_exit_code_nor_what_json_says(log: Path, options: tuple[str, ...]) -> None:
    usual = subprocess.run(command(*options, log), capture_output=True, check=False)
    done = subprocess.run(command(*options, log), env={**os.environ, **ASCII}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.isascii()
    if options == ("--json",):
        assert json.loads(done.stdout) == json.loads(usual.stdout)
    else:
        assert b"\\u2588" in done.stdout


@pytest.mark.processes
def test_a_file_name_that_the_locale_lacks_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "ü.json"
    done = subprocess.run(command(missing), env={**os.environ, **ASCII}, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (4, False)


def started(arguments: list[str], is_ready: Callable[[int], bool]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + PATIENCE
    while not is_ready(process.pid) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    return process


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_while_workers_read_it_leaves_none_behind(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "log"
    file.write_bytes(export_lines(rows([Sent(at / 100) for at in range(2_000)])) * 10)
    workers: list[int] = []

    def has_workers(process: int) -> bool:
        workers[:] = children(process)
        return bool(workers)

    process = started(command(file, program=WITH_WORKERS), has_workers)
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors.decode()) == (-9 if number == signal.SIGKILL else 2, "")
    until = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < until:
        time.sleep(0.02)
    assert [worker for worker in workers if Path(f"/proc/{worker}").exists()] == []


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied", "x")]
)
def test_what_the_machine_refuses_decides_nothing(
    error: OSError, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(error, log, monkeypatch) == 10
    assert str(error.strerror) in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyError("x"), RuntimeError("x"), RecursionError("x"), MemoryError()])
def test_our_own_error_is_never_a_failed_deployment(
    error: Exception, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ending(error, log, monkeypatch) == 3


def ending(error: Exception, log: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    def breaks(*_: object) -> None:
        raise error

    monkeypatch.setattr(saved_logs, "examine", breaks)
    with pytest.raises(SystemExit) as ended:
        app(["logs", str(log)])
    return ended.value.code
