"""Installing the official clients that judge the sandbox, as their locks say, once for all tests and processes."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from sandbox import builds

CLIENTS = Path(__file__).parents[1] / "official_clients"


def installed(directory: Path, log: Path) -> Path:
    """The directory, with everything its lock names in ``node_modules``."""
    stamp = directory / "node_modules" / ".stamp"
    wanted = hashlib.sha256((directory / "package-lock.json").read_bytes()).hexdigest()
    stamp.parent.mkdir(exist_ok=True)
    with FileLock(stamp.with_name(".lock")):
        if not stamp.exists() or stamp.read_text() != wanted:
            builds.npm_install(directory, log)
            stamp.write_text(wanted)
    return directory


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    printed: str
    told: str
    """What it said beside it, to people."""


@dataclass(frozen=True)
class Command:
    """The ``vercel`` command, in one of its generations, signed in and linked to the project."""

    directory: Path
    url: str
    home: Path
    token: str
    team: str

    def run(self, generation: str, *arguments: str) -> Said:
        """Run it to its end. `generation`: vercel is 64, vercel-63 the one before."""
        script = self.directory / "node_modules" / generation / "dist" / "vc.js"
        environment = builds.environment(
            {
                "HOME": str(self.home),
                "NO_UPDATE_NOTIFIER": "1",
                "VERCEL_TELEMETRY_DISABLED": "1",
                "VERCEL_TOKEN": self.token,
                "VERCEL_ORG_ID": self.team,
                "VERCEL_PROJECT_ID": "prj_1",
            }
        )
        done = subprocess.run(
            [str(builds.node()), str(script), *arguments, "--api", self.url],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)
