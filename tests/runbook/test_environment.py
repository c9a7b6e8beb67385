"""The environment and .env: the environment wins, and no error shows a value."""

from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.redaction import Secret
from postdeploy.runbook.environment import read_environment


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


def test_a_directory_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(UsageError, match=r"\.env: a directory"):
        read_environment(tmp_path / ".env", {})


def test_missing_credentials_are_named(tmp_path: Path) -> None:
    assert read_environment(tmp_path / ".env", {"SMOKE_EMAIL": "a@b.cd"}).missing == ("SMOKE_PASSWORD",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "SMOKE_EMAIL=a@b.cd\nnonsense nonsense\nVERCEL_TOKEN=x\n",
            "line 2: .* in the others: SMOKE_EMAIL, VERCEL_TOKEN",
        ),
        ("nonsense nonsense\nSMOKE_EMAIL=\n", "line 1: .* in the others: nothing"),
        ("A=1\n\n# A comment\nB 2\n", "line 4: .* in the others: A"),
    ],
)
def test_a_line_that_is_not_understood_is_named_with_what_the_others_set(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_environment(tmp_path / ".env", {})


@pytest.mark.parametrize(
    ("email", "valid"),
    [
        ("ada@example.com", True),
        ("ada+smoke@mail.example.co.uk", True),
        ("ada@localhost", True),
        ("ada", False),
        ("ada@", False),
        ("ada@example..com", False),
        ('"ada@example.com"', False),
        ("ada@example.com ", False),
        ("“ada@example.com”", False),
    ],
)
def test_an_address_is_one_that_a_browser_takes_for_one(tmp_path: Path, email: str, valid: bool) -> None:
    user = read_environment(tmp_path / ".env", {"SMOKE_EMAIL": email, "SMOKE_PASSWORD": "x"}).user
    assert user
    assert user.has_address is valid


@pytest.mark.parametrize("value", ["tok\u00e9n", "to\nken", "token\u200b", "t\tk"])
def test_a_secret_that_no_header_can_carry_is_a_usage_error(tmp_path: Path, value: str) -> None:
    with pytest.raises(UsageError, match="VERCEL_TOKEN holds a character") as told:
        read_environment(tmp_path / ".env", {"VERCEL_TOKEN": value, "VERCEL_PROJECT_ID": "prj_1"})
    assert value not in str(told.value)


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", "\ufeff{}"])
def test_what_a_shell_or_an_editor_added_is_not_part_of_a_value(tmp_path: Path, around: str) -> None:
    found = read_environment(
        tmp_path / ".env", {"SMOKE_EMAIL": around.format("a@b.test"), "SMOKE_PASSWORD": around.format(" pass word ")}
    )
    assert found.user is not None
    assert (found.user.email.reveal(), found.user.password.reveal()) == ("a@b.test", " pass word ")
