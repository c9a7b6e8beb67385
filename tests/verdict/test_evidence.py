"""What a recommendation is said to rest on, and what speaks against it: the log's finding, the comparison run, the target."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.model import Cause, CheckResult, Recommendation, WillHelp
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.recommendation import LOG, FailureFacts, Recommended, recommend
from tests.builders import failed

GOOD = LastGood("dpl_good", "https://good.example.app", KnownBy.RECORD, "passed its verification an hour ago")
THERE = "on dpl_good (https://good.example.app)"
PASSES, FAILS, NOT_TRIED = (
    Attempt(ended) for ended in (AttemptOutcome.PASSED, AttemptOutcome.FAILED, AttemptOutcome.NOT_TRIED)
)
BLANK, WALL = Attempt(AttemptOutcome.FAILED, "a blank page"), Attempt(AttemptOutcome.NOT_TRIED, "a wall")
HOLD, BACK, LOOK = Recommendation.HOLD, Recommendation.ROLL_BACK, Recommendation.INVESTIGATE
MEND, FORWARD = Recommendation.FIX_ENVIRONMENT, Recommendation.FIX_FORWARD
OLD = "the last-good deployment keeps the settings of its own build: a rollback helps only until the next deploy"
TARGET = "dpl_good passed its verification an hour ago"
UNTRIED = "expected to help: unproven (not tried on the last-good deployment)"
NOT_COMPARED = "not compared with the deployment before"


def logged(called: Recommendation | None, cause: Cause = Cause.SERVER_ACTIONS) -> CheckResult:
    """A check of the log that failed."""
    return failed(cause, "test_log", LOG, recommendation=called)


def advice(*failures: CheckResult, there: Attempt | None = None, here: Attempt = FAILS, **more: Any) -> Recommended:
    comparisons = (Comparison("test_inbox", there, here),) if there else ()
    return recommend(FailureFacts(failures, **({"last_good": GOOD, "comparisons": comparisons} | more)))


@pytest.mark.parametrize(
    ("failure", "more", "says"),
    [
        pytest.param(logged(LOOK), {"there": PASSES}, (LOOK, WillHelp.NO, (), ()), id="all known before"),
        pytest.param(logged(MEND), {}, (MEND, None, (), ()), id="a setting"),
        pytest.param(logged(MEND), {"there": FAILS}, (MEND, None, (), ()), id="a setting, and it fails there too"),
        pytest.param(
            logged(MEND),
            {"there": PASSES},
            (MEND, WillHelp.YES, (f"test_inbox passes {THERE}",), (OLD,)),
            id="a setting that the last-good deployment has right",
        ),
        pytest.param(
            logged(BACK),
            {"there": BLANK},
            (
                HOLD,
                WillHelp.NO,
                (f"test_inbox also fails {THERE} (a blank page): a rollback would bring that failure back",),
                (),
            ),
            id="the inbox fails there, too",
        ),
        pytest.param(
            logged(FORWARD),
            {"there": FAILS},
            (
                FORWARD,
                WillHelp.NO,
                (f"test_inbox also fails {THERE}: a rollback would bring that failure back",),
                (),
            ),
            id="schema drift, and the inbox fails there, too",
        ),
        pytest.param(
            logged(BACK),
            {"there": PASSES, "compared_with": "dpl_good"},
            (BACK, WillHelp.YES, ("new against dpl_good", f"test_inbox passes {THERE}", TARGET), ()),
            id="new, and the inbox works there",
        ),
        pytest.param(
            logged(BACK),
            {"there": PASSES},
            (BACK, WillHelp.NOT_PROVEN, (f"test_inbox passes {THERE}", TARGET), (NOT_COMPARED,)),
            id="not compared, and the inbox works there",
        ),
        pytest.param(
            logged(BACK),
            {"there": WALL, "compared_with": "dpl_good"},
            (
                BACK,
                WillHelp.NOT_PROVEN,
                ("new against dpl_good", TARGET),
                ("expected to help: unproven (not tried on the last-good deployment: a wall)",),
            ),
            id="new, and not tried there",
        ),
        pytest.param(
            logged(BACK),
            {"not_tried_reason": "no time"},
            (
                BACK,
                WillHelp.NOT_PROVEN,
                (TARGET,),
                (NOT_COMPARED, "expected to help: unproven (not tried on the last-good deployment: no time)"),
            ),
            id="not compared, and no comparison run",
        ),
        pytest.param(
            logged(HOLD, Cause.DATABASE), {}, (HOLD, WillHelp.NOT_PROVEN, (), (UNTRIED,)), id="an outage, not compared"
        ),
        pytest.param(
            logged(HOLD, Cause.DATABASE),
            {"there": WALL},
            (
                HOLD,
                WillHelp.NOT_PROVEN,
                (),
                ("expected to help: unproven (not tried on the last-good deployment: a wall)",),
            ),
            id="an outage, not tried there",
        ),
        pytest.param(
            logged(HOLD, Cause.DATABASE),
            {"there": PASSES, "here": PASSES},
            (HOLD, WillHelp.NOT_PROVEN, (), (f"test_inbox passes {THERE}, and on this deployment too",)),
            id="an outage that no browser meets",
        ),
        pytest.param(
            logged(HOLD, Cause.AUTH_SERVICE),
            {"there": PASSES},
            (
                BACK,
                WillHelp.YES,
                (f"test_inbox passes {THERE}, and fails on this deployment", TARGET),
                (),
            ),
            id="an outage of this deployment alone",
        ),
        pytest.param(
            logged(FORWARD, Cause.SCHEMA),
            {"there": PASSES},
            (BACK, WillHelp.YES, (f"test_inbox passes {THERE}", TARGET), ()),
            id="schema drift that the last-good deployment does not mind",
        ),
        pytest.param(
            logged(None, Cause.SERVER),
            {"compared_with": "dpl_good"},
            (BACK, WillHelp.NOT_PROVEN, ("new against dpl_good", TARGET), (UNTRIED,)),
            id="where the log calls for nothing, its cause does",
        ),
        pytest.param(
            logged(None, Cause.DATABASE),
            {},
            (HOLD, WillHelp.NOT_PROVEN, (), (UNTRIED,)),
            id="where the log calls for nothing, its cause does: a database",
        ),
        pytest.param(
            logged(BACK),
            {"last_good": NoLastGood("the first", looked=True), "compared_with": "dpl_good"},
            (
                FORWARD,
                WillHelp.NO,
                ("new against dpl_good", "there is no rollback target: the first"),
                (),
            ),
            id="no target, though one was looked for",
        ),
        pytest.param(
            logged(BACK),
            {"last_good": NoLastGood("no token", looked=False), "compared_with": "dpl_good"},
            (
                BACK,
                WillHelp.NOT_PROVEN,
                ("new against dpl_good",),
                ("no rollback target is known: no token",),
            ),
            id="no target, for none could be looked for",
        ),
        pytest.param(
            logged(BACK),
            {"last_good": None, "there": PASSES, "compared_with": "dpl_old"},
            (
                LOOK,
                WillHelp.NOT_PROVEN,
                ("new against dpl_old", "test_inbox passes on the last-good deployment"),
                ("a rollback may help: its target is not looked for yet",),
            ),
            id="its target is not looked for yet",
        ),
    ],
)
def test_what_the_logs_finding_rests_on(
    failure: CheckResult,
    more: dict[str, Any],
    says: tuple[Recommendation, WillHelp | None, tuple[str, ...], tuple[str, ...]],
) -> None:
    found = advice(failure, **more)
    assert found.leading == failure
    assert (found.recommendation, found.will_help, found.evidence_for, found.evidence_against) == says
    good = more.get("last_good", GOOD)
    assert found.target == (good if isinstance(good, LastGood) else None)
