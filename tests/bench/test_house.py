"""The command that counts the house, and the picture that is drawn from it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bench.house.code import Code, Module, read_code
from bench.house.documents import MEASURED_BEGIN, MEASURED_END, words, words_by_subject, written_by_people
from bench.house.picture import PICTURE, picture
from bench.house.startup import install
from bench.house.table import keep

PROJECT = Path(__file__).parents[2]
SOURCE = '''"""What it is."""

import os  # a comment behind code

# a comment of its own
class Row:
    """A docstring
    of two lines.
    """

    size: int
    """What is below an attribute is a docstring, too."""


class _Own:
    text = """a string
    that is a value"""


def public() -> int:
    return len(
        os.sep
    )
'''


def module(path: str, source: str = SOURCE) -> Module:
    return Module(Path(path), source)


def test_blank_lines_comments_and_docstrings_are_no_code() -> None:
    assert module("a.py").code_lines == len(
        ["import", "class Row", "size", "class _Own", "text", "that", "def", "return", "os.sep", ")"]
    )


def test_public_are_functions_and_classes_without_an_underscore() -> None:
    assert [*module("a.py").public_names] == ["Row", "public"]


def test_a_class_name_in_two_modules_is_found_private_or_not() -> None:
    code = Code([module("a.py"), module("b/c.py"), module("d.py", "class Other: ...")], layers=1)
    assert code.classes_with_one_name == ["Row", "_Own"]


def test_a_name_that_another_folder_imports_is_counted_once() -> None:
    importing = "from postdeploy.a import public, Row\nfrom postdeploy.b.d import other\n"
    code = Code(
        [module("b/c.py", importing), module("e/f.py", "def g():\n    from postdeploy.a import Row\n")], layers=1
    )
    assert code.shared_names == len({"public", "Row"})


def test_the_table_of_contents_of_a_folder_is_not_a_module_of_it() -> None:
    code = Code([module("a.py"), module("b/__init__.py"), module("b/c.py"), module("b/d/e.py")], layers=1)
    assert code.per_folder == {"(no folder)": 1, "b": 2}


def test_words_are_counted_as_they_are_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        f"# One two\n\n| a | b |\n| --- | --- |\n\n[three](four/five.md)\n{MEASURED_BEGIN}\n6\n{MEASURED_END}\n"
    )
    assert words(page) == len(["One", "two", "a", "b", "three"])


def test_what_was_measured_is_put_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{MEASURED_BEGIN}\nold\n{MEASURED_END}\nafter\n")
    keep(page, "new")
    assert page.read_text() == f"before\n{MEASURED_BEGIN}\n\nnew\n\n{MEASURED_END}\nafter\n"


def test_generated_pages_are_not_counted_as_written() -> None:
    names = {page.name for page in written_by_people(PROJECT)}
    assert {"README.md", "architecture.md", "runbook.md"} <= names
    assert not {"faults.md", "bench.md", "bench-logs.md"} & names
    assert words_by_subject(PROJECT).keys() >= {"README.md", "docs/architecture", "docs/decisions", "docs/findings"}


def test_a_checkout_is_laid_out_as_its_wheel_would_install_it(tmp_path: Path) -> None:
    installed = install(PROJECT, tmp_path / "site", "now")
    [record] = installed.path.glob("postdeploy-*.dist-info/RECORD")
    files = record.read_text().split(",,\n")
    assert "postdeploy/model.py" in files, "pytest rewrites what the distribution lists"
    assert installed.entry.startswith("postdeploy.")


def test_no_class_stands_twice_the_layers_are_few_and_no_file_is_long() -> None:
    code = read_code(PROJECT)
    assert code.classes_with_one_name == []
    assert code.layers <= 12
    assert [str(one.path) for one in code.modules if one.lines > 300] == []


def test_the_picture_of_the_house_is_the_import_contract() -> None:
    if (PROJECT / PICTURE).read_text(encoding="utf-8") != picture(PROJECT):
        pytest.fail(f"{PICTURE} shows another house. Draw it again: python -m bench.house.picture")


FOLDERS = {one.parent.name: one.parent for one in (PROJECT / "src/postdeploy").glob("*/__init__.py")}


@cache
def imported_from_elsewhere() -> set[tuple[str, str]]:
    """Folder and module of everything that another folder, a fixture or a check imports."""
    found = set()
    for file in [*PROJECT.glob("src/postdeploy/**/*.py"), *PROJECT.glob("fixtures/*.py"), *PROJECT.glob("smoke/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("postdeploy."):
                for name in node.names:
                    _, folder, *module = f"{node.module}.{name.name}".split(".")
                    if folder in FOLDERS and FOLDERS[folder] not in file.parents:
                        found.add((folder, module[0]))
    return found


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_folder_says_what_question_it_answers_and_lists_what_others_may_import(folder: str) -> None:
    tree = ast.parse((FOLDERS[folder] / "__init__.py").read_text(encoding="utf-8"))
    first, _, _ = (ast.get_docstring(tree) or "").partition("\n")
    assert "?" in first, "the first line is a question"
    assert len(tree.body) == 1, "it loads nothing"
    listed, _ = _contents(FOLDERS[folder])
    assert (
        sorted(module for owner, module in imported_from_elsewhere() if owner == folder and module not in listed) == []
    )


CONTENTS = sorted(one.parent for one in (PROJECT / "src/postdeploy").glob("*/**/__init__.py"))


@pytest.mark.parametrize(
    "folder", CONTENTS, ids=lambda folder: folder.relative_to(PROJECT / "src/postdeploy").as_posix()
)
def test_a_folder_lists_all_of_its_modules(folder: Path) -> None:
    listed, there = _contents(folder)
    assert sorted(there - listed) == [], "there, and not listed"
    assert sorted(name for name in listed - there if name.isidentifier()) == [], "listed, and not there"


def _contents(folder: Path) -> tuple[set[str], set[str]]:
    """The modules that a folder's docstring lists, and those that are there."""
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    _, _, contents = (ast.get_docstring(tree) or "").partition("\n")
    listed = {name for line in contents.splitlines() for name in re.split(r",\s*", line.split("  ")[0].strip())}
    there = {one.stem for one in folder.glob("*.py")} | {one.parent.name for one in folder.glob("*/__init__.py")}
    return listed, there - {"__init__"}
