"""A project that is not ours, in whose environment the plugin is installed: as if it were not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.starts import run_pytest

pytestmark = pytest.mark.processes
ENTRY = {"postdeploy", "postdeploy.plugin", "postdeploy.plugin.entry"}
CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--baseline", help="of this project")
    parser.addoption("--watch", action="store_true", help="of this project")
"""
TESTS = """
import pytest

@pytest.mark.smoke
@pytest.mark.parametrize("number", range(20))
def test_number(number, pytestconfig):
    assert (pytestconfig.option.baseline, pytestconfig.option.watch) == ("main", True)
"""
OURS = "[tool.pytest.ini_options]\npostdeploy = true\n"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = smoke: of this project\naddopts = --strict-markers\n")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_numbers.py").write_text(TESTS)
    return folder


def test_its_mark_smoke_and_its_options_are_its_own(foreign: Path) -> None:
    found = run_pytest(foreign, "-m", "smoke", "--baseline=main", "--watch")
    assert (found.code, "20 passed" in found.output) == (0, True), found.output
    assert not (foreign / "reports").exists()


def test_it_loads_the_entry_and_nothing_else_of_us(foreign: Path) -> None:
    assert run_pytest(foreign, "-m", "smoke", "--baseline=main", "--watch").ours == ENTRY


def test_it_sees_none_of_our_options_and_marks(foreign: Path) -> None:
    shown = run_pytest(foreign, "--help").output
    assert "verification of a deployment" not in shown
    assert "prove a rollback" not in run_pytest(foreign, "--markers").output


def test_the_key_can_be_given_on_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    found = run_pytest(folder, "-o", "postdeploy=true", "-m", "smoke")
    assert (found.code, "no deployment to verify" in found.output) == (4, True), found.output


def test_the_key_makes_a_project_ours(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(OURS)
    assert "--deployed-at" in run_pytest(folder, "--help").output
    assert "prove a rollback" in run_pytest(folder, "--markers").output


def test_a_project_that_says_no_is_not_ours(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(OURS.replace("true", "false"))
    assert "--deployed-at" not in run_pytest(folder, "--help").output


def test_a_value_that_pytest_takes_for_a_path_is_named(tmp_path: Path) -> None:
    """`--runbook FILE` of another folder: pytest does not know the option yet, and looks for the project there."""
    folder, elsewhere = tmp_path / "ours", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "pyproject.toml").write_text(OURS)
    (elsewhere / "mine.toml").write_text("schema = 1\n")
    (elsewhere / "pytest.ini").write_text("[pytest]\n")
    found = run_pytest(folder, "-m", "smoke", "--runbook", str(elsewhere / "mine.toml"))
    assert (found.code, "--runbook=FILE" in found.output) == (4, True), found.output
