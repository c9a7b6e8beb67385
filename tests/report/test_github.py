"""What GitHub Actions gets of a verdict."""

from __future__ import annotations

from pathlib import Path

from postdeploy.report import github
from tests.report.samples import FAIL


def test_github_gets_a_summary_outputs_and_one_annotation(tmp_path: Path) -> None:
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    [annotation] = github.publish(FAIL, "a1", "**markdown**\n", environ)
    assert annotation.startswith("::error title=postdeploy::HOLD")
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "**markdown**\n"
    assert (tmp_path / "output").read_text(encoding="utf-8") == "decision=FAIL\nrecommendation=hold\nrun-id=a1\n"
    assert github.publish(FAIL, "a1", "", {}) == []


def test_files_of_github_that_can_not_be_written_keep_nothing_back(tmp_path: Path) -> None:
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    assert len(github.publish(FAIL, "a1", "", environ)) == 1
    assert "decision=FAIL" in (tmp_path / "output").read_text(encoding="utf-8")
