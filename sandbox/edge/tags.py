"""Tags: snippets that a tag manager puts at the end of every page. Each file of snippets/ is one."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("snippets")


def names() -> list[str]:
    """Every tag there is."""
    return sorted(file.stem for file in _FOLDER.glob("*.html"))


def snippet(name: str) -> bytes:
    """What a page gets appended."""
    return (_FOLDER / f"{name}.html").read_bytes()
