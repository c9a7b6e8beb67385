"""The pictures in the runbook are those that the code draws today."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.house.documents import words
from bench.watch_pictures import DOCS, pictures


@pytest.mark.parametrize(("file", "picture"), pictures().items(), ids=lambda one: getattr(one, "stem", ""))
def test_a_picture_is_fresh(file: Path, picture: str) -> None:
    assert file.read_text(encoding="utf-8") == picture, "python -m bench.watch_pictures"


def test_the_person_on_call_reads_two_pages(tmp_path: Path) -> None:
    on_call = (DOCS / "runbook.md").read_text(encoding="utf-8").partition("\n## Which deployment it is about")[0]
    page = tmp_path / "on-call.md"
    page.write_text(on_call, encoding="utf-8")
    assert words(page) <= 1000
    assert all(f"]({file.name})" in on_call for file in pictures())
