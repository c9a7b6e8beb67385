"""Where the incident note is: reports/incident.md, and for one more minor version the same text as reports/decision.md."""

from __future__ import annotations

from pathlib import Path

from postdeploy.redaction import Redactor
from postdeploy.system import files

FILE = "incident.md"
FORMER_FILE = "decision.md"


def read(directory: Path) -> str | None:
    """The note as it stands, edits included; None: there is none, or it can't be read."""
    for name in (FILE, FORMER_FILE):
        try:
            return (directory / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return None


def write(directory: Path, text: str, redact: Redactor) -> Path:
    """Replace the note. Returns its path."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in (FORMER_FILE, FILE):
        files.replace(directory / name, redact(text).encode())
    return directory / FILE


def remove(directory: Path) -> None:
    """The note is about something else."""
    for name in (FORMER_FILE, FILE):
        (directory / name).unlink(missing_ok=True)
