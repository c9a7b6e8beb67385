"""A newer build that is not live: the record is asked before its promotion is advised."""

from __future__ import annotations

import datetime as dt

import pytest

from postdeploy.model import Recommendation
from postdeploy.production.newer_builds import NewerBuild
from postdeploy.record.entries import RecordedVerdict, effective_verdicts
from postdeploy.rollback.promotion import advise
from tests.production.states import build
from tests.record.runs import FAIL, INCONCLUSIVE, NOON, earlier

STAGED = NewerBuild(build("new", 1, "STAGED"), "dpl_new is staged, not live", can_be_promoted=True)
VERIFY = "Verify it before promoting it: pytest -m smoke --base-url=https://new.vercel.app"
PROMOTE = "To promote it: vercel promote https://new.vercel.app"
FAILED = earlier("dpl_new", FAIL, failing=("test_x",))
OUTAGE = earlier("dpl_new", FAIL, recommendation=Recommendation.HOLD)

DONT = "do not promote it: it failed its verification on 2026-11-20 12:00 UTC: test_x"
KNOWN = {
    "no run": ([], f"no run has verified it. {VERIFY}"),
    "another one passed": ([earlier("dpl_old")], f"no run has verified it. {VERIFY}"),
    "only an outage": ([OUTAGE], f"no run has verified it. {VERIFY}"),
    "nothing was proven": ([earlier("dpl_new", INCONCLUSIVE)], f"no run has verified it. {VERIFY}"),
    "it failed": ([FAILED], DONT),
    "it failed twice": ([FAILED, FAILED], DONT),
    "it failed after it passed": ([earlier("dpl_new", minutes=-5), FAILED], DONT),
    "it passed": ([earlier("dpl_new")], f"it passed its verification 3 h ago. {PROMOTE}"),
    "it passed, then an outage": ([earlier("dpl_new"), OUTAGE], f"it passed its verification 3 h ago. {PROMOTE}"),
    "it passed at last": ([FAILED, earlier("dpl_new", minutes=130)], f"it passed its verification 50 min ago. {PROMOTE}"),
}  # fmt: skip


@pytest.mark.parametrize(("runs", "says"), KNOWN.values(), ids=KNOWN)
def test_what_to_do_about_a_newer_build_is_what_the_record_knows_of_it(runs: list[RecordedVerdict], says: str) -> None:
    found = advise(STAGED, effective_verdicts(runs), NOON + dt.timedelta(hours=3))
    assert found == f"dpl_new is staged, not live; {says}"


@pytest.mark.parametrize("runs", [[], [FAILED], [earlier("dpl_new")]])
def test_a_record_that_was_read_in_part_is_said(runs: list[RecordedVerdict]) -> None:
    unread = ("line 3: torn", "line 4: torn", "line 5: torn")
    found = advise(STAGED, effective_verdicts(runs), NOON, unread)
    assert "(the record was read in part: line 3: torn; line 4: torn and 1 more)" in found


@pytest.mark.parametrize("runs", [[], [FAILED], [earlier("dpl_new")]])
def test_what_can_not_be_promoted_is_only_named(runs: list[RecordedVerdict]) -> None:
    gone = NewerBuild(build("new", 1), "dpl_new was live", can_be_promoted=False)
    assert advise(gone, effective_verdicts(runs), NOON) == "dpl_new was live"
