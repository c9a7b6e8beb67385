"""A published figure says which code it measured, and is stale as soon as that is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import figures
from bench.figures import ALL, ROOT, Figures, content_hash, stale, write

ONE = Figures("docs/page.md", ("src", "one.toml"), "make it")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(figures, "ALL", (ONE,))
    for name in ("docs/page.md", "src/a.py", "src/sub/b.js", "one.toml", "other.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    write(tmp_path / ONE.page, "# 1.52 times the floor\n", tmp_path)
    return tmp_path


def test_a_page_that_was_measured_just_now_is_fresh(project: Path) -> None:
    assert not stale(ONE, project)
    write(project / ONE.page, (project / ONE.page).read_text(encoding="utf-8"), project)
    assert (project / ONE.page).read_text(encoding="utf-8").count("measured at") == 1


@pytest.mark.parametrize("changed", ["src/a.py", "src/sub/b.js", "one.toml", "src/new.py"])
def test_it_is_stale_once_the_code_is_another(project: Path, changed: str) -> None:
    (project / changed).write_text("changed", encoding="utf-8")
    assert stale(ONE, project)


@pytest.mark.parametrize("changed", ["other.py", "src/notes.txt"])
def test_what_it_does_not_measure_changes_nothing(project: Path, changed: str) -> None:
    (project / changed).write_text("changed", encoding="utf-8")
    assert not stale(ONE, project)


def test_a_page_without_a_hash_is_stale(project: Path) -> None:
    (project / ONE.page).write_text("# 1.52 times the floor\n", encoding="utf-8")
    assert stale(ONE, project)


def test_a_file_that_is_renamed_is_another(project: Path) -> None:
    before = content_hash(ONE.of, project)
    (project / "src/a.py").rename(project / "src/c.py")
    assert content_hash(ONE.of, project) != before


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.page)
def test_each_page_and_what_it_measures_is_there(one: Figures) -> None:
    assert (ROOT / one.page).is_file()
    assert all((ROOT / place).exists() for place in one.of)
