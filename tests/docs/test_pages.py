"""People finish the pages: short, in plain words, and true about where things are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.house.documents import words, written_by_people
from tests.docs.terms import unclear

PROJECT = Path(__file__).parents[2]
PAGES = [Path("CHANGELOG.md"), *(page.relative_to(PROJECT) for page in written_by_people(PROJECT))]
FINDINGS = [page for page in PAGES if page.parent.name == "findings" and page.name != "README.md"]
LONGEST_CELL = 200
SECTIONS = [
    "What it means",
    "How it is recognised",
    "What to do now",
    "What not to do",
    "Does a rollback help?",
    "Similar findings",
]
FOLDERS = ("src", "tests", "docs", "sandbox", "bench", "setup", "smoke", "fixtures", "reports", ".github")


def read(page: Path) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """Without commands, code and the addresses of links."""
    text = re.sub(r"(?m)^ {4,}\S.*$", "", read(page))
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)", "", text)


@pytest.mark.parametrize("document", PAGES, ids=str)
def test_no_cell_of_a_table_is_too_long_to_read(document: Path) -> None:
    rows = [line.strip().strip("|") for line in read(document).splitlines() if line.lstrip().startswith("|")]
    cells = [cell.strip() for row in rows for cell in row.split("|")]
    assert [cell for cell in cells if len(re.sub(r"\]\([^)]*\)", "]", cell)) > LONGEST_CELL] == []


@pytest.mark.parametrize("document", PAGES, ids=str)
def test_a_page_uses_the_terms_of_the_field(document: Path) -> None:
    assert unclear(prose(document)) == {}, "the word, and what stands for it"


@pytest.mark.parametrize("document", PAGES, ids=str)
def test_a_file_that_a_page_names_exists(document: Path) -> None:
    named = re.findall(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]+)`", read(document))
    within = re.findall(r"`([\w/]+\.(?:py|sql))`", read(document))
    assert [name for name in within if not any(PROJECT.glob(f"src/**/{Path(name).name}")) and name not in named] == []
    made_by_runs = [name for name in named if name.startswith("reports/") and not name.endswith(".py")]
    assert [name for name in named if name not in made_by_runs and not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("document", FINDINGS, ids=lambda document: document.stem)
def test_a_page_about_a_finding_answers_the_same_questions_shortly(document: Path) -> None:
    assert re.findall(r"(?m)^## (.*)$", read(document)) == SECTIONS
    assert words(PROJECT / document) <= 350


def test_the_readme_fits_on_two_screens() -> None:
    text = read(Path("README.md"))
    assert len(text.splitlines()) <= 100
    first_screen = "\n".join(text.splitlines()[:20])
    assert all(one in first_screen for one in ("    make smoke ", "**For** ", "![ROLL BACK"))


def test_the_architecture_is_read_to_its_end() -> None:
    assert words(PROJECT / "docs/architecture.md") <= 1200


def questions() -> list[tuple[str, str, str]]:
    """The newcomer's table: question, file, what to look for in it."""
    section = read(Path("docs/architecture.md")).partition("## Questions of a newcomer")[2].partition("\n## ")[0]
    rows = re.findall(r"(?m)^\| (.+?) \| `([^`]+)` \| `([^`]+)` \|$", section)
    assert len(rows) >= 10
    return rows


@pytest.mark.parametrize(("question", "file", "symbol"), questions(), ids=lambda value: value)
def test_a_newcomers_question_leads_to_its_answer(question: str, file: str, symbol: str) -> None:
    assert symbol in read(Path(file)), question
