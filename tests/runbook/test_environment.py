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


def test_missing_credentials_are_named(tmp_path: Path) -> None:
    assert read_environment(tmp_path / ".env", {"SMOKE_EMAIL": "a@b.cd"}).missing == ("SMOKE_PASSWORD",)
