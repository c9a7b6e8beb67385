"""Carrying out a rollback while Vercel is slow, wrong or down, or serves another request at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from postdeploy.model import Blocked
from postdeploy.rollback.act import ProductionChanged
from postdeploy.rollback.report import Ending
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.promotions import How, Unfit
from postdeploy.vercel.writes import WriteResult
from sandbox.alone import NOWHERE
from sandbox.deployments import Deployment
from sandbox.platform import Acts
from tests.rollback.acting import LIMIT, Trial, trial

PROMOTE = "POST /v10/projects/prj_alone/promote/dpl_old"
ROLL_BACK = "POST /v1/projects/prj_alone/rollback/dpl_old"
ASSIGN = "PATCH /v9/projects/prj_alone"
WRITE = {How.PROMOTE: PROMOTE, How.ROLL_BACK: ROLL_BACK}


@pytest.fixture
def rollback() -> Iterator[Trial]:
    with trial() as one:
        yield one


def behave(rollback: Trial, **acts: object) -> None:
    rollback.platform.platform.acts = Acts(**acts)  # type: ignore[arg-type]


# Where all is well ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", How)
def test_it_is_sent_once_and_then_verified(rollback: Trial, how: How) -> None:
    report = rollback.run(how=how)
    assert (report.outcome, report.exit_code) == (Ending.MOVED, 0)
    assert rollback.serves == report.serves == "dpl_old"
    assert rollback.writes == [WRITE[how]]
    assert report.moved_at is not None
    assert report.requested_at <= report.moved_at


def test_a_promotion_lets_new_builds_go_live_and_a_rollback_keeps_them_back(rollback: Trial) -> None:
    assert rollback.run(how=How.ROLL_BACK).assignment.after is False
    back = rollback.run(rollback.plan(How.PROMOTE, "dpl_new"))
    assert (back.assignment.before, back.assignment.after, back.assignment.restored) == (False, True, False)


def test_it_is_written_down_before_it_is_sent(rollback: Trial) -> None:
    rollback.platform.platform.promotions.before_move = lambda: rollback.said.append(str(rollback.kept[-1].outcome))
    rollback.run()
    assert [one.outcome for one in rollback.kept] == [Ending.UNFINISHED, Ending.MOVED]
    assert "unfinished" in rollback.said


def test_what_was_known_of_the_target_stands_in_the_report(rollback: Trial) -> None:
    report = rollback.run()
    assert (report.to.says, report.to.failing) == ("passed its verification", ("test_x",))
    assert report.from_.id == "dpl_new"
    assert report.undo[0].startswith("vercel promote http://inbox-new.")
    assert len(report.not_restored) == 3


# A decision about new builds -----------------------------------------------------------------------------------------------


def test_a_decision_to_release_by_hand_is_kept(rollback: Trial) -> None:
    rollback.platform.deployments.auto_assign = False
    report = rollback.run()
    assert report.outcome is Ending.MOVED
    assert (report.assignment.before, report.assignment.after, report.assignment.restored) == (False, False, True)
    assert rollback.platform.deployments.auto_assign is False
    assert rollback.writes == [PROMOTE, ASSIGN]


def test_with_instant_rollback_there_is_nothing_to_put_right(rollback: Trial) -> None:
    rollback.platform.deployments.auto_assign = False
    assert rollback.run(how=How.ROLL_BACK).outcome is Ending.MOVED
    assert rollback.writes == [ROLL_BACK]


@pytest.mark.parametrize("settings", ["refused", "ignored"])
def test_a_decision_that_cannot_be_kept_is_said_and_not_sent_twice(rollback: Trial, settings: str) -> None:
    rollback.platform.deployments.auto_assign = False
    behave(rollback, settings=settings)
    report = rollback.run()
    assert report.outcome is Ending.MOVED  # that is what was asked for
    assert (report.assignment.after, report.assignment.restored) == (True, False)
    assert any("was off, and is on now" in note for note in report.notes)
    assert rollback.writes == [PROMOTE, ASSIGN]


def test_it_is_put_right_even_where_the_rollback_failed(rollback: Trial) -> None:
    rollback.platform.deployments.auto_assign = False
    behave(rollback, moves="half")
    report = rollback.run()
    assert report.outcome is Ending.FAILED
    assert report.assignment.restored
    assert rollback.platform.deployments.auto_assign is False


# A platform that is late, lies or breaks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", How)
def test_domains_that_move_late_are_waited_for(rollback: Trial, how: How) -> None:
    behave(rollback, moves="late", after=90.0)
    report = rollback.run(how=how)
    assert report.outcome is Ending.MOVED
    assert 90 <= rollback.slept < 100
    assert any(line.startswith("waiting:") for line in rollback.said)
    assert rollback.writes == [WRITE[how]]


def test_what_comes_after_the_limit_is_too_late(rollback: Trial) -> None:
    behave(rollback, moves="late", after=LIMIT + 60)
    report = rollback.run()
    assert (report.outcome, report.exit_code) == (Ending.NOT_MOVED, 1)
    assert report.serves == "dpl_new"
    assert "still in progress" in report.says


@pytest.mark.parametrize("how", How)
def test_a_success_that_moved_nothing_is_none(rollback: Trial, how: How) -> None:
    behave(rollback, moves="silently not")
    report = rollback.run(how=how)
    assert (report.outcome, report.exit_code, report.serves) == (Ending.NOT_MOVED, 1, "dpl_new")
    assert "although Vercel reports: succeeded" in report.says
    assert rollback.writes == [WRITE[how]]


@pytest.mark.parametrize("how", How)
def test_a_job_that_hangs_is_said_to_hang(rollback: Trial, how: How) -> None:
    behave(rollback, moves="stuck")
    report = rollback.run(how=how)
    assert (report.outcome, report.serves) == (Ending.NOT_MOVED, "dpl_new")
    assert "still in progress (pending)" in report.says
    assert rollback.slept <= LIMIT + 2


@pytest.mark.parametrize("moves", ["stuck", "silently not"])
def test_a_rolling_release_that_goes_on_serves_the_canary_to_some(rollback: Trial, moves: str) -> None:
    deployments = rollback.platform.deployments
    old, new = deployments.find("dpl_old"), deployments.find("dpl_new")
    assert old
    assert new
    deployments.promote(old)
    deployments.roll(new)
    behave(rollback, moves=moves)
    report = rollback.run(how=How.ROLL_BACK)
    assert (report.outcome, report.exit_code) == (Ending.NOT_MOVED, 1)
    assert "dpl_new still serves some of the visitors" in report.says


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("left_behind", ["first", "custom"])
def test_a_domain_that_is_left_behind_is_named(rollback: Trial, how: How, left_behind: str) -> None:
    behave(rollback, moves="half", left_behind=left_behind)
    report = rollback.run(how=how)
    domains = rollback.platform.deployments.domains
    assert (report.outcome, report.exit_code) == (Ending.FAILED, 1)
    assert report.failed_domains == (domains[0] if left_behind == "first" else domains[1],)
    assert report.failed_domains[0] in report.says
    assert rollback.writes == [WRITE[how]]


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("answer", ["unreadable", "failed after", "silent after"])
def test_a_doubt_about_the_answer_is_settled_by_the_state(rollback: Trial, how: How, answer: str) -> None:
    behave(rollback, answer=answer)
    report = rollback.run(how=how)
    assert (report.outcome, report.serves) == (Ending.MOVED, "dpl_old")
    assert rollback.writes == [WRITE[how]]
    assert any("did not say whether it was done" in note for note in report.notes) == (answer != "unreadable")


@pytest.mark.parametrize("answer", ["failed before", "silent before"])
def test_what_did_not_arrive_is_not_sent_again_and_not_waited_for_long(rollback: Trial, answer: str) -> None:
    behave(rollback, answer=answer)
    report = rollback.run()
    assert (report.outcome, report.exit_code, report.serves) == (Ending.NOT_MOVED, 1, "dpl_new")
    assert "did not arrive" in report.says
    assert rollback.slept < 30
    assert rollback.writes == [PROMOTE]


@pytest.mark.parametrize(
    ("answer", "cure"),
    [("rate limited", "Wait 1 s"), ("unauthorized", "VERCEL_TOKEN"), ("forbidden", "allowed to deploy")],
)
def test_a_refusal_ends_it_with_the_cure(rollback: Trial, answer: str, cure: str) -> None:
    behave(rollback, answer=answer)
    report = rollback.run()
    assert (report.outcome, report.exit_code, report.serves) == (Ending.REFUSED, 1, "dpl_new")
    assert cure in report.says
    assert rollback.writes == [PROMOTE]
    assert rollback.slept == 0


def test_a_plan_that_goes_back_one_step_only_refuses_two(rollback: Trial) -> None:
    rollback.deploy("dpl_newer")
    behave(rollback, plan="hobby")
    report = rollback.run(how=How.ROLL_BACK)
    assert report.outcome is Ending.REFUSED
    assert "402" in report.says
    assert "Hobby" in report.says


def test_a_state_that_cannot_be_read_for_a_while_is_asked_for_again(rollback: Trial) -> None:
    behave(rollback, unreadable_states=9)
    report = rollback.run()
    assert report.outcome is Ending.MOVED
    assert any("does not say" in line for line in rollback.said)


def test_a_state_that_cannot_be_read_any_more_proves_nothing(rollback: Trial) -> None:
    behave(rollback, unreadable_states=10_000)
    report = rollback.run()
    assert (report.outcome, report.exit_code, report.serves) == (Ending.UNPROVEN, 10, None)
    assert "Do not send it again" in report.says
    assert rollback.writes == [PROMOTE]


def test_a_platform_that_cannot_be_reached_gets_nothing(rollback: Trial) -> None:
    nowhere = rollback.vercel()
    nowhere.access = replace(nowhere.access, base="http://127.0.0.1:9")
    report = rollback.run(acting=nowhere)
    assert (report.outcome, report.exit_code) == (Ending.UNSENT, 10)
    assert rollback.writes == []


# What the page says --------------------------------------------------------------------------------------------------------


def test_the_page_has_the_last_word(rollback: Trial) -> None:
    report = rollback.run(served=lambda: "dpl_new")
    assert (report.outcome, report.exit_code) == (Ending.NOT_MOVED, 1)
    assert "the page names dpl_new" in report.says


def test_a_cache_that_lags_behind_is_waited_for(rollback: Trial) -> None:
    report = rollback.run(served=lambda: "dpl_new" if rollback.slept < 20 else "dpl_old")
    assert report.outcome is Ending.MOVED
    assert rollback.slept >= 20


@pytest.mark.parametrize("page", [None, "a-build-of-ones-own"])
def test_a_page_that_names_no_deployment_leaves_it_to_the_platform(rollback: Trial, page: str | None) -> None:
    assert rollback.run(served=lambda: page).outcome is Ending.MOVED


# Others who act ------------------------------------------------------------------------------------------------------------


def another_request(rollback: Trial, how: How, target: str) -> Callable[[], None]:
    def act() -> None:
        with rollback.vercel() as vercel:
            version = "v10" if how is How.PROMOTE else "v1"
            vercel.write("POST", f"/{version}/projects/prj_alone/{how}/{target}", {})

    return act


def test_a_deploy_since_the_plan_keeps_it_from_being_sent(rollback: Trial) -> None:
    plan = rollback.plan()
    rollback.deploy("dpl_newer")
    with pytest.raises(ProductionChanged, match="a new deployment took over: dpl_newer") as refused:
        rollback.run(plan)
    assert "Nothing was sent" in refused.value.what
    assert rollback.writes == []
    assert rollback.kept == []


def test_another_rollback_since_the_plan_keeps_it_from_being_sent(rollback: Trial) -> None:
    plan = rollback.plan()
    another_request(rollback, How.ROLL_BACK, "dpl_old")()
    with pytest.raises(ProductionChanged, match=r"a rollback to dpl_old .* was requested"):
        rollback.run(plan)
    assert rollback.writes == [ROLL_BACK]


def test_a_rolling_release_since_the_plan_keeps_it_from_being_sent(rollback: Trial) -> None:
    plan = rollback.plan()
    deployments = rollback.platform.deployments
    current = deployments.production
    assert current is not None
    deployments.roll(replace(current, id="dpl_canary", label="inbox-canary"))
    with pytest.raises(ProductionChanged, match="rolling release changed: dpl_canary is ACTIVE"):
        rollback.run(plan)
    assert rollback.writes == []


def test_a_switch_of_the_assignment_since_the_plan_keeps_it_from_being_sent(rollback: Trial) -> None:
    plan = rollback.plan()
    rollback.platform.deployments.auto_assign = False
    with pytest.raises(ProductionChanged, match="automatic assignment of domains was switched off"):
        rollback.run(plan)
    assert rollback.writes == []


def test_a_request_in_progress_is_not_disturbed(rollback: Trial) -> None:
    behave(rollback, moves="stuck")
    another_request(rollback, How.PROMOTE, "dpl_old")()
    with pytest.raises(Blocked, match="another rollback or promotion is in progress: a promotion of dpl_old"):
        rollback.run()
    assert rollback.writes == [PROMOTE]


def test_a_job_that_hangs_for_long_is_no_reason_to_wait(rollback: Trial) -> None:
    behave(rollback, moves="stuck")
    another_request(rollback, How.PROMOTE, "dpl_old")()
    behave(rollback)
    rollback.platform.clock.advance(3_600)
    assert rollback.run().outcome is Ending.MOVED


@pytest.mark.parametrize("how", How)
def test_a_deploy_that_lands_between_is_named(rollback: Trial, how: How) -> None:
    rollback.platform.platform.promotions.before_move = lambda: rollback.deploy("dpl_newer")
    report = rollback.run(how=how)
    assert (report.outcome, report.exit_code, report.serves) == (Ending.SUPERSEDED, 1, "dpl_newer")
    assert "dpl_newer" in report.says
    assert "a new deploy" in report.says
    assert rollback.writes == [WRITE[how]]


def test_a_request_in_between_is_named(rollback: Trial) -> None:
    rollback.deploy("dpl_newer")
    promotions = rollback.platform.platform.promotions
    promotions.before_move = another_request(rollback, How.PROMOTE, "dpl_new")
    report = rollback.run()
    assert (report.outcome, report.exit_code, report.serves) == (Ending.SUPERSEDED, 1, "dpl_new")
    assert "a promotion of dpl_new" in report.says


def test_another_request_for_the_same_target_does_no_harm(rollback: Trial) -> None:
    rollback.platform.platform.promotions.before_move = another_request(rollback, How.ROLL_BACK, "dpl_old")
    report = rollback.run()
    assert (report.outcome, report.serves) == (Ending.MOVED, "dpl_old")
    assert any("another request came meanwhile: a rollback to dpl_old" in note for note in report.notes)


# Rolling releases ----------------------------------------------------------------------------------------------------------


def test_a_rolling_release_is_ended_by_going_back_to_what_the_others_are_served(rollback: Trial) -> None:
    rollback.platform.deployments.roll(Deployment("dpl_canary", NOWHERE, "inbox-canary", rollback.platform.clock.now))
    plan = rollback.plan(How.ROLL_BACK, "dpl_new")
    assert not plan.nothing_to_do
    assert rollback.run(plan).outcome is Ending.MOVED
    assert rollback.platform.deployments.rolling is not None
    assert (rollback.platform.deployments.rolling.active, rollback.serves) == (False, "dpl_new")


def test_during_a_rolling_release_only_an_instant_rollback_acts(rollback: Trial) -> None:
    deployments = rollback.platform.deployments
    current = deployments.production
    assert current is not None
    deployments.roll(replace(current, id="dpl_canary", label="inbox-canary"))
    with pytest.raises(Unfit, match="rolling release of dpl_canary"):
        rollback.run()
    assert rollback.writes == []
    report = rollback.run(how=How.ROLL_BACK)
    assert (report.outcome, report.serves) == (Ending.MOVED, "dpl_old")
    assert rollback.platform.deployments.rolling is not None
    assert not rollback.platform.deployments.rolling.active


class Late(Vercel):
    """Something happens after the last read, right before the write."""

    def __init__(self, like: Vercel, happens: Callable[[], object]) -> None:
        super().__init__(like.access)
        self._happens = happens

    def write(self, method: str, path: str, body: object, **query: str | int) -> WriteResult:
        self._happens()
        return super().write(method, path, body, **query)


def test_what_is_queued_is_not_done(rollback: Trial) -> None:
    deployments = rollback.platform.deployments
    current = deployments.production
    assert current is not None

    late = Late(rollback.vercel(), lambda: deployments.roll(replace(current, id="dpl_canary", label="inbox-canary")))
    report = rollback.run(acting=late)
    assert (report.outcome, report.exit_code) == (Ending.NOT_MOVED, 1)
    assert any("queued" in note for note in report.notes)
    assert report.serves == "dpl_new"
    assert rollback.writes == [PROMOTE]


# Never a rebuild -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", How)
def test_a_preview_is_refused_before_anything_is_sent(rollback: Trial, how: How) -> None:
    deployments = rollback.platform.deployments
    old = deployments.find("dpl_old")
    assert old is not None
    deployments.add(replace(old, id="dpl_preview", label="inbox-preview", target=None))
    with pytest.raises(Unfit, match="a preview"):
        rollback.run(rollback.plan(how, "dpl_preview"))
    assert rollback.writes == []
    assert rollback.platform.platform.rebuilds == 0


def test_what_was_never_live_cannot_be_a_rollback_target(rollback: Trial) -> None:
    rollback.platform.deployments.auto_assign = False
    rollback.deploy("dpl_staged")
    with pytest.raises(Unfit, match="never live") as refused:
        rollback.run(rollback.plan(target="dpl_staged"))
    assert "vercel promote" in refused.value.cure
    assert rollback.writes == []
