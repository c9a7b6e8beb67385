"""The effective runbook, and where each value comes from."""

import json
import tomllib
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.runbook import effective
from postdeploy.runbook.layers import read_layers
from postdeploy.runbook.reading import read_runbook

OWN = """
schema = 1
[budgets]
answer = 3
slow = 4
[trial]
seconds = 31
[logs]
lateness = 9
[[workspace]]
name = "Acme"
people = ["Ada Lovelace", "Grace Hopper"]
[[known]]
pattern = 'a\\b "quoted"'
reason  = "with 'both' \\" kinds and a \\\\ backslash"
owner   = "web"
until   = 2027-03-01
at_most = 50
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a runbook.toml and a further file, given by name as `own.toml`."""
    (tmp_path / "runbook.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "own.toml").write_text("schema = 1\n[budgets]\nslow = 6\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(*options: str) -> str:
    done = CliRunner().invoke(app, ["runbook", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_each_value_is_printed_with_the_file_that_it_comes_from(folder: Path) -> None:
    lines = printed("--runbook", "own.toml").splitlines()
    assert "answer = 3  # folder runbook.toml" in lines
    assert "slow = 6  # --runbook" in lines
    assert "settle = 20  # packaged budgets.toml" in lines
    assert "seconds = 31  # folder runbook.toml" in lines
    assert f"#   folder runbook.toml: {folder / 'runbook.toml'}" in lines


def test_what_is_printed_is_a_runbook_with_the_same_meaning(folder: Path) -> None:
    text = printed("--runbook", "own.toml")
    again = folder / "again.toml"
    again.write_text(text, encoding="utf-8")
    expected = read_runbook(folder, folder / "own.toml")
    nameless = tuple(msgspec.structs.replace(one, people=()) for one in expected.workspace)
    assert read_runbook(overlay=again) == msgspec.structs.replace(expected, workspace=nameless)


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["TOML", "JSON"])
def test_people_are_counted_and_never_printed(folder: Path, options: tuple[str, ...]) -> None:
    text = printed(*options)
    assert "Lovelace" not in text
    assert "2, not printed" in text


def test_an_earlier_spelling_and_a_key_without_effect_are_noted(folder: Path) -> None:
    notes = json.loads(printed("--json"))["notes"]
    assert [note.partition(".")[0] for note in notes] == ["[trial] is called [comparison] now", "logs"]
    assert all(f"# {note}" in printed() for note in notes)


def test_the_json_has_every_value_and_its_source(folder: Path) -> None:
    found = json.loads(printed("--json"))
    assert found["values"].keys() == found["sources"].keys()
    assert (found["values"]["budgets.answer"], found["sources"]["budgets.answer"]) == (3, "folder runbook.toml")
    assert found["files"][-1] == {"origin": "folder", "file": str(folder / "runbook.toml")}


def test_a_file_that_can_not_be_used_is_a_usage_error(folder: Path) -> None:
    (folder / "own.toml").write_text("schema = 1\n[budget]\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["runbook", "--runbook", "own.toml"])
    assert (done.exit_code, "Did you mean budgets?" in done.stderr) == (4, True)


def test_a_checkout_prints_toml_without_any_folder() -> None:
    assert tomllib.loads(effective.as_toml(read_layers()))["schema"] == 1
