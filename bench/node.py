"""@playwright/test, installed as its lock says, once, with the Node of the sandbox."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

from sandbox.builds import environment, node

_HERE = Path(__file__).parent
_MODULES = _HERE / "node_modules"
PLAYWRIGHT_TEST = _MODULES / "@playwright" / "test"
_LIMIT = 120
"""Seconds that npm may take; a few are usual."""


class InstallError(Exception):
    """@playwright/test is not there, and could not be had."""


def install() -> None:
    """Install what the lock says, unless it is there; the browser is the machine's, not one of npm's."""
    lock = hashlib.sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = _MODULES / ".stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return
    print("bench: installing @playwright/test (some seconds, once)", flush=True)
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Not `npm ci`: it refuses a lock whose optional packages for other platforms an index does not carry.
    command = [str(node()), str(npm), "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(
            [*command, "--fetch-retries=1"],
            cwd=_HERE,
            env=environment({"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}),
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InstallError(f"bench: npm took longer than {_LIMIT} s; is the package index reachable?") from error
    if done.returncode:
        raise InstallError(f"bench: npm could not install @playwright/test:\n{done.stdout}{done.stderr}")
    stamp.write_text(lock, encoding="utf-8")


def version() -> str:
    """The version of @playwright/test that is installed."""
    return str(json.loads((PLAYWRIGHT_TEST / "package.json").read_text(encoding="utf-8"))["version"])


__all__ = ["PLAYWRIGHT_TEST", "InstallError", "install", "node", "version"]
