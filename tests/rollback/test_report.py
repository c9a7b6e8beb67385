"""reports/rollback.json: what it holds however a rollback ends, and that it can be read again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from postdeploy.model import UsageError
from postdeploy.redaction import Redactor, Secret
from postdeploy.rollback.report import (
    EXIT,
    FILE,
    Ending,
    PreviousDeployment,
    RollbackReport,
    TargetDeployment,
    read,
    write,
)
from postdeploy.vercel.promotions import How
from sandbox.platform import Acts
from tests.rollback.acting import Trial, trial

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/rollback.schema.json").read_text(encoding="utf-8"))
ENDINGS: dict[str, dict[str, Any]] = {
    "well": {},
    "half": {"moves": "half"},
    "not": {"moves": "silently not"},
    "refused": {"answer": "forbidden"},
    "in doubt": {"unreadable_states": 10_000},
}


@pytest.fixture
def rollback() -> Iterator[Trial]:
    with trial() as one:
        yield one


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_is_written_as_the_schema_says(rollback: Trial, tmp_path: Path, ending: str, how: How) -> None:
    rollback.platform.platform.acts = Acts(**ENDINGS[ending])
    report = rollback.run(how=how)
    for each in (*rollback.kept, report):
        write(tmp_path / "reports", each, Redactor())
        jsonschema.validate(json.loads((tmp_path / "reports" / FILE).read_text()), SCHEMA)
    assert read(tmp_path / "reports") == report


def test_the_schema_names_every_ending_and_every_field() -> None:
    assert SCHEMA["properties"]["outcome"]["enum"] == [*Ending]
    names = [field.removesuffix("_") for field in RollbackReport.__struct_fields__]
    assert sorted(SCHEMA["properties"]) == sorted(names)


def test_only_what_was_proven_exits_zero() -> None:
    assert [ending for ending, code in EXIT.items() if code == 0] == [Ending.MOVED]
    assert set(EXIT) == set(Ending)


def test_nothing_secret_is_written(rollback: Trial, tmp_path: Path) -> None:
    report = rollback.run()
    write(tmp_path, report, Redactor([Secret("passed its verification")]))
    assert "passed its verification" not in (tmp_path / FILE).read_text()


def test_without_a_rollback_there_is_none(tmp_path: Path) -> None:
    assert read(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema": 1', '{"schema": 99}'])
def test_what_is_no_report_is_a_usage_error_with_the_cure(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(UsageError, match="--target=dpl_"):
        read(tmp_path)


def test_a_check_that_was_renamed_since_failed_under_its_name_of_today(tmp_path: Path) -> None:
    to = TargetDeployment("dpl_1", failing=("test_the_inbox_stays_as_it_is", "test_a"))
    report = RollbackReport(url="https://app.example.com", how="promote", from_=PreviousDeployment("dpl_2"), to=to)
    write(tmp_path, report, Redactor())
    found = read(tmp_path)
    assert found is not None
    assert found.to.failing == ("test_the_inbox_stays_loaded", "test_a")
