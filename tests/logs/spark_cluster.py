"""A standalone cluster of Spark on loopback, from PySpark's own files: one master, two workers, ended whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

_START = 60
"""Seconds in which the master and its workers must be there."""
_END = 10
"""Seconds in which they must be gone."""
_DEPLOY = "org.apache.spark.deploy"
_ENDS_WITH_US = ("sh", "-c", '"$@" & read -r _; kill 0', "sh")
"""Its standard input ends when this process does, by whatever signal: then so does all that it started."""
_LOOPBACK = ("--host", "127.0.0.1", "--webui-port", "0")
_REGISTERED = b"Registering worker"


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of its master. `folder`: for what it writes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, log = f"spark://127.0.0.1:{port}", folder / "master.log"
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_started(log, "master.Master", "--port", str(port)))
        _wait(log, b"New state: ALIVE", 1)
        for number in range(workers):
            own = folder / f"worker{number}"
            given = ("--cores", "1", "--memory", "1g", "--work-dir", str(own), address)
            started.append(_started(folder / f"worker{number}.log", "worker.Worker", *given))
        _wait(log, _REGISTERED, workers)
        yield address
    finally:
        for one in reversed(started):
            _end(one)


def _started(log: Path, what: str, *given: str) -> subprocess.Popen[bytes]:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    home = Path(found.origin).parent
    environment = os.environ | {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-Dspark.master.rest.enabled=false",  # its port is always the same
    }
    command = [*_ENDS_WITH_US, str(home / "bin/spark-class"), f"{_DEPLOY}.{what}", *_LOOPBACK, *given]
    with log.open("wb") as out:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, env=environment, start_new_session=True
        )


def _wait(log: Path, said: bytes, times: int) -> None:
    began = time.monotonic()
    while log.read_bytes().count(said) < times:
        if time.monotonic() > began + _START:
            raise TimeoutError(f"Spark's cluster did not start: {log.read_text(encoding='utf-8', errors='replace')}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and what it started: executors stand in its group."""
    began, sent = time.monotonic(), signal.SIGTERM
    with suppress(ProcessLookupError):
        while True:
            os.killpg(process.pid, sent)
            process.poll()
            time.sleep(0.1)
            sent = signal.SIGKILL if time.monotonic() > began + _END else signal.SIGTERM
