"""Installing the official clients that judge the sandbox, as their locks say, once for all tests and processes."""

from __future__ import annotations

import hashlib
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
