"""The masked screenshots of a run, as files next to its verdict: reports/pictures."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

FOLDER = "pictures"
THERE, HERE = "last-good--", "again--"
"""What the names of a comparison run's pictures begin with: on the last-good deployment, and once more on this one."""
_KINDS = {".png": "image/png", ".jpg": "image/jpeg"}
_MOST = 24 << 20
"""Bytes of a picture that is shown."""


def picture_name(check: str) -> str:
    """The name of a check's picture, without the ending."""
    return re.sub(r"[^\w.-]+", "-", check).strip("-.")[:120]


def keep(reports: Path, name: str, picture: bytes) -> None:
    """Keep one: PNG or JPEG."""
    folder = reports / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    ending = ".png" if picture.startswith(b"\x89PNG") else ".jpg"
    (folder / f"{name}{ending}").write_bytes(picture)


def adopt(reports: Path, other: Path, prefix: str) -> None:
    """Keep those of a run that this one has started."""
    for file in sorted((other / FOLDER).glob("*")):
        keep(reports, f"{prefix}{file.stem}", file.read_bytes())


def remove(reports: Path) -> None:
    """Those of an earlier run."""
    shutil.rmtree(reports / FOLDER, ignore_errors=True)


def address(reports: Path, name: str) -> str | None:
    """One as a data URL; None: there is none."""
    for ending, kind in _KINDS.items():
        file = reports / FOLDER / f"{name}{ending}"
        if file.is_file() and file.stat().st_size < _MOST:
            return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    return None
