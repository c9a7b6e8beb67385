"""Where the checks, their fixtures and the pages about findings are: in the installed package, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "suite"
_CHECKOUT = Path(__file__).parents[3]
IS_CHECKOUT = not _PACKAGED.is_dir()
PAGES = _CHECKOUT / "docs" / "findings" if IS_CHECKOUT else _PACKAGED / "findings"
"""A page for each kind of finding."""
SMOKE = "smoke"
SUITE = _CHECKOUT if IS_CHECKOUT else _PACKAGED
"""The folder with smoke/ and fixtures/."""
_OF_A_CHECKOUT = ("smoke/test_login.py", "fixtures/recorder.js")


def checks_of(project: Path) -> Path:
    """The folder of the checks that a run in this project carries out: its own, if it is a checkout; else those installed."""
    own = all((project / file).is_file() for file in _OF_A_CHECKOUT)
    return (project if own else SUITE) / SMOKE
