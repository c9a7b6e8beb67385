"""The virtual environment: complete, or made anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / (os.environ.get("VENV") or ".venv")
"""`make` names another one where PYTHON is given."""
PYTHON = VENV / "bin" / "python"
_UNFINISHED = VENV / "unfinished"
"""Stands while the environment is being made: an interruption leaves it behind."""


class SetupError(Exception):
    """A step failed. The message says what to do."""


def make() -> None:
    """Make the environment if it is missing, half-made, moved, or of another Python than it was."""
    if is_complete():
        return
    print(f"setup: creating {VENV.name} with Python {sys.version_info.major}.{sys.version_info.minor}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    _UNFINISHED.touch()
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise SetupError(f"creating the virtual environment failed: {(made.stdout + made.stderr).strip()}")
    _UNFINISHED.unlink()


def is_complete() -> bool:
    """Whether it was finished, in this place, and its Python still runs. Its scripts name the place by heart."""
    if _UNFINISHED.exists() or not _names_this_place():
        return False
    try:
        return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _names_this_place() -> bool:
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(line.startswith("command = ") and line.endswith(f" {VENV}") for line in lines)
