"""What a recommendation is said to rest on, and what speaks against it: the log's finding, the comparison run, the target."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from postdeploy.model import Cause, CheckResult, Recommendation, WillHelp
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.recommendation import LOG, FailureFacts, Recommended, recommend, worth_comparing
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
UNTRIED = "a rollback is not proven to help (not tried on the last-good deployment)"
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
                ("a rollback is not proven to help (not tried on the last-good deployment: a wall)",),
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
                (NOT_COMPARED, "a rollback is not proven to help (not tried on the last-good deployment: no time)"),
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
                ("a rollback is not proven to help (not tried on the last-good deployment: a wall)",),
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


def failing(cause: Cause, name: str = "test_inbox") -> CheckResult:
    """A check of the browser that failed."""
    return failed(cause, name)


CRASH, ROUTE = failing(Cause.CLIENT_CRASH), failing(Cause.LIST_ROUTE)
AGAIN = f"test_inbox passes {THERE}, and fails again on this deployment"


@pytest.mark.parametrize(
    ("failure", "more", "says"),
    [
        pytest.param(
            CRASH,
            {"there": Attempt(AttemptOutcome.FAILED, "a blank page", Cause.CLIENT_CRASH)},
            (
                HOLD,
                WillHelp.NO,
                (f"test_inbox also fails {THERE} (a blank page): a rollback would bring that failure back",),
                (),
            ),
            id="it fails there, too",
        ),
        pytest.param(
            CRASH,
            {"there": Attempt(AttemptOutcome.FAILED, "500", Cause.LIST_ROUTE)},
            (
                HOLD,
                WillHelp.NO,
                (
                    f"test_inbox also fails {THERE}, for another reason (500): a rollback would exchange one fault for another",
                ),
                (),
            ),
            id="it fails there for another reason",
        ),
        *(
            pytest.param(
                failure,
                {"there": Attempt(AttemptOutcome.FAILED, cause=there)},
                (
                    HOLD,
                    WillHelp.NO,
                    (f"test_inbox also fails {THERE}: a rollback would bring that failure back",),
                    (),
                ),
                id=f"it fails there, and {why}",
            )
            for failure, there, why in (
                (CRASH, None, "nobody knows why"),
                (CRASH, Cause.DATABASE, "an outage is behind both"),
                (CRASH, Cause.SESSION_REJECTED, "what both depend on is behind both"),
                (ROUTE, Cause.NO_ANSWER, "an outage looks like either"),
                (failing(Cause.AUTH_SERVICE), Cause.LIST_ROUTE, "an outage is behind this one"),
            )
        ),
        pytest.param(CRASH, {"there": PASSES}, (BACK, WillHelp.YES, (AGAIN, TARGET), ()), id="code"),
        pytest.param(
            failing(Cause.DATABASE),
            {"there": PASSES, "saturated": True},
            (
                LOOK,
                WillHelp.NOT_PROVEN,
                (AGAIN,),
                ("it has no traffic there: whether its connections would run out too is not known",),
            ),
            id="connections run out here",
        ),
        pytest.param(
            failing(Cause.DATABASE),
            {"there": PASSES, "changed": ("DATABASE_URL", "DIRECT_URL")},
            (
                MEND,
                WillHelp.YES,
                (AGAIN, "changed since the last-good deployment was built: DATABASE_URL, DIRECT_URL"),
                (OLD,),
            ),
            id="another database than the last-good deployment's",
        ),
        pytest.param(
            failing(Cause.AUTH_SETTINGS),
            {"there": PASSES},
            (MEND, WillHelp.YES, (AGAIN,), (OLD,)),
            id="the key in the build",
        ),
        pytest.param(
            CRASH,
            {"there": PASSES, "here": PASSES},
            (
                LOOK,
                WillHelp.NOT_PROVEN,
                (),
                (f"test_inbox passes {THERE}, and now on this deployment too: the failure is intermittent",),
            ),
            id="intermittent",
        ),
        pytest.param(
            failing(Cause.SCHEMA),
            {"there": PASSES, "here": PASSES},
            (
                FORWARD,
                WillHelp.NOT_PROVEN,
                (),
                (f"test_inbox passes {THERE}, and now on this deployment too: the failure is intermittent",),
            ),
            id="intermittent, and yet the schema",
        ),
        pytest.param(
            failing(Cause.AUTH_SETTINGS),
            {"there": PASSES, "here": PASSES},
            (
                MEND,
                WillHelp.NOT_PROVEN,
                (),
                (f"test_inbox passes {THERE}, and now on this deployment too: the failure is intermittent",),
            ),
            id="intermittent, and yet a setting",
        ),
        pytest.param(
            CRASH,
            {"there": PASSES, "here": WALL},
            (
                BACK,
                WillHelp.NOT_PROVEN,
                (f"test_inbox passes {THERE}", TARGET),
                ("it had no result on this deployment at the same moment: a wall",),
            ),
            id="no result here at the same moment",
        ),
        pytest.param(
            failing(Cause.DATABASE),
            {"there": PASSES, "here": NOT_TRIED},
            (
                HOLD,
                WillHelp.NOT_PROVEN,
                (f"test_inbox passes {THERE}",),
                ("it had no result on this deployment at the same moment",),
            ),
            id="an outage that may be over by now",
        ),
        pytest.param(
            CRASH,
            {"there": WALL},
            (
                BACK,
                WillHelp.NOT_PROVEN,
                (TARGET,),
                ("a rollback is not proven to help (not tried on the last-good deployment: a wall)",),
            ),
            id="not tried there",
        ),
        pytest.param(
            replace(ROUTE, no_read_succeeds=True),
            {},
            (
                LOOK,
                WillHelp.NOT_PROVEN,
                (),
                ("none of the app's reads succeeds: an outage of the database looks like this, too", UNTRIED),
            ),
            id="no read succeeds",
        ),
        pytest.param(
            failing(Cause.AUTH_REGRESSION),
            {"auth_slow": True},
            (
                HOLD,
                WillHelp.NOT_PROVEN,
                ("the log shows a slow auth service, which looks like this failure",),
                (UNTRIED,),
            ),
            id="a slow auth service",
        ),
        pytest.param(
            failing(Cause.AUTH_REGRESSION),
            {"auth_slow": True, "there": PASSES},
            (BACK, WillHelp.YES, (AGAIN, TARGET), ()),
            id="a slow auth service, and yet proven",
        ),
    ],
)
def test_what_a_comparison_run_shows(
    failure: CheckResult,
    more: dict[str, Any],
    says: tuple[Recommendation, WillHelp | None, tuple[str, ...], tuple[str, ...]],
) -> None:
    found = advice(failure, **more)
    assert found.leading == failure
    assert (found.recommendation, found.will_help, found.evidence_for, found.evidence_against) == says


OUTAGE = failing(Cause.AUTH_SERVICE, "test_a")
SCHEMA = logged(FORWARD, Cause.SCHEMA)
LOST_SESSIONS = logged(HOLD, Cause.SESSION_REJECTED)


@pytest.mark.parametrize(
    ("failures", "more", "leads", "others"),
    [
        pytest.param(
            [SCHEMA, OUTAGE],
            {"there": PASSES},
            (HOLD, OUTAGE),
            ("logs: schema says (alone: roll-back, which is expected to help)",),
            id="what the log alone proves does not beat an outage",
        ),
        pytest.param(
            [LOST_SESSIONS, OUTAGE],
            {"there": PASSES},
            (HOLD, OUTAGE),
            ("logs: session-rejected says (alone: roll-back, which is expected to help)",),
            id="lost sessions in the log do not beat an outage",
        ),
        pytest.param(
            [failing(Cause.AUTH_SERVICE), failing(Cause.SESSION_REJECTED, "test_a")],
            {"there": PASSES},
            (HOLD, failing(Cause.SESSION_REJECTED, "test_a")),
            ("inbox: auth-service says (alone: roll-back, which is expected to help)",),
            id="an outage that only this deployment has does not beat another",
        ),
        pytest.param(
            [failing(Cause.AUTH_SETTINGS), OUTAGE],
            {"there": PASSES},
            (HOLD, OUTAGE),
            ("inbox: auth-settings says (alone: fix-environment)",),
            id="a setting that would help",
        ),
        pytest.param(
            [failing(Cause.CLIENT_CRASH), failing(Cause.DATABASE, "test_a")],
            {"there": PASSES},
            (BACK, CRASH),
            ("inbox: database says (alone: hold)",),
            id="code that only this deployment has beats all",
        ),
        pytest.param(
            [failing(Cause.CLIENT_CRASH, "test_a"), failing(Cause.CLIENT_CRASH, "test_b")],
            {},
            (BACK, failing(Cause.CLIENT_CRASH, "test_a")),
            (),
            id="what calls for the same is not said again",
        ),
        pytest.param(
            [failing(Cause.CRON, "test_c"), failing(Cause.CLIENT_CRASH, "test_a")],
            {},
            (BACK, failing(Cause.CLIENT_CRASH, "test_a")),
            ("inbox: cron says (alone: investigate)",),
            id="a rollback that is not proven to help",
        ),
    ],
)
def test_what_other_failures_call_for_is_said(
    failures: list[CheckResult],
    more: dict[str, Any],
    leads: tuple[Recommendation, CheckResult],
    others: tuple[str, ...],
) -> None:
    found = advice(*failures, **more)
    assert (found.recommendation, found.leading) == leads
    assert tuple(one for one in found.evidence_against if "(alone: " in one) == others


def test_the_log_that_only_has_a_rollback_without_proof_says_so() -> None:
    found = advice(OUTAGE, logged(BACK), compared_with="dpl_good")
    assert found.recommendation is HOLD
    assert "logs: server-actions says (alone: roll-back)" in found.evidence_against


def test_what_failed_on_the_target_before_and_what_was_passed_over_is_said() -> None:
    good = replace(GOOD, failing=("test_a", "test_b"), skipped=("dpl_1 (expired)", "dpl_2 (a preview)"))
    found = advice(CRASH, there=PASSES, last_good=good)
    assert found.evidence_for[1:] == (
        f"{TARGET}; test_a, test_b failed on it before",
        "newer, but not the target: dpl_1 (expired); dpl_2 (a preview)",
    )


@pytest.mark.parametrize(
    ("failure", "worth"),
    [
        (CRASH, True),
        (failing(Cause.AUTH_SETTINGS), True),
        (failing(Cause.ENVIRONMENT), False),
        (failing(Cause.CRON), False),
        (logged(BACK), True),
        (logged(HOLD), True),
        (logged(FORWARD), True),
        (logged(LOOK), False),
        (logged(MEND, Cause.ENVIRONMENT), False),
        (logged(None), True),
        (failed(Cause.CLIENT_CRASH, "test_inbox", recommendation=LOOK), True),
    ],
)
def test_what_a_comparison_run_can_change_is_compared(failure: CheckResult, *, worth: bool) -> None:
    assert worth_comparing(failure) is worth


def test_a_check_that_was_not_compared_goes_by_another_that_failed_for_the_same_cause() -> None:
    found = advice(failing(Cause.CLIENT_CRASH, "test_a"), CRASH, there=PASSES)
    assert (found.leading.name, found.will_help) == ("test_a", WillHelp.YES)
