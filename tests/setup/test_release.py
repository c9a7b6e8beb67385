"""What may be released."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

problems = runpy.run_path(str(Path(__file__).parents[2] / "setup" / "release.py"))["problems"]
METADATA = '[project]\nversion = "1.2.0"\n'
CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 1.2.0 – 2026-12-01\n\n## 1.1.0 – 2026-11-01\n"


@pytest.mark.parametrize(
    ("tag", "changelog", "count"),
    [
        pytest.param("v1.2.0", CHANGELOG, 0, id="all fits"),
        pytest.param("v1.1.0", CHANGELOG, 1, id="a tag of another version"),
        pytest.param("1.2.0", CHANGELOG, 1, id="a tag without v"),
        pytest.param("v1.2.0", CHANGELOG.replace("1.2.0 ", "1.3.0 "), 1, id="no section"),
        pytest.param("v1.2.0", CHANGELOG.replace("2026-12-01", "soon"), 1, id="no date"),
        pytest.param("v1.3.0", "# Changelog\n", 2, id="neither"),
    ],
)
def test_a_tag_is_released_if_version_and_changelog_fit(tag: str, changelog: str, count: int) -> None:
    assert len(list(problems(tag, METADATA, changelog))) == count
