"""What to do about a failed deployment: the table, the comparison run on the last-good deployment, the mixed cases."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.model import Cause, CheckResult, Recommendation, WillHelp
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.recommendation import LOG, FailureFacts, recommend, worth_comparing
from postdeploy.verdict.table import ORDER, TABLE, CauseRow
from tests.builders import failed

GOOD = LastGood("dpl_good", "https://good.example.app", KnownBy.RECORD, "passed its verification an hour ago")
FIRST = NoLastGood("no deployment was live before this one")
NOBODY = NoLastGood("neither --record nor VERCEL_TOKEN", looked=False)
PASSES, FAILS, NOT_TRIED = (
    Attempt(ended) for ended in (AttemptOutcome.PASSED, AttemptOutcome.FAILED, AttemptOutcome.NOT_TRIED)
)
HOLD, BACK, LOOK = Recommendation.HOLD, Recommendation.ROLL_BACK, Recommendation.INVESTIGATE
MEND, FORWARD = Recommendation.FIX_ENVIRONMENT, Recommendation.FIX_FORWARD


def seen(cause: Cause, name: str = "test_inbox") -> CheckResult:
    """A check of the browser that failed."""
    return failed(cause, name)


def logged(cause: Cause, called: Recommendation) -> CheckResult:
    """A check of the log that failed."""
    return failed(cause, "test_log", LOG, recommendation=called)


def compared(there: Attempt, here: Attempt = FAILS, check: str = "test_inbox") -> tuple[Comparison, ...]:
    return (Comparison(check, there, here),)


def fails_of(cause: Cause) -> Attempt:
    return Attempt(AttemptOutcome.FAILED, f"{cause} says", cause)


def said(*failures: CheckResult, **more: object) -> tuple[Recommendation, WillHelp | None]:
    question = FailureFacts(failures, **({"last_good": GOOD} | more))  # type: ignore[arg-type]
    advice = recommend(question)
    return advice.recommendation, advice.will_help


def test_the_table_knows_every_cause_once() -> None:
    assert sorted(cause for row in TABLE for cause in row.causes) == sorted(Cause)


@pytest.mark.parametrize(("row", "cause"), [(row, cause) for row in TABLE for cause in row.causes], ids=str)
def test_each_cause_leads_where_its_row_says(row: CauseRow, cause: Cause) -> None:
    if not worth_comparing(seen(cause)):
        assert said(seen(cause))[0] is row.not_tried is row.helps is row.fails_there
        return
    assert said(seen(cause), not_tried_reason="a wall") == (row.not_tried, WillHelp.NOT_PROVEN)
    assert said(seen(cause), comparisons=compared(NOT_TRIED)) == (row.not_tried, WillHelp.NOT_PROVEN)
    assert said(seen(cause), comparisons=compared(FAILS)) == (row.fails_there, WillHelp.NO)
    assert said(seen(cause), comparisons=compared(PASSES)) == (row.helps, WillHelp.YES)


def test_the_table_for_people_is_this_table() -> None:
    text = Path(__file__, "../../../docs/decisions/recommendation.md").resolve().read_text(encoding="utf-8")
    section = text.partition("## The table\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line]
    shown = {row[0]: row[1:] for row in cells if len(row) == 5}
    for row in TABLE:
        causes, *leads = shown[row.name]
        assert set(re.findall(r"[\w-]+", causes)) == {str(cause) for cause in row.causes}
        leading = [re.match(r"[\w-]+", lead) for lead in leads]
        assert [found[0] for found in leading if found] == [row.not_tried, row.helps, row.fails_there], row.name


# Will a rollback help? ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failures", "more", "advice"),
    [
        pytest.param([seen(Cause.DATABASE)], {"comparisons": compared(FAILS)}, (HOLD, WillHelp.NO), id="an outage"),
        pytest.param(
            [seen(Cause.DATABASE)],
            {"comparisons": compared(PASSES), "changed": ("DATABASE_URL",)},
            (MEND, WillHelp.YES),
            id="other credentials or another host than the last-good deployment was built with",
        ),
        pytest.param(
            [seen(Cause.DATABASE)],
            {"comparisons": compared(PASSES, PASSES)},
            (LOOK, WillHelp.NOT_PROVEN),
            id="a burst, by now it passes here as well",
        ),
        pytest.param(
            [seen(Cause.DATABASE)],
            {"comparisons": compared(PASSES, NOT_TRIED)},
            (HOLD, WillHelp.NOT_PROVEN),
            id="it passes there, but it has no result here at that moment",
        ),
        pytest.param(
            [seen(Cause.DATABASE)],
            {"comparisons": compared(PASSES), "saturated": True},
            (LOOK, WillHelp.NOT_PROVEN),
            id="connections run out: there is no traffic at the last-good deployment's address",
        ),
        pytest.param(
            [seen(Cause.AUTH_REGRESSION)],
            {"comparisons": compared(PASSES)},
            (BACK, WillHelp.YES),
            id="login fails through the app alone",
        ),
        pytest.param(
            [seen(Cause.AUTH_REGRESSION)],
            {"comparisons": compared(PASSES, NOT_TRIED)},
            (BACK, WillHelp.NOT_PROVEN),
            id="it passes there, but by now it may pass here as well",
        ),
        pytest.param(
            [seen(Cause.PAGE)],
            {"comparisons": compared(PASSES, PASSES)},
            (LOOK, WillHelp.NOT_PROVEN),
            id="an outage that is over",
        ),
        pytest.param(
            [seen(Cause.NO_ANSWER)],
            {"comparisons": compared(PASSES, NOT_TRIED)},
            (BACK, WillHelp.NOT_PROVEN),
            id="it passes there, and here it does not end",
        ),
        pytest.param(
            [seen(Cause.SESSION_REJECTED)],
            {"comparisons": compared(PASSES, NOT_TRIED)},
            (HOLD, WillHelp.NOT_PROVEN),
            id="no session was renewed; it passes there a moment later",
        ),
        pytest.param(
            [seen(Cause.CLIENT_CRASH)],
            {"comparisons": compared(fails_of(Cause.LIST_ROUTE))},
            (HOLD, WillHelp.NO),
            id="both are broken, each in its own way",
        ),
        pytest.param(
            [seen(Cause.CLIENT_CRASH)],
            {"comparisons": compared(fails_of(Cause.PAGE))},
            (HOLD, WillHelp.NO),
            id="the last-good deployment is gone, or serves nothing but errors",
        ),
        pytest.param(
            [seen(Cause.CLIENT_CRASH)],
            {"comparisons": compared(fails_of(Cause.DATABASE))},
            (HOLD, WillHelp.NO),
            id="code, and an outage that the last-good deployment shows",
        ),
        pytest.param(
            [seen(Cause.LIST_ROUTE)],
            {"comparisons": compared(fails_of(Cause.NO_ANSWER))},
            (HOLD, WillHelp.NO),
            id="an outage may look like either",
        ),
        pytest.param([seen(Cause.AUTH_SERVICE)], {"comparisons": compared(FAILS)}, (HOLD, WillHelp.NO), id="both fail"),
        pytest.param(
            [seen(Cause.SESSION_REJECTED)],
            {"auth_slow": True, "not_tried_reason": "a wall"},
            (HOLD, WillHelp.NOT_PROVEN),
            id="not authenticated while there is a slow auth service",
        ),
        pytest.param(
            [seen(Cause.SERVER_ACTIONS)],
            {"comparisons": compared(PASSES)},
            (BACK, WillHelp.YES),
            id="a digest on a fresh load, which the last-good deployment lacks",
        ),
        pytest.param(
            [seen(Cause.SERVER_ACTIONS)],
            {"comparisons": compared(FAILS)},
            (HOLD, WillHelp.NO),
            id="a digest on a fresh load, there as well",
        ),
        pytest.param([seen(Cause.ENVIRONMENT)], {}, (MEND, None), id="a required variable is missing"),
        pytest.param(
            [logged(Cause.SCHEMA, FORWARD)],
            {"comparisons": compared(PASSES, PASSES)},
            (BACK, WillHelp.YES),
            id="schema drift",
        ),
        pytest.param(
            [logged(Cause.SCHEMA, FORWARD)],
            {"comparisons": compared(FAILS)},
            (FORWARD, WillHelp.NO),
            id="schema drift that hits the last-good deployment as well",
        ),
        pytest.param(
            [logged(Cause.SERVER_ACTIONS, BACK)],
            {"comparisons": compared(PASSES, PASSES), "compared_with": "dpl_good"},
            (BACK, WillHelp.YES),
            id="the log's threshold, new against the last-good deployment",
        ),
        pytest.param(
            [logged(Cause.SERVER_ACTIONS, BACK)],
            {"comparisons": compared(PASSES, PASSES)},
            (BACK, WillHelp.NOT_PROVEN),
            id="the log's threshold, not compared",
        ),
        pytest.param(
            [logged(Cause.SERVER_ACTIONS, BACK)],
            {"comparisons": compared(FAILS, PASSES), "compared_with": "dpl_good"},
            (HOLD, WillHelp.NO),
            id="the log's threshold, but the last-good deployment can't show the inbox",
        ),
        pytest.param(
            [logged(Cause.SERVER_ACTIONS, LOOK)],
            {"comparisons": compared(PASSES, PASSES), "compared_with": "dpl_good"},
            (LOOK, WillHelp.NO),
            id="the log's threshold, all known before",
        ),
        pytest.param(
            [logged(Cause.DATABASE, HOLD)],
            {"comparisons": compared(PASSES, PASSES)},
            (HOLD, WillHelp.NOT_PROVEN),
            id="an outage in the log that a browser does not meet, here or there",
        ),
        pytest.param(
            [logged(Cause.DATABASE, HOLD)],
            {"comparisons": compared(PASSES, FAILS), "changed": ("DATABASE_URL",)},
            (MEND, WillHelp.YES),
            id="an outage in the log that only this deployment has",
        ),
    ],
)
def test_will_a_rollback_help(
    failures: list[CheckResult], more: dict[str, object], advice: tuple[Recommendation, WillHelp | None]
) -> None:
    assert said(*failures, **more) == advice


# It passed on the build before --------------------------------------------------------------------------------------------

BEFORE = {name: PassedBefore("build-1", 38 * 60.0) for name in ("test_inbox", "test_crash", "test_a", "preflight")}
CODE = [cause for row in TABLE if row.not_tried is BACK for cause in row.causes]
UNCLEAR = [cause for row in TABLE if row.name == "unclear" for cause in row.causes]
SHARED = [Cause.DATABASE, Cause.AUTH_SERVICE, Cause.SESSION_REJECTED]


def blind(cause: Cause) -> CheckResult:
    return replace(seen(cause), no_read_succeeds=True)


@pytest.mark.parametrize("cause", [*CODE, *(one for one in UNCLEAR if one is not Cause.UNREACHABLE)])
@pytest.mark.parametrize("good", [GOOD, NOBODY], ids=["with a target", "without"])
def test_what_passed_on_the_build_before_is_rolled_back(cause: Cause, good: LastGood | NoLastGood) -> None:
    advice = recommend(FailureFacts((seen(cause),), good, not_tried_reason="a wall", passed_before=BEFORE))
    assert (advice.recommendation, advice.will_help) == (BACK, WillHelp.LIKELY)
    if good is GOOD:
        assert advice.evidence_against == ("not compared with the last-good deployment at the same moment: a wall",)
    assert advice.evidence_for[0] == "test_inbox passed on build-1 38 minutes before this deployment"


@pytest.mark.parametrize(
    ("failures", "more", "advice"),
    [
        *(pytest.param([seen(one)], {}, (HOLD, WillHelp.NOT_PROVEN), id=f"an outage, {one}") for one in SHARED),
        *(
            pytest.param([seen(Cause.MESSAGES), seen(one, "test_a")], {}, (HOLD, WillHelp.NOT_PROVEN), id=f"with {one}")
            for one in SHARED
        ),
        *(
            pytest.param([blind(one)], {}, (HOLD, WillHelp.NOT_PROVEN), id=f"{one}, and no read succeeds")
            for one in (Cause.LIST_ROUTE, Cause.NO_ANSWER, Cause.SERVER)
        ),
        pytest.param(
            [seen(Cause.LIST_ROUTE), blind(Cause.NO_ANSWER)],
            {},
            (HOLD, WillHelp.NOT_PROVEN),
            id="another check saw that no read succeeds",
        ),
        pytest.param(
            [blind(Cause.SERVER)],
            {"passed_before": {}},
            (LOOK, WillHelp.NOT_PROVEN),
            id="no read succeeds, and no record",
        ),
        pytest.param([blind(Cause.CLIENT_CRASH)], {}, (BACK, WillHelp.LIKELY), id="a crash, whatever is read"),
        pytest.param([blind(Cause.SERVER_ACTIONS)], {}, (BACK, WillHelp.LIKELY), id="a digest of the actions alone"),
        pytest.param([seen(Cause.UNREACHABLE)], {}, (LOOK, WillHelp.NOT_PROVEN), id="an address that does not answer"),
        pytest.param([seen(Cause.LIST_ROUTE, "test_new")], {}, (LOOK, WillHelp.NOT_PROVEN), id="another check passed"),
        pytest.param(
            [seen(Cause.LIST_ROUTE)], {"comparisons": compared(FAILS)}, (HOLD, WillHelp.NO), id="it fails there by now"
        ),
        pytest.param(
            [seen(Cause.LIST_ROUTE)], {"comparisons": compared(PASSES)}, (BACK, WillHelp.YES), id="compared: proven"
        ),
        pytest.param(
            [seen(Cause.LIST_ROUTE)],
            {"comparisons": compared(PASSES, PASSES)},
            (LOOK, WillHelp.NOT_PROVEN),
            id="intermittent",
        ),
        pytest.param([seen(Cause.ENVIRONMENT)], {}, (MEND, None), id="a setting"),
        pytest.param([seen(Cause.AUTH_SETTINGS)], {}, (MEND, WillHelp.NOT_PROVEN), id="the key in the build"),
        pytest.param([seen(Cause.CRON)], {}, (LOOK, None), id="outside the inbox"),
        pytest.param(
            [seen(Cause.AUTH_REGRESSION)], {"auth_slow": True}, (HOLD, WillHelp.LIKELY), id="a slow auth service"
        ),
    ],
)
def test_a_record_is_no_reason_to_roll_back_what_an_outage_may_be(
    failures: list[CheckResult], more: dict[str, object], advice: tuple[Recommendation, WillHelp | None]
) -> None:
    assert said(*failures, **({"last_good": NOBODY, "passed_before": BEFORE} | more)) == advice


def test_without_any_rollback_target_a_record_does_not_make_one() -> None:
    assert said(CRASH, last_good=FIRST, passed_before=BEFORE) == (FORWARD, WillHelp.NO)


# Mixed causes -------------------------------------------------------------------------------------------------------------

DATABASE, CRASH = seen(Cause.DATABASE), seen(Cause.CLIENT_CRASH, "test_crash")
SETTING = replace(seen(Cause.ENVIRONMENT, "test_setting[CRON_SECRET]"), subject="CRON_SECRET")
DIGEST = seen(Cause.SERVER_ACTIONS)


@pytest.mark.parametrize(
    ("failures", "more", "advice"),
    [
        pytest.param([CRASH, DATABASE], {"not_tried_reason": "a wall"}, HOLD, id="an outage before code"),
        pytest.param([SETTING, DATABASE], {"not_tried_reason": "a wall"}, HOLD, id="an outage before a setting"),
        pytest.param([CRASH, SETTING], {"not_tried_reason": "a wall"}, MEND, id="a setting before code"),
        pytest.param(
            [logged(Cause.SCHEMA, FORWARD), CRASH], {"not_tried_reason": "a wall"}, FORWARD, id="the schema before code"
        ),
        pytest.param(
            [seen(Cause.NO_ANSWER), CRASH],
            {"not_tried_reason": "a wall"},
            BACK,
            id="code before what is unclear or slow",
        ),
        pytest.param(
            [SETTING, CRASH],
            {"comparisons": compared(PASSES, check="test_crash")},
            BACK,
            id="code that the last-good deployment lacks beats all",
        ),
        pytest.param(
            [logged(Cause.DATABASE, HOLD), CRASH],
            {"comparisons": compared(PASSES, check="test_crash")},
            BACK,
            id="also an outage in the log, as long as the last-good deployment shows the inbox",
        ),
        pytest.param(
            [DIGEST, logged(Cause.ENVIRONMENT, MEND)],
            {"comparisons": compared(PASSES)},
            MEND,
            id="but a digest is the echo of what the log names",
        ),
        pytest.param(
            [DATABASE, logged(Cause.SCHEMA, FORWARD)],
            {"not_tried_reason": "a wall"},
            FORWARD,
            id="and so is “Database error”, where the log names the column that is missing",
        ),
        pytest.param(
            [DATABASE, logged(Cause.SCHEMA, FORWARD)],
            {"comparisons": compared(PASSES)},
            BACK,
            id="which the old code does not ask for",
        ),
        pytest.param(
            [DIGEST, SETTING],
            {"comparisons": compared(PASSES)},
            MEND,
            id="or of a wrong setting, where no log was judged",
        ),
        pytest.param(
            [DIGEST, SETTING],
            {"comparisons": compared(PASSES), "outside_the_inbox": frozenset({"CRON_SECRET"})},
            BACK,
            id="unless the inbox does not need that one",
        ),
        pytest.param(
            [DIGEST, SETTING],
            {"comparisons": compared(PASSES), "logged": True},
            BACK,
            id="unless the log was judged and does not say so",
        ),
        pytest.param(
            [DATABASE, CRASH],
            {"comparisons": (*compared(FAILS), *compared(FAILS, check="test_crash"))},
            HOLD,
            id="nothing passes there: an outage",
        ),
    ],
)
def test_mixed_causes(failures: list[CheckResult], more: dict[str, object], advice: Recommendation) -> None:
    assert said(*failures, **more)[0] is advice


# Somewhere to go ----------------------------------------------------------------------------------------------------------


def test_the_first_deployment_ever_is_mended_by_the_next_one() -> None:
    advice = recommend(FailureFacts((CRASH,), FIRST, not_tried_reason=FIRST.why))
    assert advice.recommendation is FORWARD
    assert "there is no rollback target: no deployment was live before" in advice.evidence_for[-1]


@pytest.mark.parametrize("cause", [cause for row in TABLE if row.not_tried is BACK for cause in row.causes])
def test_code_is_rolled_back_also_where_nobody_can_be_asked_for_the_target(cause: Cause) -> None:
    advice = recommend(FailureFacts((seen(cause),), NOBODY, not_tried_reason=NOBODY.why))
    assert (advice.recommendation, advice.will_help, advice.target) == (BACK, WillHelp.NOT_PROVEN, None)
    assert advice.evidence_against == ("no rollback target is known: neither --record nor VERCEL_TOKEN",)


@pytest.mark.parametrize("cause", [Cause.LIST_ROUTE, Cause.NO_ANSWER, Cause.UNKNOWN])
def test_what_is_unclear_and_not_compared_is_looked_at(cause: Cause) -> None:
    assert said(seen(cause), last_good=NOBODY) == (LOOK, WillHelp.NOT_PROVEN)


def test_a_target_that_was_not_looked_for_yet_is_not_recommended() -> None:
    assert said(CRASH, last_good=None) == (LOOK, WillHelp.NOT_PROVEN)


def test_a_route_that_throws_while_the_database_answers_is_rolled_back_where_nothing_is_compared() -> None:
    throws = replace(seen(Cause.LIST_ROUTE), recommendation=Recommendation.ROLL_BACK)
    assert said(throws) == (Recommendation.ROLL_BACK, WillHelp.NOT_PROVEN)
    assert said(throws, comparisons=compared(FAILS)) == (Recommendation.HOLD, WillHelp.NO)
    assert said(seen(Cause.LIST_ROUTE)) == (Recommendation.INVESTIGATE, WillHelp.NOT_PROVEN)


def test_a_log_that_shows_nothing_of_the_failure_is_said_where_it_could_have_named_the_reason() -> None:
    lacking = "the log proves nothing: 2 of 2 requests that failed a check are not in it"
    told = recommend(FailureFacts((seen(Cause.SERVER),), GOOD, compared(PASSES), unlogged=lacking))
    assert lacking in told.evidence_against
    told = recommend(FailureFacts((seen(Cause.ASSET),), GOOD, compared(PASSES), unlogged=lacking))
    assert lacking not in told.evidence_against


def test_what_failed_at_the_target_already_is_said() -> None:
    failing = LastGood("dpl_old", "https://old", KnownBy.PLATFORM, "was live before", failing=("test_x",))
    advice = recommend(FailureFacts((CRASH,), failing, compared(PASSES, check="test_crash")))
    assert advice.evidence_for[-1] == "dpl_old was live before; test_x failed on it before"


def test_what_else_failed_is_said_beside() -> None:
    advice = recommend(FailureFacts((CRASH, SETTING), GOOD, not_tried_reason="a wall"))
    assert advice.evidence_against == ("inbox: client-crash says (alone: roll-back)",)


RESULTS = st.lists(
    st.one_of(
        st.builds(seen, st.sampled_from(list(Cause)), st.sampled_from(["test_inbox", "test_a", "test_b"])),
        st.builds(logged, st.sampled_from(list(Cause)), st.sampled_from(list(ORDER))),
    ),
    min_size=1,
    max_size=5,
)
ATTEMPTS = st.builds(Attempt, st.sampled_from(list(AttemptOutcome)))
TRIALS = st.lists(
    st.builds(Comparison, st.sampled_from(["test_inbox", "test_a", "test_b"]), ATTEMPTS, ATTEMPTS),
    max_size=3,
    unique_by=lambda one: one.check,
)
QUESTIONS = st.builds(
    FailureFacts,
    RESULTS.map(tuple),
    st.sampled_from([GOOD, FIRST, NOBODY, None]),
    TRIALS.map(tuple),
    st.just("why"),
    st.sampled_from([(), ("DATABASE_URL",)]),
    st.sampled_from([None, "dpl_good"]),
    st.sampled_from([frozenset(), frozenset({"test_a"})]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([{}, BEFORE]),
)


@given(QUESTIONS)
def test_whatever_failed_the_advice_is_sound(question: FailureFacts) -> None:
    """Over the whole input space."""
    advice = recommend(question)
    assert advice.recommendation in ORDER
    assert advice.leading in question.failures
    if advice.recommendation is BACK:
        assert question.last_good in (GOOD, NOBODY)
        assert advice.target == (GOOD if question.last_good is GOOD else None)
        assert advice.will_help in (WillHelp.YES, WillHelp.LIKELY, WillHelp.NOT_PROVEN)
        tried = [one for one in question.comparisons if one.on_last_good.ended is AttemptOutcome.FAILED]
        assert not any(one.check == advice.leading.name for one in tried), "it fails there, too"
    if advice.will_help is WillHelp.LIKELY:
        assert advice.leading.name in question.passed_before
    if advice.will_help is WillHelp.YES:
        assert any(one.on_last_good.ended is AttemptOutcome.PASSED for one in question.comparisons), (
            "only a comparison proves that it helps"
        )
    if advice.will_help is WillHelp.YES and advice.leading.part != LOG:
        assert any(
            (one.on_last_good.ended, one.on_this.ended) == (AttemptOutcome.PASSED, AttemptOutcome.FAILED)
            for one in question.comparisons
        )
    if advice.recommendation is HOLD and advice.will_help is WillHelp.NOT_PROVEN:
        assert advice.evidence_against
