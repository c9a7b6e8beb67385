"""Traces and videos: refused, unless they are allowed by name and stay away from what is uploaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postdeploy.model import UsageError
from tests.run.plans import planned


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"recordings": {"--tracing": "on"}}, "passwords and page text", id="a trace"),
        pytest.param({"recordings": {"--video": "on"}}, "passwords and page text", id="a video"),
        pytest.param({"recordings": {"--video": "retain-on-failure"}}, "passwords", id="a video of failures"),
        pytest.param({"recordings": {"--tracing": "on", "--video": "on"}}, "--tracing and --video: ", id="both"),
        pytest.param({"recordings": {"--screenshot": "on"}}, "masked", id="a screenshot"),
        pytest.param(
            {"recordings": {"--screenshot": "only-on-failure"}, "unsafe_evidence": True}, "masked", id="one, allowed"
        ),
        pytest.param({"unsafe_evidence": True}, "add one of them", id="nothing to allow"),
    ],
)
def test_what_is_unsafe_is_refused_with_the_reason(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        planned(tmp_path, **options)


@pytest.mark.parametrize("output", ["reports", "reports/traces", ".", "test-results/../reports"])
def test_it_is_never_kept_with_the_reports(tmp_path: Path, output: str) -> None:
    with pytest.raises(UsageError, match="must not be"):
        planned(tmp_path, recordings={"--tracing": "on"}, unsafe_evidence=True, output=output)


def test_what_is_allowed_is_kept_in_the_folder_of_playwrights_option_and_said(tmp_path: Path) -> None:
    asked = {"--tracing": "on", "--video": "off", "--screenshot": "off"}
    kept = planned(tmp_path, recordings=asked, unsafe_evidence=True).unsafe
    assert kept
    assert (kept.folder, kept.trace, kept.video, kept.failed_only) == (tmp_path / "test-results", True, False, False)
    assert kept.warning.startswith("traces with passwords and page text are kept in ")


def test_a_run_keeps_none_by_itself(tmp_path: Path) -> None:
    assert planned(tmp_path).unsafe is None
    assert planned(tmp_path, recordings={"--tracing": "off", "--video": "off", "--screenshot": "off"}).unsafe is None
