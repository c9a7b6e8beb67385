"""A migration that holds a lock: whoever reads that table waits, and the database is up. PGlite has one session: this needs a Postgres."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sandbox import Sandbox
from tests.faults.measure import run_suite

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not shutil.which("initdb"), reason="no Postgres is installed: initdb is not in PATH"),
]


def _postgres(*command: str) -> None:
    """Postgres refuses to run as root."""
    user = "postgres" if os.getuid() == 0 else None
    subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)


@pytest.fixture
def database() -> Iterator[str]:
    """A Postgres, empty. In a folder of its own: pytest's are closed to other users."""
    home = tempfile.mkdtemp()
    if os.getuid() == 0:
        shutil.chown(home, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _postgres("initdb", "-D", f"{home}/data", "-A", "trust", "-U", "postgres", "--no-sync")
    _postgres("pg_ctl", "-D", f"{home}/data", "-w", "-l", f"{home}/log", "-o", f"-p {port} -k {home}", "start")
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    _postgres("pg_ctl", "-D", f"{home}/data", "-m", "immediate", "stop")
    shutil.rmtree(home)


@pytest.fixture
def own_sandbox(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox on it."""
    monkeypatch.setenv("SANDBOX_DATABASE_URL", database)
    with Sandbox.start() as sandbox:
        yield sandbox


def test_a_locked_table_is_told_from_a_database_that_hangs(own_sandbox: Sandbox, database: str, tmp_path: Path) -> None:
    healthy = run_suite(own_sandbox.url, own_sandbox.environment(), tmp_path / "1", "--runbook=sandbox/runbook.toml")
    assert (healthy.exit_code, healthy.verdict["decision"]) == (0, "PASS"), healthy.output
    with psycopg.connect(database) as migration:
        migration.execute('LOCK TABLE "Message" IN ACCESS EXCLUSIVE MODE')
        found = run_suite(own_sandbox.url, own_sandbox.environment(), tmp_path / "2", "--runbook=sandbox/runbook.toml")
    first = next(one for one in found.verdict["findings"] if one["severity"] == "fail")
    assert first["cause"] == "no-answer", found.output
    assert "it is up; the function hangs, or a table is locked" in first["summary"], found.output
    # Whoever waits for the lock holds a connection: when the pool has none left, all of the database hangs.
    assert (found.verdict["decision"], found.verdict["recommendation"]) == ("FAIL", "hold"), found.output
