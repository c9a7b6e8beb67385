"""Another app replaces page/app/ and nothing else of page/: no other file there knows what an inbox is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "src/postdeploy/page"
OF_THE_APP = re.compile(r"conversation|workspace|inbox|\bcards?\b|\blead\b", re.IGNORECASE)
NAMES_THE_APP = {"__init__.py"}
"""It lists the folder's files, app/ among them."""


@pytest.mark.parametrize("file", sorted(PAGE.glob("*.py")), ids=lambda file: file.stem)
def test_only_page_app_knows_the_app(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [f"{file.name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if OF_THE_APP.search(line)]
    assert found == [] or file.name in NAMES_THE_APP
