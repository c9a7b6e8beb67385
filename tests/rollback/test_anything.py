"""Whatever Vercel and other people do: exit code 0 only where the domain serves the target, and nothing is sent twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postdeploy.model import Blocked
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.vercel.promotions import How
from sandbox.platform import Acts
from sandbox.platform.acts import Answer, Moves
from tests.properties import tried
from tests.rollback.acting import LIMIT, Trial, trial

OTHERS = ("no one", "a deploy", "a promotion", "a rollback", "the same")
PAGES = ("the truth", "nothing", "the old one", "the truth, late")

_PATIENT = 60.0
"""Seconds. A loaded machine must not look like a Vercel that gives no answer: what others do then comes after the end, unseen."""

acts = st.builds(
    Acts,
    plan=st.sampled_from(["pro", "hobby"]),
    moves=st.sampled_from(get_args(Moves)),
    after=st.sampled_from([0.0, 10.0, 100.0, 400.0]),
    left_behind=st.sampled_from(["first", "custom"]),
    answer=st.sampled_from([one for one in get_args(Answer) if not one.startswith("silent")]),
    unreadable_states=st.sampled_from([0, 0, 0, 3, 20, 10_000]),
    settings=st.sampled_from(["kept", "refused", "ignored"]),
)


def others(rollback: Trial, who: str) -> Callable[[], None] | None:
    def act(kind: str, target: str) -> Callable[[], None]:
        def ask() -> None:
            with rollback.vercel() as vercel:
                version = "v10" if kind == "promote" else "v1"
                vercel.write("POST", f"/{version}/projects/prj_alone/{kind}/{target}", {})

        return ask

    return {
        "no one": None,
        "a deploy": lambda: rollback.deploy("dpl_newer"),
        "a promotion": act("promote", "dpl_new"),
        "a rollback": act("rollback", "dpl_oldest"),
        "the same": act("rollback", "dpl_old"),
    }[who]


@settings(tried(50), suppress_health_check=[HealthCheck.too_slow])
@given(
    acts=acts,
    how=st.sampled_from(How),
    before=st.sampled_from(OTHERS),
    after=st.sampled_from(OTHERS),
    by_hand=st.booleans(),
    page=st.sampled_from(PAGES),
)
def test_nothing_is_claimed_that_is_not_so(
    *, acts: Acts, how: How, before: str, after: str, by_hand: bool, page: str
) -> None:
    with trial(_PATIENT) as rollback:
        rollback.deploy("dpl_oldest")
        rollback.deploy("dpl_old")
        rollback.deploy("dpl_new")
        rollback.platform.deployments.auto_assign = not by_hand
        promotions = rollback.platform.platform.promotions
        plan = rollback.plan(how)
        already = len(rollback.writes)
        rollback.platform.platform.acts = acts
        promotions.before_move, promotions.after_move = others(rollback, before), others(rollback, after)

        def served() -> str | None:
            late = page == "the truth, late" and rollback.slept < 30
            return {"nothing": None, "the old one": "dpl_new"}.get(page, "dpl_new" if late else rollback.serves)

        try:
            report = rollback.run(plan, served=served)
        except Blocked:
            assert rollback.writes[already:] == []
            return
        holds(rollback, report, page)
        theirs = sum(one not in ("no one", "a deploy") for one in (before, after))
        ours = Counter(rollback.writes[already:])
        assert ours["PATCH /v9/projects/prj_alone"] <= by_hand
        assert sum(ours.values()) <= 1 + theirs + by_hand
        assert rollback.platform.platform.rebuilds == 0


def holds(rollback: Trial, report: RollbackReport, page: str) -> None:
    assert report.outcome is not Ending.UNFINISHED
    if report.exit_code == 0:
        assert rollback.serves == report.serves == "dpl_old"
        assert page != "the old one"
        assert report.moved_at
    if report.serves:
        assert report.serves == rollback.serves
    if report.exit_code == 1 and report.outcome is not Ending.FAILED and page != "the old one":
        assert rollback.serves != "dpl_old"
    assert rollback.slept <= LIMIT + 1
