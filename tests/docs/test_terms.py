"""What people read in code uses the terms of the field: messages, help, docstrings, comments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.terms import unclear

PROJECT = Path(__file__).parents[2]
PLACES = (
    "Makefile",
    ".github/**/*.yml",
    "bench/**/*.py",
    "reports/*.py",
    "sandbox/*.py",
    "sandbox/auth/*.py",
    "sandbox/database/*.py",
    "sandbox/edge/*.py",
    "sandbox/logs/*.py",
    "sandbox/platform/*.py",
    "setup/*",
    "smoke/*.py",
    "fixtures/*.py",
    "src/postdeploy/**/*.py",
    "src/postdeploy/**/*.toml",
    "runbook.toml",
    "conftest.py",
)


EARLIER = re.compile(r'"(--trial|trial|lever|standing|borne)"')
"""Names of options, keys and values that still work: users and records have them."""


@pytest.mark.parametrize("place", PLACES)
def test_code_uses_the_terms_of_the_field(place: str) -> None:
    files = [file for file in sorted(PROJECT.glob(place)) if file.is_file()]
    found = {
        str(file.relative_to(PROJECT)): unclear(EARLIER.sub("", file.read_text(encoding="utf-8"))) for file in files
    }
    assert {file: words for file, words in found.items() if words} == {}, "the word, and what stands for it"
