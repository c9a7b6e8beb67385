"""Files and switches that hide from pytest that a project is ours: the run is refused, and no earlier verdict stands beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adversary.attack import stale
from tests.plugin.starts import run_pytest

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]
OURS = "[tool.pytest.ini_options]\npostdeploy = true\n"
PASSING = "import pytest\n\n@pytest.mark.smoke\ndef test_nothing(): pass\n"
ASKED = ("-m", "smoke", "--base-url=https://app.example.com")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A project of ours, with a passing test of its own that has the mark, and the PASS of an earlier run."""
    folder = tmp_path / "ours"
    (folder / "reports").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(OURS)
    (folder / "test_own.py").write_text(PASSING)
    (folder / "reports" / "verdict.json").write_text(stale())
    return folder


def decision(folder: Path) -> str:
    found: str = json.loads((folder / "verdict.json").read_text())["decision"]
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("pytest.ini", "", id="an empty pytest.ini"),
        pytest.param(".pytest.ini", "[pytest]\naddopts = -q\n", id="a hidden one"),
        pytest.param("pytest.toml", "[pytest]\n", id="pytest.toml"),
    ],
)
def test_a_configuration_file_that_pytest_prefers_is_named(ours: Path, name: str, text: str) -> None:
    (ours / name).write_text(text)
    found = run_pytest(ours, *ASKED)
    assert (found.code, f"{name}, so `postdeploy = true`" in found.output) == (4, True), found.output
    assert decision(ours / "reports") == "INCONCLUSIVE"


def test_one_that_makes_the_project_ours_itself_is_no_shadow(ours: Path) -> None:
    (ours / "pytest.ini").write_text("[pytest]\npostdeploy = true\n")
    found = run_pytest(ours, "-m", "smoke")
    assert (found.code, "no deployment to verify" in found.output) == (4, True), found.output


def test_other_tests_of_a_project_with_such_a_file_run(ours: Path) -> None:
    (ours / "pytest.ini").write_text("[pytest]\n")
    assert run_pytest(ours, "-m", "not slow").code == 0
    assert decision(ours / "reports") == "PASS"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["-p", "no:postdeploy-project"], "switches off a part", id="our hooks are switched off"),
        pytest.param(["-m", ""], "-m is empty", id="the mark is a variable that is not set"),
        pytest.param(["-m", "smoke or not canary"], "without a mark", id="tests without a mark are selected, too"),
    ],
)
def test_a_call_that_would_run_other_tests_in_place_of_the_checks(ours: Path, options: list[str], says: str) -> None:
    found = run_pytest(ours, *ASKED, *options)
    assert (found.code, says in found.output) == (4, True), found.output
    assert decision(ours / "reports") == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("where", "options"),
    [
        pytest.param("pyproject.toml", [], id="in the configuration"),
        pytest.param("more", ["@more"], id="in a file of options"),
    ],
)
def test_a_reports_folder_that_is_named_elsewhere_is_the_one_that_is_cleared(
    ours: Path, where: str, options: list[str]
) -> None:
    (ours / "reports").rename(ours / "elsewhere")
    text = {"pyproject.toml": f'{OURS}addopts = ["--reports=elsewhere"]\n', "more": "--reports=elsewhere\n"}[where]
    (ours / where).write_text(text)
    assert run_pytest(ours, "-m", "smoke", *options).code == 4
    assert (decision(ours / "elsewhere"), (ours / "reports").exists()) == ("INCONCLUSIVE", False)


@pytest.mark.parametrize("how", ["-p", "PYTEST_PLUGINS"])
def test_the_plugin_may_be_named_although_it_is_installed(ours: Path, how: str) -> None:
    """Pytest would end with a traceback, and 1: that is a FAIL to a pipeline."""
    name = "postdeploy.plugin.entry"
    found = run_pytest(ours, "-m", "smoke", *(["-p", name] if how == "-p" else []), environ={how: name})
    assert (found.code, "no deployment to verify" in found.output) == (4, True), found.output
