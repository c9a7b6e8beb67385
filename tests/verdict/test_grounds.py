"""What a verdict rests on: nothing that is known gets lost between the facts and what is said, and nothing counts that is not proven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from postdeploy.model import (
    Cause,
    CheckResult,
    Decision,
    Outcome,
    Reason,
    Recommendation,
    Severity,
    WillHelp,
    evidence_lines,
)
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.decision import Facts, RollbackCommands, judge
from postdeploy.verdict.verdict import Coverage, Finding, Verdict
from tests.builders import failed, result

GOOD = LastGood("dpl_good", "https://good.example.app", KnownBy.RECORD, "passed its verification an hour ago")
CRASH = failed(Cause.CLIENT_CRASH, "test_inbox")
DATABASE = failed(Cause.DATABASE, "test_inbox")
LOGGED = failed(Cause.SERVER_ACTIONS, "test_log", "logs", recommendation=Recommendation.ROLL_BACK)
PASSES, FAILS = Attempt(AttemptOutcome.PASSED), Attempt(AttemptOutcome.FAILED)
COMPARED = (Comparison("test_inbox", PASSES, FAILS),)
URL = "https://app.example.com"


def judged(*results: CheckResult, **facts: Any) -> Verdict:
    given: dict[str, Any] = {"url": URL, "last_good": GOOD} | facts
    return judge(Facts(results, **given))


# PASS -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        pytest.param(("login", "inbox"), None, id="each part is proven"),
        pytest.param(("login",), "inbox", id="one is not"),
        pytest.param((), "login, inbox", id="none is"),
    ],
)
def test_each_part_of_the_core_needs_a_check_that_passed(parts: tuple[str, ...], missing: str | None) -> None:
    checks = [result(f"test_{part}", part=part) for part in (*parts, "cron")]
    verdict = judged(*checks, core=("login", "inbox"))
    if missing is None:
        assert (verdict.decision, verdict.summary) == (Decision.PASS, "3 checks passed")
    else:
        says = (Decision.INCONCLUSIVE, Reason.UNPROVEN, f"no check of {missing} passed. Run them all: -m smoke")
        assert (verdict.decision, verdict.reason, verdict.summary) == says


def test_a_part_that_is_left_out_by_request_is_not_needed() -> None:
    verdict = judged(result("test_login", part="login"), core=("login", "inbox"), not_measured={"inbox": "no browser"})
    assert (verdict.decision, verdict.recommendation) == (Decision.PASS, Recommendation.KEEP_WATCHING)
    assert verdict.headline == "PASS of what was asked: inbox left out (no browser)"


@pytest.mark.parametrize(
    ("count", "says"),
    [
        (1, "c1"),
        (3, "c1, c2, c3"),
        (4, "c1, c2, c3 and 1 more"),
        (5, "c1, c2, c3 and 2 more"),
    ],
)
def test_what_did_not_run_is_named_as_far_as_it_is_read(count: int, says: str) -> None:
    verdict = judged(result("c0"), required={f"c{number}": "inbox" for number in range(count + 1)})
    assert verdict.summary == f"required checks did not run: {says}. Run them all: -m smoke"


@pytest.mark.parametrize(
    ("results", "facts", "says"),
    [
        pytest.param([], {}, (Reason.UNPROVEN, "no check ran"), id="nothing"),
        pytest.param(
            [result(outcome=Outcome.BLOCKED, summary="no user", cure="Set one.")],
            {"successor": "dpl_2", "unfinished": "too late"},
            (Reason.BLOCKED, "no user. Set one."),
            id="blocked comes first",
        ),
        pytest.param(
            [result()],
            {"successor": "dpl_2", "unfinished": "too late"},
            (Reason.SUPERSEDED, "superseded by dpl_2 during the run. Verify that one."),
            id="superseded",
        ),
        pytest.param(
            [replace(CRASH, superseded=True)],
            {"unfinished": "too late"},
            (Reason.SUPERSEDED, "a check failed while another build was already answering. Verify that one."),
            id="a failure of another build",
        ),
        pytest.param([result()], {"unfinished": "too late"}, (Reason.UNPROVEN, "too late"), id="it did not end"),
        pytest.param(
            [result(outcome=Outcome.BROKEN, summary="KeyError"), result(outcome=Outcome.UNPROVEN, summary="a gap")],
            {},
            (Reason.UNPROVEN, "a gap"),
            id="what is missing is more useful than our own error",
        ),
        pytest.param(
            [result("test_b", Outcome.BROKEN, summary="KeyError")],
            {"required": {"test_c": "inbox"}},
            (Reason.UNPROVEN, "our own error in test_b: KeyError"),
            id="our own error",
        ),
    ],
)
def test_of_several_doubts_the_most_useful_is_said(
    results: list[CheckResult], facts: dict[str, Any], says: tuple[Reason, str]
) -> None:
    verdict = judged(*results, **facts)
    assert (verdict.decision, verdict.recommendation) == (Decision.INCONCLUSIVE, Recommendation.MEASURE_AGAIN)
    assert (verdict.reason, verdict.summary) == says


# FAIL -----------------------------------------------------------------------------------------------------------------------


def test_a_failure_says_all_that_it_rests_on() -> None:
    verdict = judged(CRASH, comparisons=COMPARED, not_measured={"cron": "off"}, left_behind=("a mark",))
    assert verdict == Verdict(
        Decision.FAIL,
        Recommendation.ROLL_BACK,
        "client-crash says",
        findings=(Finding("inbox", Severity.FAIL, "client-crash says", Cause.CLIENT_CRASH, check="test_inbox"),),
        coverage=Coverage(("inbox",), {"cron": "off"}),
        writes=("a mark",),
        command=f"postdeploy rollback dpl_good --base-url={URL} --yes",
        target=GOOD,
        will_help=WillHelp.YES,
        cause=Cause.CLIENT_CRASH,
        evidence_for=(
            "test_inbox passes on dpl_good (https://good.example.app), and fails again on this deployment",
            "dpl_good passed its verification an hour ago",
        ),
    )


@pytest.mark.parametrize(
    ("results", "facts", "says"),
    [
        pytest.param(
            [CRASH],
            {"not_tried_reason": "a wall"},
            "a rollback is not proven to help (not tried on the last-good deployment: a wall)",
            id="why there was no comparison",
        ),
        pytest.param(
            [DATABASE],
            {"comparisons": COMPARED, "changed": ("DATABASE_URL",)},
            "changed since the last-good deployment was built: DATABASE_URL",
            id="what was changed",
        ),
        pytest.param(
            [CRASH],
            {"passed_before": {"test_inbox": PassedBefore("build-1", 60)}},
            "test_inbox passed on build-1 60 s before this deployment",
            id="the record",
        ),
        pytest.param([LOGGED], {"compared_with": "dpl_0"}, "new against dpl_0", id="what the log was compared with"),
        pytest.param(
            [failed(Cause.AUTH_REGRESSION)],
            {"auth_slow": True},
            "the log shows a slow auth service, which looks like this failure",
            id="a slow auth service",
        ),
        pytest.param(
            [DATABASE],
            {"comparisons": COMPARED, "saturated": True},
            "it has no traffic there: whether its connections would run out too is not known",
            id="connections run out",
        ),
    ],
)
def test_what_a_run_knows_reaches_the_recommendation(
    results: list[CheckResult], facts: dict[str, Any], says: str
) -> None:
    verdict = judged(*results, **facts)
    assert says in (*verdict.evidence_for, *verdict.evidence_against)


SETTING = replace(failed(Cause.ENVIRONMENT, "test_setting", "environment"), subject="CRON_SECRET")
DIGEST = failed(Cause.SERVER_ACTIONS, "test_inbox")


@pytest.mark.parametrize(
    ("others", "facts", "recommendation"),
    [
        pytest.param([], {}, Recommendation.FIX_ENVIRONMENT, id="a setting may be behind it"),
        pytest.param([result("test_log", part="logs")], {}, Recommendation.ROLL_BACK, id="the log would name it"),
        pytest.param(
            [result("test_log", Outcome.UNPROVEN, "logs")], {}, Recommendation.FIX_ENVIRONMENT, id="a log with a gap"
        ),
        pytest.param([result("test_login", part="login")], {}, Recommendation.FIX_ENVIRONMENT, id="another part"),
        pytest.param(
            [],
            {"outside_the_inbox": frozenset({"CRON_SECRET"})},
            Recommendation.ROLL_BACK,
            id="a setting that the inbox does not need",
        ),
    ],
)
def test_a_setting_is_mended_first_only_where_it_may_be_what_breaks_the_inbox(
    others: list[CheckResult], facts: dict[str, Any], recommendation: Recommendation
) -> None:
    verdict = judged(DIGEST, SETTING, *others, comparisons=COMPARED, **facts)
    assert verdict.recommendation is recommendation


def test_a_failure_of_a_deployment_without_users_keeps_it_from_being_promoted() -> None:
    verdict = judged(CRASH, staged=True, role="a preview")
    assert (verdict.recommendation, verdict.command, verdict.will_help) == (Recommendation.DO_NOT_PROMOTE, None, None)
    assert verdict.evidence_for == ("it has no users: it is a preview",)
    assert judged(DATABASE, staged=True, role="a preview").recommendation is Recommendation.HOLD


def test_a_failure_of_a_superseded_deployment_is_looked_into() -> None:
    verdict = judged(CRASH, comparisons=COMPARED, successor="dpl_2")
    assert (verdict.reason, verdict.recommendation, verdict.command, verdict.target) == (
        Reason.SUPERSEDED,
        Recommendation.INVESTIGATE,
        None,
        None,
    )
    assert verdict.summary == "client-crash says (of a superseded deployment; dpl_2 serves now)"
    assert verdict.evidence_against == (
        "another deployment serves now: verify that one. A rollback from here would take it down too",
    )
    assert judged(DATABASE, successor="dpl_2").recommendation is Recommendation.HOLD


WAYS = RollbackCommands("deploy {build} --at {url}", "deploy list")
MENDS = replace(
    failed(Cause.ENVIRONMENT), recommendation=Recommendation.FIX_ENVIRONMENT, commands=("vercel env rm A", "b")
)
LAST = "vercel redeploy {} --target=production"


@pytest.mark.parametrize(
    ("results", "facts", "command"),
    [
        pytest.param(
            [CRASH], {"canary": True}, f"postdeploy rollback dpl_good --base-url={URL} --pin --yes", id="a canary"
        ),
        pytest.param([CRASH], {"ways": WAYS}, f"deploy dpl_good --at {URL}", id="another platform"),
        pytest.param(
            [MENDS], {"deployment": "dpl_1"}, f"vercel env rm A && b && {LAST.format('dpl_1')}", id="a setting"
        ),
        pytest.param([MENDS, MENDS], {}, f"vercel env rm A && b && {LAST.format('<deployment-url>')}", id="said twice"),
        pytest.param(
            [failed(Cause.ENVIRONMENT)],
            {},
            "vercel env ls production, correct the variable, then: vercel redeploy <deployment-url>",
            id="a setting that nobody named",
        ),
        pytest.param(
            [CRASH],
            {"ways": WAYS, "last_good": NoLastGood("no token", looked=False)},
            "deploy list",
            id="no target is known",
        ),
        pytest.param([DATABASE], {}, None, id="an outage"),
        pytest.param([failed(Cause.SCHEMA)], {}, None, id="the schema"),
    ],
)
def test_the_command_is_what_mends_it(results: list[CheckResult], facts: dict[str, Any], command: str | None) -> None:
    assert judged(*results, **facts).command == command


def test_whether_a_rollback_helps_is_no_question_where_a_setting_is_mended() -> None:
    verdict = judged(failed(Cause.AUTH_SETTINGS, "test_inbox"), comparisons=COMPARED)
    assert (verdict.recommendation, verdict.will_help) == (Recommendation.FIX_ENVIRONMENT, None)


# What is listed -------------------------------------------------------------------------------------------------------------


def test_what_is_no_failure_is_noted_once_with_those_who_say_so() -> None:
    blocked = [result(f"test_{one}", Outcome.BLOCKED, summary="no user", cure="Set one.") for one in "abc"]
    skipped = [result(f"test_{one}", Outcome.NOT_REACHED, summary="too late") for one in "de"]
    verdict = judged(*blocked, result("test_f", Outcome.BROKEN, "cron", summary="KeyError"), *skipped)
    assert [
        (one.part, one.severity, one.summary, [each.text for each in one.evidence]) for one in verdict.findings
    ] == [
        ("inbox", Severity.NOTE, "test_a and 2 more blocked: no user", ["test_a", "test_b", "test_c"]),
        ("cron", Severity.NOTE, "test_f broken: KeyError", ["test_f"]),
        ("run", Severity.NOTE, "2 checks not reached: too late", ["test_d", "test_e"]),
    ]


def test_a_failure_of_another_build_is_a_note_and_a_warning_stays_one() -> None:
    verdict = judged(replace(CRASH, superseded=True, warnings=("slow",)), result(warnings=("odd",)))
    assert [(one.severity, one.summary, one.check) for one in verdict.findings] == [
        (Severity.NOTE, "client-crash says", "test_inbox"),
        (Severity.WARN, "slow", ""),
        (Severity.WARN, "odd", ""),
    ]
    assert [one.part for one in verdict.findings] == ["inbox"] * 3


def test_a_finding_carries_its_cause_and_its_evidence() -> None:
    lines = evidence_lines(["a line"])
    blocked = result("test_b", Outcome.BLOCKED, summary="no user", cause=Cause.ENVIRONMENT)
    verdict = judged(replace(CRASH, evidence=lines), blocked)
    assert [(one.cause, one.evidence) for one in verdict.findings] == [
        (Cause.CLIENT_CRASH, lines),
        (Cause.ENVIRONMENT, evidence_lines(["test_b"])),
    ]


def test_what_is_not_proven_says_what_was_measured_and_left_behind() -> None:
    doubt = [result(f"test_{one}", Outcome.UNPROVEN, summary="a gap", writes=(("a view", one),)) for one in "ab"]
    verdict = judged(*doubt, not_measured={"cron": "off"})
    assert (verdict.coverage, verdict.writes) == (Coverage(("inbox",), {"cron": "off"}), ("2 × a view",))
    assert [one.summary for one in verdict.findings] == ["test_a and 1 more unproven: a gap"]


def test_a_part_is_measured_where_each_required_check_of_it_has_a_result() -> None:
    results = (
        result("a", part="login"),
        failed(Cause.UNKNOWN, "b", "inbox"),
        result("c", Outcome.UNPROVEN, "inbox"),
        result("e", part="cron"),
        result("f", part="logs"),
    )
    required = {"a": "login", "b": "inbox", "c": "inbox", "d": "session"}
    verdict = judged(*results, required=required, not_measured={"logs": "a gap", "session": "off"})
    assert verdict.coverage == Coverage(
        ("login", "cron"), {"logs": "a gap", "session": "off", "inbox": "1 of its checks had no result"}
    )


def test_what_is_left_behind_is_counted_by_kind_and_each_thing_once() -> None:
    first = result("a", writes=(("a conversation is read", "/1"), ("a conversation is read", "/2"), ("a view", "/")))
    again = result("b", writes=(("a conversation is read", "/2"),))
    verdict = judged(first, again, left_behind=("a view", "a mark"))
    assert verdict.writes == ("2 × a conversation is read", "a view", "a mark")


def test_the_look_before_the_checks_is_not_named_twice() -> None:
    wall = result("preflight", Outcome.BLOCKED, "preflight", summary="a wall", cure="Take it away.")
    (found,) = judge(Facts((), {"c0": "inbox"}, preflight=wall)).findings
    assert (found.part, found.summary) == ("preflight", "blocked: a wall")
