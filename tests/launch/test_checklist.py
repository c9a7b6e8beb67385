"""launch.json and launch.md: written, read again, and without a secret."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from postdeploy.launch import checklist, course
from postdeploy.launch.steps import Launch, LaunchGap, LaunchPlan, OnFail, StepName, StepResult, StepState
from postdeploy.model import Recommendation, UsageError, WillHelp
from postdeploy.redaction import Redactor

NOW, LATER = "2026-11-30T10:00:00+00:00", "2026-11-30T10:07:00+00:00"
SECRET = "sk_a-secret-of-the-app"
PLAN = LaunchPlan(url="https://app.example.com", commit="abc1234")


def launch() -> Launch:
    stopped = StepResult(
        state=StepState.STOPPED, says=f"a | b {SECRET}", who="the owner", evidence=("reports/verdict.json",)
    )
    one = course.entered(course.begin(PLAN, NOW), StepName.PREREQUISITES, NOW)
    return course.ended(one, StepName.PREREQUISITES, stopped, LATER)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    checklist.write(tmp_path / "new", launch(), Redactor())
    assert checklist.read(tmp_path / "new") == launch()


@pytest.mark.parametrize("on_fail", OnFail)
def test_a_launch_that_is_rolled_back_is_read_again(tmp_path: Path, on_fail: OnFail) -> None:
    failed = StepResult(
        state=StepState.FAILED, recommendation=Recommendation.ROLL_BACK, target="dpl_1", will_help=WillHelp.YES
    )
    begun = course.entered(course.begin(replace(PLAN, on_fail=on_fail), NOW), StepName.SMOKE, NOW)
    rolled_back = course.ended(begun, StepName.SMOKE, failed, LATER)
    assert StepName.WATCH not in {one.name for one in rolled_back.steps}
    checklist.write(tmp_path, rolled_back, Redactor())
    assert checklist.read(tmp_path) == rolled_back


def test_no_secret_is_written(tmp_path: Path) -> None:
    checklist.write(tmp_path, launch(), Redactor([SECRET]))
    for file in (checklist.FILE, checklist.PAGE):
        assert SECRET not in (tmp_path / file).read_text(encoding="utf-8")


def test_the_page_says_state_time_evidence_and_who_acts() -> None:
    again = course.resumed(launch(), LATER)
    assert again is not None
    page = checklist.markdown(launch())
    assert "**LAUNCH STOPPED: nothing more is proven**" in page
    row = next(line for line in page.splitlines() if "prerequisites" in line)
    assert row.startswith("| [?] | prerequisites | stopped | 10:00:00–10:07:00 | a \\| b")
    assert row.endswith("· reports/verdict.json | the owner |")
    assert "- 10:07:00 to 10:07:00 (0 s), during prerequisites" in checklist.markdown(again)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "there is no launch in", id="none"),
        pytest.param(b"{", "can't be read", id="half a file"),
        pytest.param(b'{"schema": 9, "plan": {"url": ""}, "started": "", "seen": ""}', "newer version", id="newer"),
    ],
)
def test_what_cannot_be_resumed_is_a_usage_error(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / checklist.FILE).write_bytes(content)
    with pytest.raises(UsageError, match=says):
        checklist.read(tmp_path)


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        pytest.param(replace(launch(), seen="2026-11-30T10:00:00"), "names no time zone", id="a time without its zone"),
        pytest.param(replace(launch(), started="yesterday"), "is not a time", id="no time"),
        pytest.param(replace(launch(), gaps=(LaunchGap(NOW, "", StepName.SMOKE),)), "is not a time", id="half a gap"),
        pytest.param(replace(launch(), steps=launch().steps[:3]), "steps of a launch are missing", id="half a list"),
        pytest.param(replace(launch(), plan=replace(PLAN, watch="soon")), "soon", id="no duration"),
    ],
)
def test_what_a_person_wrote_into_it_is_a_usage_error(tmp_path: Path, damaged: Launch, says: str) -> None:
    (tmp_path / checklist.FILE).write_bytes(msgspec.json.encode(damaged))
    with pytest.raises(UsageError, match=f"launch.json can't be read: .*{says}.*Begin the launch again"):
        checklist.read(tmp_path)
