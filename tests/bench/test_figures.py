"""A published figure says which code it measured, and is stale as soon as that is another."""

from __future__ import annotations

import subprocess
import sys
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


MEASURES = """from pathlib import Path
from bench import figures
figures.ALL = (figures.Figures("docs/page.md", ("src", "one.toml"), "python measures.py", cheap=True),)
figures.write(Path("docs/page.md").resolve(), "# measured again", Path.cwd())
"""


@pytest.mark.parametrize(("cheap", "says"), [(True, "fresh"), (False, "stale")])
def test_again_measures_the_cheap_ones_that_are_stale(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cheap: bool, says: str
) -> None:
    (project / "measures.py").write_text(MEASURES, encoding="utf-8")
    (project / "src/a.py").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(figures, "ALL", (Figures("docs/page.md", ONE.of, "python measures.py", cheap=cheap),))
    monkeypatch.setattr(sys, "argv", ["figures", "--again"])
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    assert figures.main(project) == 0
    assert capsys.readouterr().out.startswith(says)
    assert ("measured again" in (project / "docs/page.md").read_text(encoding="utf-8")) is cheap


@pytest.mark.parametrize("changed", [False, True])
def test_a_release_needs_none_stale(project: Path, monkeypatch: pytest.MonkeyPatch, changed: bool) -> None:
    if changed:
        (project / "src/a.py").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["figures", "--release"])
    assert figures.main(project) == int(changed)


def test_the_release_workflow_asks_for_it_before_it_builds() -> None:
    steps = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    assert 0 < steps.find("-m bench.figures --release") < steps.find("-m hatchling build")


@pytest.mark.parametrize("built", ["src/.state/a.js", "src/node_modules/b/c.js"])
def test_what_was_built_or_installed_is_not_the_code(project: Path, built: str) -> None:
    (project / built).parent.mkdir(parents=True)
    (project / built).write_text("built", encoding="utf-8")
    assert not stale(ONE, project)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.page)
def test_each_page_and_what_it_measures_is_there(one: Figures) -> None:
    assert (ROOT / one.page).is_file()
    assert all((ROOT / place).exists() for place in one.of)


def test_a_page_names_the_commit_that_was_measured(project: Path) -> None:
    def git(*arguments: str) -> str:
        asked = ("git", "-C", str(project), "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments)
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()

    def page() -> str:
        write(project / ONE.page, "# 1.52 times the floor\n", project)
        return (project / ONE.page).read_text(encoding="utf-8")

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "x")
    commit = git("rev-parse", "--short=8", "HEAD")
    assert f"\nMeasured at commit {commit}.\n" in page()
    (project / "src/a.py").write_text("changed", encoding="utf-8")
    assert f"\nMeasured at commit {commit} and changes on top.\n" in page()
    assert not stale(ONE, project)
    write(project / ONE.page, page(), project)
    assert page().count("Measured at commit") == 1
