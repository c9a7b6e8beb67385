"""runbook.toml and .env: every error says where, what and the cure."""

from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.redaction import Secret
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import builtin_path, read_runbook


def overlay(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "runbook.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_runbook_of_the_project_is_valid() -> None:
    assert read_runbook().schema == 1


def test_an_overlay_changes_only_what_it_names(tmp_path: Path) -> None:
    runbook = read_runbook(overlay(tmp_path, 'schema = 1\n[budgets]\nanswer = 3\n[[workspace]]\nname = "Acme"\n'))
    assert (runbook.budgets.answer, runbook.budgets.settle) == (3, read_runbook().budgets.settle)
    assert [workspace.name for workspace in runbook.workspace] == ["Acme"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "schema = 1\n[budget]\nanswer = 3", "unknown key budget. Did you mean budgets?", id="a misspelt table"
        ),
        pytest.param(
            "schema = 1\n[budgets]\nanser = 3", "unknown key budgets.anser. Did you mean answer?", id="a misspelt key"
        ),
        pytest.param(
            'schema = 1\n[[workspace]]\nnane = "x"', "unknown key workspace[].nane. Did you mean name?", id="in a list"
        ),
        pytest.param('schema = 1\n[budgets]\nanswer = "3"', "budgets.answer", id="a wrong type"),
        pytest.param("schema = 1\n[budgets]\nanswer = 0", "budgets.answer must be more than 0", id="no budget at all"),
        pytest.param("schema = 1\n[budgets\n", "not valid TOML", id="not TOML"),
        pytest.param("[budgets]\nanswer = 3", "schema is missing", id="no schema"),
        pytest.param("schema = 2", "schema = 2 is not known", id="a schema of the future"),
        pytest.param('schema = 1\n[ignore]\npaths = ["("]', "not a regular expression", id="a bad pattern"),
        pytest.param(
            'schema = 1\n[[signal]]\nname = "quota"\npattern = "("\nsays = "x"',
            "signal quota: '(' is not a regular expression (RE2)",
            id="a bad pattern of an own signal",
        ),
        pytest.param(
            'schema = 1\n[[known]]\npattern = "(?=x)"\nreason = "x"\nowner = "web"\nuntil = 2027-03-01\nat_most = 1',
            "known (web): '(?=x)' is not a regular expression (RE2)",
            id="a pattern that only other libraries know",
        ),
        pytest.param(
            'schema = 1\n[signals.auth_slow]\nany = ["["]',
            "signals.auth_slow: '['",
            id="a bad pattern of a built-in signal",
        ),
        pytest.param('schema = 1\n[parts]\nlogin = "maybe"', "parts", id="an unknown state of a part"),
        pytest.param('schema = 1\n[checks]\nmagic = ["test_x"]', "magic", id="checks of an unknown part"),
        pytest.param(
            'schema = 1\n[[workspace]]\nname="A"\n[[workspace]]\nname="A"', "same name", id="a workspace twice"
        ),
    ],
)
def test_a_malformed_runbook_is_told_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    file = overlay(tmp_path, text)
    with pytest.raises(UsageError) as error:
        read_runbook(file)
    assert str(file) in str(error.value)
    assert told in str(error.value)


def test_a_missing_runbook_is_told_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="doctor --init"):
        read_runbook(tmp_path / "none.toml")


def test_the_required_checks_leave_out_what_is_switched_off() -> None:
    assert "login" not in read_runbook().required_checks(without=("login",)).values()


def test_the_environment_beats_the_file_and_empty_counts_as_missing(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SMOKE_EMAIL=file@example.com\nSMOKE_PASSWORD=$from-file\n", encoding="utf-8")
    environment = read_environment(file, {"SMOKE_EMAIL": "env@example.com", "SMOKE_PASSWORD": ""})
    assert environment.user is not None
    assert environment.user.email == Secret("env@example.com")
    assert environment.user.password == Secret("$from-file")


def test_a_line_that_is_no_assignment_is_named_by_its_number_only(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SMOKE_EMAIL=a@example.com\n\nnonsense hunter2 = \n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_environment(file, {})
    assert "line 3" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_missing_credentials_are_named(tmp_path: Path) -> None:
    assert read_environment(tmp_path / ".env", {"SMOKE_EMAIL": "a@b.cd"}).missing == ("SMOKE_PASSWORD",)


def test_the_built_in_runbook_is_the_one_at_the_root() -> None:
    assert builtin_path().name == "runbook.toml"
