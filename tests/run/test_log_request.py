"""Which log a run judges, by its options, and the words for what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.run.log_request import LogRequest
from tests.run.plans import planned

TOKEN = {"VERCEL_TOKEN": "a token", "VERCEL_PROJECT_ID": "prj_1"}


def test_without_an_option_a_run_judges_no_log(tmp_path: Path) -> None:
    assert planned(tmp_path).log is None


@pytest.mark.parametrize("option", ["baseline", "deployed_at", "watch"])
def test_an_option_about_a_log_that_is_not_given_is_a_usage_error(tmp_path: Path, option: str) -> None:
    with pytest.raises(UsageError, match="no log is given"):
        planned(tmp_path, **{option: "10m"})  # type: ignore[arg-type]


def test_the_options_become_values(tmp_path: Path) -> None:
    found = planned(tmp_path, logs="vercel", baseline="b.json", deployed_at="2026-11-25T12:00:00Z", watch="10m")
    assert found.log == LogRequest("vercel", "b.json", 1_795_608_000_000, 600)


def test_after_a_rollback_vercels_log_is_judged_until_it_has_settled(tmp_path: Path) -> None:
    found = planned(tmp_path, "rollback", environ=TOKEN)
    assert found.log == LogRequest("vercel", watch=found.runbook.rollback.settle, recovery=True)


def test_after_a_rollback_without_a_token_no_log_is_judged(tmp_path: Path) -> None:
    assert planned(tmp_path, "rollback").log is None
