"""From a bad deploy to the proof that production is well again, or to the word that it is not: told end to end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest

from sandbox import Sandbox
from sandbox.platform import Acts
from sandbox.platform.acts import Answer
from tests.faults.recovery_stories import Night, Person

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def night(sandbox: Sandbox, tmp_path: Path) -> Night:
    """The inbox of the new deployment crashes."""
    return Night.falls(sandbox, tmp_path, "client-crash")


# The rollback helps -------------------------------------------------------------------------------------------------------


@pytest.mark.sandbox
@pytest.mark.browser
def test_a_bad_deploy_is_taken_back_by_the_command_of_its_verdict(sandbox: Sandbox, tmp_path: Path) -> None:
    good = sandbox.current_deployment
    person = Person(sandbox, tmp_path / "one", tmp_path / "record.jsonl")
    assert person.verify().verdict["decision"] == "PASS"
    sandbox.clock.advance(60)
    sandbox.deploy("good", "client-crash")
    failed = person.verify()
    assert (failed.exit_code, failed.verdict["recommendation"], failed.verdict["will_help"]) == (1, "roll-back", "yes")
    assert (failed.verdict["target"]["id"], failed.verdict["target"]["known_by"]) == (good, "record")
    assert sandbox.platform.writes == []
    acted = person.do(failed.verdict["command"])
    assert (acted.exit_code, acted.outcome, sandbox.current_deployment) == (0, "moved", good), acted.output
    assert acted.report["to"]["known_by"] == "record"
    project = sandbox.platform_environment()["VERCEL_PROJECT_ID"]
    assert [write.path for write in sandbox.platform.writes] == [f"/v10/projects/{project}/promote/{good}"]
    assert sandbox.platform.rebuilds == 0
    proved = person.prove()
    assert (proved.exit_code, proved.verdict["recovery"]["state"]) == (0, "recovered"), proved.output
    assert proved.output.index("RECOVERED (inbox)") < proved.output.index("RECOVERED — PASS")
    assert proved.verdict["recovery"]["target"] == good
    assert any("environment variables" in each for each in proved.verdict["recovery"]["not_restored"])


@pytest.mark.faults
def test_a_platform_that_moves_late_is_waited_for(night: Night) -> None:
    night.sandbox.disturb_acts(Acts(moves="late", after=3))
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, night.live) == (0, "moved", night.good), acted.output
    assert "waiting: " in acted.output
    assert len(night.sent) == 1


@pytest.mark.faults
@pytest.mark.parametrize("answer", ["failed after", "unreadable"])
def test_an_answer_in_doubt_is_resolved_by_the_state_and_nothing_is_sent_again(night: Night, answer: Answer) -> None:
    night.sandbox.disturb_acts(Acts(answer=answer))
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, night.live) == (0, "moved", night.good), acted.output
    assert len(night.sent) == 1


@pytest.mark.faults
def test_who_releases_by_hand_does_so_afterwards(night: Night) -> None:
    night.sandbox.platform.deployments.auto_assign = False
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, night.live) == (0, "moved", night.good), acted.output
    assert acted.report["assignment"] == {"before": False, "after": False, "restored": True}
    assert not night.sandbox.platform.deployments.auto_assign


@pytest.mark.faults
def test_a_pinned_rollback_keeps_the_next_push_staged(night: Night) -> None:
    acted = night.person.go_back("--pin")
    assert (acted.exit_code, acted.outcome) == (0, "moved"), acted.output
    pushed = night.push()
    substates = {each.id: each.substate for each in night.sandbox.deployments()}
    assert (night.live, substates[pushed]) == (night.good, "STAGED")


@pytest.mark.faults
def test_after_a_rollback_the_next_bad_deploy_goes_back_as_far(night: Night) -> None:
    """What was taken back before is newer than the good one, and no way back."""
    assert night.person.go_back().exit_code == 0
    night.push("client-crash")
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, night.live) == (0, "moved", night.good), acted.output


@pytest.mark.faults
def test_a_pinned_rollback_ends_a_rolling_release(sandbox: Sandbox, tmp_path: Path) -> None:
    good, person = sandbox.current_deployment, Person(sandbox, tmp_path / "one")
    sandbox.clock.advance(60)
    sandbox.roll(sandbox.deploy("good", "client-crash", staged=True))
    refused = person.go_back()
    assert (refused.exit_code, sandbox.platform.writes) == (10, []), refused.output
    acted = person.go_back("--pin")
    rolling = sandbox.platform.deployments.rolling
    assert (acted.exit_code, rolling and rolling.state, sandbox.current_deployment) == (0, "ABORTED", good), (
        acted.output
    )


# The rollback does not help -----------------------------------------------------------------------------------------------


@pytest.mark.faults
def test_an_outage_is_waited_for_and_no_command_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    night = Night.falls(sandbox, tmp_path)
    sandbox.break_("database-down-before-load")
    failed = night.person.verify()
    assert (failed.verdict["decision"], failed.verdict["recommendation"]) == ("FAIL", "hold"), failed.output
    assert (failed.verdict["will_help"], failed.verdict["command"]) == ("no", None)
    assert (night.live, night.sent) == (night.bad, [])
    assert night.person.go_back().outcome == "moved"
    proved = night.person.prove()
    assert (proved.exit_code, proved.verdict["recommendation"]) == (1, "hold"), proved.output
    assert "NOT RECOVERED: the rollback did not help" in proved.output
    sandbox.restore_database()
    proved = night.person.prove("--without=settled")
    assert (proved.exit_code, proved.verdict["recovery"]["state"]) == (0, "inbox"), proved.output


@pytest.mark.faults
def test_what_was_wrong_before_is_investigated_and_borne_after_a_rollback(sandbox: Sandbox, tmp_path: Path) -> None:
    """Four errors that both deployments have: no reason to go back, and none to take a rollback for failed."""
    night = chronic(sandbox, tmp_path)
    failed = night.person.verify("--logs=vercel")
    assert (failed.verdict["decision"], failed.verdict["recommendation"]) == ("FAIL", "investigate"), failed.output
    assert "before" in " ".join([failed.verdict["summary"], *failed.verdict["evidence_against"]]), failed.output
    assert night.person.go_back().outcome == "moved"
    people = sandbox.traffic()
    people.act(8)
    people.fail([1, 2])
    proved = night.person.prove()
    assert (proved.exit_code, proved.verdict["recovery"]["state"]) == (0, "recovered"), proved.output
    assert any("tolerated" in each for each in proved.warnings), proved.warnings


def chronic(sandbox: Sandbox, folder: Path) -> Night:
    """An old deployment with four errors, and a new one with the same ones, eleven minutes ago."""
    sandbox.logs.store.clear()
    sandbox.clock.offset = -7200.0
    good = sandbox.deploy("good", "action-throws-variously")
    sandbox.delete_former_deployments()
    for moment in (-7000.0, -2000.0):
        sandbox.clock.offset = moment
        sandbox.traffic().act(60)
        sandbox.traffic().fail([1, 2, 3, 4])
    sandbox.clock.offset = -660.0
    bad = sandbox.deploy("good", "action-throws-variously")
    people = sandbox.traffic()
    for step in range(10):
        sandbox.clock.offset = -650.0 + 55 * step
        people.act(6)
    people.fail([1, 2, 3, 4])
    sandbox.logs.wait_until_quiet(30)
    sandbox.clock.offset = 0.0
    return Night(sandbox, good, bad, Person(sandbox, folder / "one"), folder)


# The platform does not do it ----------------------------------------------------------------------------------------------


@pytest.mark.faults
def test_a_platform_that_moves_nothing_is_not_believed(night: Night) -> None:
    night.sandbox.disturb_acts(Acts(moves="silently not"))
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, acted.report["serves"]) == (1, "not-moved", night.bad), acted.output
    assert "succeeded" in acted.report["says"]
    assert len(night.sent) == 1
    proved = night.person.prove()
    assert (proved.exit_code, proved.cause) == (1, "not-restored"), proved.output


@pytest.mark.faults
def test_a_job_that_never_ends_is_said(night: Night) -> None:
    night.sandbox.disturb_acts(Acts(moves="stuck"))
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, acted.report["serves"]) == (1, "not-moved", night.bad), acted.output
    assert "still in progress (pending)" in acted.report["says"]


@pytest.mark.faults
@pytest.mark.parametrize("left_behind", ["first", "custom"])
def test_a_platform_that_fails_in_the_middle_names_the_domain(
    night: Night, left_behind: Literal["first", "custom"]
) -> None:
    night.sandbox.disturb_acts(Acts(moves="half", left_behind=left_behind))
    acted = night.person.go_back()
    first, custom = night.sandbox.platform.deployments.domains
    failed, serves = (first, night.bad) if left_behind == "first" else (custom, night.good)
    assert (acted.exit_code, acted.outcome) == (1, "failed"), acted.output
    assert (acted.report["failed_domains"], acted.report["serves"]) == ([failed], serves)
    assert len(night.sent) == 1


# Somebody is in between ---------------------------------------------------------------------------------------------------


@pytest.mark.faults
@pytest.mark.parametrize("moment", ["before_move", "after_move"])
def test_a_deploy_that_lands_meanwhile_is_named(night: Night, moment: str) -> None:
    landed: list[str] = []

    def push() -> None:
        landed.append(night.push())
        night.sandbox.platform.deployments.promote(night.sandbox.platform.deployments.newest_first[0])

    setattr(night.sandbox.platform.promotions, moment, push)
    acted = night.person.go_back()
    assert (acted.exit_code, acted.outcome, [night.live]) == (1, "superseded", landed), acted.output
    assert landed[0] in acted.report["says"]
    assert len(night.sent) == 1
    proved = night.person.prove()
    assert (proved.exit_code, proved.verdict["reason"]) == (10, "superseded"), proved.output
    assert landed[0] in proved.verdict["summary"]


@pytest.mark.faults
def test_another_deployment_is_promoted_meanwhile(night: Night) -> None:
    before = next(each.id for each in night.sandbox.deployments() if each.id not in (night.good, night.bad))
    night.sandbox.platform.promotions.before_move = lambda: night.promote_by_hand(before)
    acted = night.person.go_back(night.good)
    assert (acted.exit_code, acted.outcome, night.live) == (1, "superseded", before), acted.output
    assert f": a promotion of {before}" in acted.report["says"]


@pytest.mark.faults
def test_who_comes_second_takes_no_second_step_back(night: Night) -> None:
    assert night.person.go_back().exit_code == 0
    other = night.somebody_else()
    second = other.go_back()
    assert (second.exit_code, "rolled back already" in second.output) == (10, True), second.output
    assert (len(night.sent), night.live) == (1, night.good)
    proved = other.prove("--without=settled")
    assert (proved.exit_code, proved.verdict["recovery"]["target"]) == (0, night.good), proved.output


@pytest.mark.sandbox
def test_two_people_at_once_go_one_step_back(night: Night) -> None:
    night.sandbox.disturb_acts(Acts(moves="late", after=2))
    with ThreadPoolExecutor() as pool:
        acted = list(pool.map(lambda each: each.go_back(), [night.person, night.somebody_else()]))
    told = [each.output for each in acted]
    assert night.live == night.good, told
    assert {each.exit_code for each in acted} <= {0, 10}, told
    assert any(each.outcome == "moved" for each in acted), told


@pytest.mark.faults
def test_two_people_at_one_machine_wait_for_each_other(night: Night) -> None:
    night.sandbox.disturb_acts(Acts(moves="late", after=4))
    with ThreadPoolExecutor() as pool:
        acted = list(pool.map(lambda _: night.person.go_back(), range(2)))
    assert sorted(each.exit_code for each in acted) == [0, 10], [each.output for each in acted]
    assert len(night.sent) == 1
