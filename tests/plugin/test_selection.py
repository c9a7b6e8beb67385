"""Which of our marks a `-m` expression asks for, what a check is called, and which mistakes are refused."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from conftest import FIXTURES
from postdeploy.plugin.selection import (
    MARKS,
    belongs_to_another_run,
    function_of,
    marks_in,
    name_of,
    nothing_of_ours,
    refuse_unknown_checks,
    refuse_unknown_marks,
    refuse_unmarked_checks,
    subject_of,
)

PROJECT = Path(__file__).parents[2]
SUBJECTS = ("variable", "_route", "endpoint")
"""Arguments for which a check is made once for each there is."""


@pytest.mark.parametrize(
    ("expression", "marks"),
    [
        pytest.param("", set(), id="none"),
        pytest.param("smoke", {"smoke"}, id="one"),
        pytest.param("smoke or watch", {"smoke", "watch"}, id="two"),
        pytest.param("smoke or nightly", {"smoke"}, id="together with a mark of another kind"),
        pytest.param("smoke and not nightly", {"smoke"}, id="less some checks"),
        pytest.param("not slow", set(), id="what selects unmarked tests asks for none of ours"),
        pytest.param("slow", set(), id="another mark"),
        pytest.param("smoke and watch", set(), id="what no check carries alone"),
        pytest.param("smoke or (", set(), id="what pytest itself refuses"),
    ],
)
def test_an_expression_asks_for_our_marks(expression: str, marks: set[str]) -> None:
    assert marks_in(expression) == marks


def item(name: str, **attributes: object) -> pytest.Item:
    return cast(pytest.Item, SimpleNamespace(name=name, **attributes))


ROUTE = item(
    "test_answers[chromium-/api/cron]",
    originalname="test_answers",
    callspec=SimpleNamespace(params={"browser": "chromium", "cron_route": Path("/api/cron")}),
)
PLAIN = item("test_answers")


@pytest.mark.parametrize(
    ("text", "marks", "another"),
    [
        pytest.param("pytestmark = pytest.mark.canary", {"smoke"}, True, id="its mark is not asked for"),
        pytest.param("pytestmark = pytest.mark.smoke", {"smoke"}, False, id="its mark is"),
        pytest.param("pytestmark = [pytest.mark.smoke, pytest.mark.watch]", {"watch"}, False, id="one of two is"),
        pytest.param("pytestmark = pytest.mark.nightly", {"smoke"}, False, id="a mark that is not ours says nothing"),
        pytest.param("pytestmark = pytest.mark.canary\n@pytest.mark.smoke", {"smoke"}, False, id="one check differs"),
        pytest.param("pytestmark = mark.canary\n@mark.smoke", {"smoke"}, False, id="however it is written"),
        pytest.param("def test_unmarked(): ...", {"smoke"}, False, id="a file without a mark"),
        pytest.param("pytestmark = MARKS", {"smoke"}, False, id="marks that are not to be seen"),
    ],
)
def test_a_file_is_left_out_if_no_check_in_it_can_be_selected(
    tmp_path: Path, text: str, marks: set[str], another: bool
) -> None:
    file = tmp_path / "test_x.py"
    file.write_text(text)
    assert belongs_to_another_run(file, marks) is another


def test_a_check_has_the_name_of_its_function() -> None:
    assert (function_of(ROUTE), function_of(PLAIN)) == ("test_answers", "test_answers")


@pytest.mark.parametrize(
    ("check", "kinds", "subject", "name"),
    [
        pytest.param(ROUTE, ("webhook", "cron_route"), "/api/cron", "test_answers[/api/cron]", id="a route"),
        pytest.param(ROUTE, ("webhook",), None, "test_answers", id="parameters of another kind"),
        pytest.param(PLAIN, ("cron_route",), None, "test_answers", id="no parameters"),
        pytest.param(
            item("test_answers[]", originalname="test_answers"), ("cron_route",), None, "test_answers", id="no subject"
        ),
    ],
)
def test_a_check_of_several_is_named_with_its_subject(
    check: pytest.Item, kinds: tuple[str, ...], subject: str | None, name: str
) -> None:
    assert (subject_of(check, kinds), name_of(check, kinds)) == (subject, name)


def configured(folder: Path, *arguments: str, marks: str = "") -> pytest.Config:
    lines = ["smoke: verify", "means(cause, sentence): a cause", "slow", "nightly : for the night"]
    return cast(
        pytest.Config,
        SimpleNamespace(
            args=list(arguments),
            option=SimpleNamespace(markexpr=marks),
            invocation_params=SimpleNamespace(dir=folder),
            getini=lambda name: lines if name == "markers" else [],
        ),
    )


@pytest.mark.parametrize(
    "argument", ["smoke", "smoke/test_login.py", "smoke/test_login.py::test_x", "other folder/../smoke"]
)
def test_a_file_of_checks_without_a_mark_is_a_mistake(tmp_path: Path, argument: str) -> None:
    with pytest.raises(pytest.UsageError, match=f"{argument} verifies a deployment.*-m smoke --base-url=https://"):
        refuse_unmarked_checks(configured(tmp_path, "tests", argument), tmp_path / "smoke")


@pytest.mark.parametrize("argument", ["tests", ".", "smoke.py", "elsewhere/smoke/test_login.py"])
def test_any_other_file_is_none(tmp_path: Path, argument: str) -> None:
    refuse_unmarked_checks(configured(tmp_path, argument), tmp_path / "smoke")


@pytest.mark.parametrize("marks", ["", "smoke", "smoke and not (slow or nightly)", "means", "True or False"])
def test_known_marks_are_known(tmp_path: Path, marks: str) -> None:
    refuse_unknown_marks(configured(tmp_path, marks=marks))


@pytest.mark.parametrize(
    ("marks", "unknown"), [("smok", "smok"), ("smoke and slo", "slo"), ("not _x1", "_x1"), ("smoke or none", "none")]
)
def test_a_misspelt_mark_is_a_mistake(tmp_path: Path, marks: str, unknown: str) -> None:
    with pytest.raises(pytest.UsageError, match=f"unknown mark '{unknown}'. Known: smoke, watch, rollback, canary"):
        refuse_unknown_marks(configured(tmp_path, marks=marks))


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A folder of checks."""
    (tmp_path / "test_one.py").write_text("def test_it_loads(): ...\n\ndef test_it_renders(inbox): ...\n", "utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more/test_other.py").write_text("# é\nclass Test:\n    def test_it_opens(self): ...\n", "latin-1")
    (tmp_path / "notes.txt").write_text("test_in_a_note", "utf-8")
    return tmp_path


def test_checks_that_there_are_are_known(suite: Path) -> None:
    refuse_unknown_checks({"test_it_loads": "inbox", "test_it_opens[/api/cron]": "cron", "test_it_renders": "a"}, suite)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        pytest.param("test_it_load", "test_it_loads", id="one letter"),
        pytest.param("test_it_opnes[/api/cron]", "test_it_opens", id="with a subject"),
        pytest.param("test_in_a_note", "test_it_opens", id="in another file"),
        pytest.param("qqqq", "test_it_renders", id="not alike at all"),
    ],
)
def test_a_misspelt_check_is_a_mistake(suite: Path, name: str, nearest: str) -> None:
    function = name.partition("[")[0]
    with pytest.raises(pytest.UsageError) as refused:
        refuse_unknown_checks({"test_it_loads": "inbox", name: "cron"}, suite)
    assert str(refused.value) == f"checks.cron names {function}, and no check is called so. Did you mean {nearest}?"


def test_where_there_is_no_check_none_is_meant(tmp_path: Path) -> None:
    with pytest.raises(pytest.UsageError, match=r"and no check is called so\.$"):
        refuse_unknown_checks({"test_it_loads": "inbox"}, tmp_path)


@pytest.mark.parametrize("mark", MARKS)
def test_every_check_finds_the_fixtures_that_it_asks_for(mark: str) -> None:
    """Those of other runs are not loaded."""
    modules = (*FIXTURES[""], *FIXTURES.get(mark, ()))
    texts = [(PROJECT / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8") for name in modules]
    there = {name for text in texts for name in re.findall(r"@pytest\.fixture[^\n]*\ndef (\w+)\(", text)}
    checks = [file.read_text(encoding="utf-8") for file in (PROJECT / "smoke").glob("test_*.py")]
    functions = [one for text in checks if f"mark.{mark}" in text for one in ast.parse(text).body]
    asked = {each.arg for one in functions if isinstance(one, ast.FunctionDef) for each in one.args.args}
    assert asked
    assert {name for name in asked - there if not name.endswith(SUBJECTS)} == set()


def call(*typed: str, expression: str) -> pytest.Config:
    return cast(
        pytest.Config,
        SimpleNamespace(
            option=SimpleNamespace(markexpr=expression), invocation_params=SimpleNamespace(args=typed), stash={}
        ),
    )


URL = "--base-url=https://app.example.com"


@pytest.mark.parametrize(
    ("typed", "expression", "options", "why"),
    [
        pytest.param(["-m", "", URL], "", [], "-m is empty", id="a variable that is not set"),
        pytest.param(["-m", "", "--base-url", "https://a.b"], "  ", [], "-m is empty", id="the address after a space"),
        pytest.param([URL], "smoke or not slow", [], "without a mark", id="one of ours, and tests without a mark"),
        pytest.param([URL], "not slow or canary", [], "without a mark", id="the other way round"),
        pytest.param(["--logs=x"], "slow", ["--logs"], "--logs are options", id="an option of ours, and another mark"),
        pytest.param(
            ["--reports", "x", "--runbook=y"],
            "",
            ["--reports", "--runbook"],
            "--reports, --runbook",
            id="options of ours, and no mark",
        ),
    ],
)
def test_a_call_about_verifying_that_selects_none_of_our_checks_is_refused(
    typed: list[str], expression: str, options: list[str], why: str
) -> None:
    assert why in (nothing_of_ours(call(*typed, expression=expression), options) or "")


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        pytest.param([], "", id="the project's own tests"),
        pytest.param([], "not slow", id="some of them"),
        pytest.param([URL], "not slow", id="end-to-end tests of the project's own"),
        pytest.param([URL], "", id="all of them"),
        pytest.param([URL], "not smoke", id="all but our checks"),
        pytest.param([URL], "not smoke and not canary", id="all but those of two marks"),
        pytest.param(["-m", ""], "", id="no address, so nothing to verify"),
        pytest.param([URL], "smoke or (", id="what pytest itself refuses"),
    ],
)
def test_a_call_about_other_tests_is_left_alone(typed: list[str], expression: str) -> None:
    assert nothing_of_ours(call(*typed, expression=expression), []) is None


def test_options_of_the_configuration_are_for_the_runs_that_verify() -> None:
    """A project that names its runbook in `addopts` runs its own tests as before."""
    assert nothing_of_ours(call("tests", expression=""), ["--runbook"]) is None
