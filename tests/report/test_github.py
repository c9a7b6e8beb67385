"""What GitHub Actions gets of a verdict."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from postdeploy.model import Decision, Severity, Stage
from postdeploy.record.document import DeploymentPart, FindingPart, VerdictDocument
from postdeploy.report import github

FAIL = VerdictDocument(
    run_id="a1",
    stage=Stage.SMOKE,
    finished="2026-11-20T12:00:00+00:00",
    decision=Decision.FAIL,
    headline="HOLD — FAIL",
    summary="50 % of them\nfail",
    deployment=DeploymentPart(url="https://app.example.com"),
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }


def finding(severity: Severity, summary: str) -> FindingPart:
    return FindingPart(part="inbox", severity=severity, summary=summary)


def test_github_gets_a_summary_outputs_and_an_annotation(environ: dict[str, str], tmp_path: Path) -> None:
    assert github.publish(FAIL, "**markdown**\n", environ) == [
        "::error title=postdeploy::HOLD — FAIL: 50 %25 of them%0Afail"
    ]
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "**markdown**\n"
    outputs = (tmp_path / "output").read_text(encoding="utf-8").splitlines()
    assert outputs[:3] == ["decision=FAIL", "recommendation=", "run-id=a1"]
    assert github.publish(FAIL, "", {}) == []


def test_the_ten_annotations_that_matter_most_are_shown(environ: dict[str, str]) -> None:
    findings = [finding(Severity.WARN, f"warning {number}") for number in range(9)]
    findings += [finding(Severity.FAIL, f"failure {number}") for number in range(4)]
    many = msgspec.structs.replace(FAIL, findings=(*findings, finding(Severity.NOTE, "a note")))
    shown = github.publish(many, "", environ)
    assert [line.split()[0].removeprefix("::") for line in shown] == ["error"] * 5 + ["warning"] * 5


def test_what_is_only_observed_is_no_error(environ: dict[str, str], tmp_path: Path) -> None:
    observed = msgspec.structs.replace(FAIL, findings=(finding(Severity.FAIL, "no list"),))
    shown = github.publish(observed, "", environ, title="would have been FAIL")
    assert [line.split("::")[1] for line in shown] == [
        "warning title=would have been FAIL",
        "warning title=postdeploy%2C inbox",
    ]
    assert (tmp_path / "summary").read_text(encoding="utf-8").startswith("### would have been FAIL\n")


def test_a_summary_that_github_would_drop_is_cut_off(environ: dict[str, str], tmp_path: Path) -> None:
    github.publish(FAIL, "é" * (1 << 20), environ)
    written = (tmp_path / "summary").read_bytes()
    assert len(written) <= 1 << 20
    assert written.decode().endswith("verdict.md in the artifact.\n")


def test_no_output_can_make_up_another_one(environ: dict[str, str], tmp_path: Path) -> None:
    github.output({"command": "one\ndecision=PASS"}, environ)
    assert (tmp_path / "output").read_text(encoding="utf-8") == "command=one decision=PASS\n"


def test_files_of_github_that_can_not_be_written_keep_nothing_back(environ: dict[str, str], tmp_path: Path) -> None:
    environ["GITHUB_STEP_SUMMARY"] = str(tmp_path)
    assert len(github.publish(FAIL, "", environ)) == 1
    assert "decision=FAIL" in (tmp_path / "output").read_text(encoding="utf-8")
