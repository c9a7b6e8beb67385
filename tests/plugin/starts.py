"""Starts pytest or a command in a process of its own, and notes which modules it has loaded."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NOTHING: Mapping[str, str] = {}
_NOTED = """
import atexit, sys
sys.dont_write_bytecode = True
atexit.register(lambda: open({file!r}, "w").write("\\n".join(sys.modules)))
"""
_PYTEST = "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
_COMMAND = "from postdeploy.cli.main import main; sys.argv[0] = 'postdeploy'; main()"


@dataclass(frozen=True)
class Started:
    """How it ended."""

    code: int
    output: str
    modules: frozenset[str]

    @property
    def ours(self) -> set[str]:
        """Our own modules that were loaded."""
        return {name for name in self.modules if name.split(".")[0] == "postdeploy"}


def run_pytest(folder: Path, *arguments: str, environ: Mapping[str, str] = NOTHING) -> Started:
    """Run pytest in a folder, without a cache."""
    return _start(folder, _PYTEST, "-p", "no:cacheprovider", *arguments, environ=environ)


def run_command(folder: Path, *arguments: str) -> Started:
    """Run `postdeploy …` in a folder."""
    return _start(folder, _COMMAND, *arguments)


def _start(folder: Path, code: str, *arguments: str, environ: Mapping[str, str] = NOTHING) -> Started:
    descriptor, noted = tempfile.mkstemp()
    os.close(descriptor)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SMOKE_", "VERCEL_", "PYTEST_", "CRON_", "COV_CORE_", "COVERAGE_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", _NOTED.format(file=noted) + code, *arguments],
        cwd=folder,
        env={**environment, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    modules = frozenset(Path(noted).read_text().splitlines())
    Path(noted).unlink()
    return Started(done.returncode, done.stdout + done.stderr, modules)
