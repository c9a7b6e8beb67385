"""The wheel, installed beside nothing of this checkout, and an app's repository that uses it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_COMMAND = "from postdeploy.cli.main import main; main()"
_OF_THIS_RUN = ("SMOKE_", "VERCEL_", "PYTEST_", "CRON_", "COV_CORE_", "COVERAGE_", "GITHUB_")


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    return next(folder.glob("*.whl"))


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    output: str

    @property
    def checks(self) -> list[str]:
        """The ids that it listed."""
        return [line for line in self.output.splitlines() if "::" in line]


@dataclass(frozen=True)
class Installed:
    """The unpacked wheel, first on the path of imports: what it lacks comes from the packages of this Python."""

    site: Path

    @classmethod
    def unpacked(cls, wheel: Path, site: Path) -> Installed:
        """Unpack it, as an installer does."""
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(site)
        return cls(site)

    def pytest(self, folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Ended:
        """`pytest …` in a folder."""
        return self._run(folder, ["-m", "pytest", "-p", "no:cacheprovider", *arguments], environ or {})

    def command(self, folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Ended:
        """`postdeploy …` in a folder."""
        return self._run(folder, ["-c", _COMMAND, *arguments], environ or {})

    def _run(self, folder: Path, arguments: list[str], environ: Mapping[str, str]) -> Ended:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THIS_RUN)}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env={**clean, "PYTHONPATH": str(self.site), "PYTHONDONTWRITEBYTECODE": "1", **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout + done.stderr)
