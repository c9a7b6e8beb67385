"""The folders that Allure and pytest-playwright empty before a run: no other files may stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_OF_ALLURE = re.compile(
    r"[\w-]{1,64}-(?:result\.json|container\.json|attachment(?:\.\w{1,10})?)"
    r"|environment\.(?:properties|xml)|(?:categories|executor|globals)\.json|history\.jsonl"
)
_OF_PLAYWRIGHT = re.compile(
    r"test-(?:failed|finished)-\d+\.png|(?:trace|video)(?:-\d+){0,2}\.(?:zip|webm)|(?:page@)?[0-9a-f]{32}\.webm|\.last-run\.json"
)
"""Its screenshots, traces and videos, and those that the suite itself was allowed to keep."""
_TREND = "history"
"""Where Allure 2 keeps the trend of its reports, as JSON."""


def refuse_foreign_files(option: str, folder: Path, *, deep: bool) -> None:
    """`deep`: pytest-playwright's, which has a folder for each test; else Allure's.

    Raises:
        pytest.UsageError: the folder holds something else.
    """
    if not folder.exists():
        return
    foreign = next((one for one in folder.rglob("*") if not _is_own(one, folder, deep=deep)), None)
    if foreign is not None:
        raise pytest.UsageError(
            f"{option}={folder} is emptied before the run, and {foreign} is there. Give a folder of its own."
        )


def _is_own(one: Path, folder: Path, *, deep: bool) -> bool:
    if deep:
        return (one.is_dir() and not one.is_symlink()) or _OF_PLAYWRIGHT.fullmatch(one.name) is not None
    if (folder / _TREND) in (one, one.parent):
        return one.is_dir() if one.parent == folder else one.suffix == ".json"
    return one.parent == folder and _OF_ALLURE.fullmatch(one.name) is not None
