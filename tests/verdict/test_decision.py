"""Findings → verdict: never a false green, never a red that cries wolf."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.model import Cause, CheckResult, Decision, Outcome, Reason, Recommendation, Severity
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.decision import Facts, RollbackCommands, judge, pending
from postdeploy.verdict.verdict import Finding
from tests import builders

REQUIRED = {"a": "login", "b": "inbox"}


def result(name: str, outcome: Outcome = Outcome.PASSED, cause: Cause | None = None, **more: Any) -> CheckResult:
    """A check of the required ones, or another."""
    return builders.result(name, outcome, REQUIRED.get(name, "other"), summary=f"{name} says", cause=cause, **more)


PASSED = (result("a"), result("b"))
FAILED = result("b", Outcome.FAILED, Cause.SERVER_ACTIONS)


@pytest.mark.parametrize(
    ("facts", "decision", "reason", "advice"),
    [
        pytest.param(Facts(PASSED, REQUIRED), Decision.PASS, None, Recommendation.KEEP, id="everything passed"),
        pytest.param(
            Facts((result("a"), FAILED), REQUIRED), Decision.FAIL, None, Recommendation.INVESTIGATE, id="one failed"
        ),
        pytest.param(
            Facts((result("b", Outcome.FAILED, Cause.DATABASE),), REQUIRED),
            Decision.FAIL,
            None,
            Recommendation.HOLD,
            id="database",
        ),
        pytest.param(
            Facts((result("a", Outcome.FAILED, Cause.AUTH_SERVICE), FAILED), REQUIRED),
            Decision.FAIL,
            None,
            Recommendation.HOLD,
            id="an outage comes first, as long as nothing was tried on the last-good deployment",
        ),
        pytest.param(
            Facts(PASSED[:1], REQUIRED), Decision.INCONCLUSIVE, Reason.UNPROVEN, None, id="a required check is left out"
        ),
        pytest.param(Facts((), {}), Decision.INCONCLUSIVE, Reason.UNPROVEN, None, id="nothing ran"),
        pytest.param(
            Facts((result("a"), result("b", Outcome.NOT_REACHED)), REQUIRED),
            Decision.INCONCLUSIVE,
            Reason.UNPROVEN,
            None,
            id="not reached",
        ),
        pytest.param(
            Facts((result("a", Outcome.BLOCKED), result("b", Outcome.NOT_REACHED)), REQUIRED),
            Decision.INCONCLUSIVE,
            Reason.BLOCKED,
            None,
            id="blocked",
        ),
        pytest.param(
            Facts((result("a"), result("b", Outcome.BROKEN)), REQUIRED),
            Decision.INCONCLUSIVE,
            Reason.UNPROVEN,
            None,
            id="our own error",
        ),
        pytest.param(
            Facts(PASSED, REQUIRED, successor="dpl_2"),
            Decision.INCONCLUSIVE,
            Reason.SUPERSEDED,
            None,
            id="redeployed meanwhile",
        ),
        pytest.param(
            Facts((replace(FAILED, superseded=True),), REQUIRED, successor="dpl_2"),
            Decision.INCONCLUSIVE,
            Reason.SUPERSEDED,
            None,
            id="a failure after the switch counts for neither",
        ),
        pytest.param(
            Facts((FAILED,), REQUIRED, successor="dpl_2"),
            Decision.FAIL,
            Reason.SUPERSEDED,
            None,
            id="a failure before the switch stays",
        ),
        pytest.param(
            Facts(PASSED, REQUIRED, unfinished="stopped"), Decision.INCONCLUSIVE, Reason.UNPROVEN, None, id="unfinished"
        ),
        pytest.param(
            Facts(required=REQUIRED, preflight=result("preflight", Outcome.FAILED)),
            Decision.FAIL,
            None,
            None,
            id="the target refuses",
        ),
        pytest.param(
            Facts(required=REQUIRED, preflight=result("preflight", Outcome.BLOCKED)),
            Decision.INCONCLUSIVE,
            Reason.BLOCKED,
            None,
            id="a wall before the target",
        ),
    ],
)
def test_the_verdict(facts: Facts, decision: Decision, reason: Reason | None, advice: Recommendation | None) -> None:
    verdict = judge(facts)
    assert (verdict.decision, verdict.reason) == (decision, reason)
    assert advice in (None, verdict.recommendation)


RESULTS = st.builds(
    result,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(list(Outcome)),
    st.none() | st.sampled_from(list(Cause)),
    superseded=st.booleans(),
)


@given(
    st.lists(RESULTS, max_size=6, unique_by=lambda one: one.name),
    st.none() | st.just("dpl_2"),
    st.none() | st.just("stopped"),
)
def test_never_a_green_that_proved_nothing(
    results: list[CheckResult], successor: str | None, unfinished: str | None
) -> None:
    verdict = judge(Facts(tuple(results), REQUIRED, successor=successor, unfinished=unfinished))
    passed = {one.name for one in results if one.outcome is Outcome.PASSED}
    clean = all(one.outcome in (Outcome.PASSED, Outcome.NOT_REACHED) for one in results)
    assert (verdict.decision is Decision.PASS) == (
        set(REQUIRED) <= passed and clean and not successor and not unfinished
    )


GOOD = LastGood("dpl_good", "https://good", KnownBy.RECORD, "passed its verification")
FACTS = st.builds(
    Facts,
    st.lists(RESULTS, max_size=6, unique_by=lambda one: one.name).map(tuple),
    st.just(REQUIRED),
    successor=st.none() | st.just("dpl_2"),
    unfinished=st.none() | st.just("stopped"),
    preflight=st.none() | st.builds(result, st.just("preflight"), st.sampled_from([Outcome.FAILED, Outcome.BLOCKED])),
    window_open=st.booleans(),
    auth_slow=st.booleans(),
    saturated=st.booleans(),
    compared_with=st.none() | st.just("dpl_good"),
    url=st.just("https://app"),
    last_good=st.sampled_from([None, NoLastGood("the first one"), NoLastGood("no source to ask", looked=False), GOOD]),
    comparisons=st.lists(
        st.builds(
            Comparison,
            st.sampled_from(["a", "b", "c"]),
            st.builds(Attempt, st.sampled_from(list(AttemptOutcome))),
            st.builds(Attempt, st.sampled_from(list(AttemptOutcome))),
        ),
        max_size=2,
    ).map(tuple),
    changed=st.sampled_from([(), ("DATABASE_URL",)]),
    passed_before=st.sampled_from([{}, {"a": PassedBefore("build-1", 60.0)}]),
    ways=st.just(RollbackCommands(candidates="list them")),
)


@given(FACTS)
def test_the_decision_answers_its_whole_input_space(facts: Facts) -> None:
    verdict = judge(facts)
    bad = [one for one in facts.results if one.outcome not in (Outcome.PASSED, Outcome.NOT_REACHED)]
    passed = {one.name for one in facts.results if one.outcome is Outcome.PASSED}
    if verdict.decision is Decision.PASS:
        assert not bad
        assert set(REQUIRED) <= passed
        assert verdict.recommendation in (Recommendation.KEEP, Recommendation.KEEP_WATCHING)
        assert (verdict.target, verdict.command, verdict.will_help) == (None, None, None)
    if verdict.recommendation is Recommendation.ROLL_BACK:
        assert verdict.decision is Decision.FAIL
        acting = "postdeploy rollback dpl_good --base-url=https://app --yes"
        assert verdict.command == (acting if verdict.target else "list them")
        assert verdict.target is (GOOD if facts.last_good is GOOD else None)
        assert verdict.will_help is not None
    elif verdict.command:
        assert "rollback" not in verdict.command
    if verdict.decision is Decision.INCONCLUSIVE:
        assert verdict.recommendation is Recommendation.MEASURE_AGAIN
        assert verdict.reason


@given(st.lists(RESULTS, max_size=6, unique_by=lambda one: one.name))
def test_a_red_always_names_a_failure_of_the_deployment(results: list[CheckResult]) -> None:
    verdict = judge(Facts(tuple(results), REQUIRED))
    assert (verdict.decision is Decision.FAIL) == any(finding.severity is Severity.FAIL for finding in verdict.findings)


def test_warnings_are_shown_and_change_nothing() -> None:
    verdict = judge(Facts((result("a", warnings=("slow",)), result("b")), REQUIRED))
    assert verdict.decision is Decision.PASS
    assert [finding.summary for finding in verdict.findings] == ["slow"]


ENVIRONMENT = result(
    "c",
    Outcome.FAILED,
    Cause.ENVIRONMENT,
    recommendation=Recommendation.FIX_ENVIRONMENT,
    commands=("vercel env add A production",),
)


def test_the_command_mends_the_environment_and_deploys_it_again() -> None:
    verdict = judge(Facts((result("a"), ENVIRONMENT, ENVIRONMENT), REQUIRED, deployment="dpl_1"))
    assert verdict.recommendation is Recommendation.FIX_ENVIRONMENT
    assert verdict.command == "vercel env add A production && vercel redeploy dpl_1 --target=production"


def test_the_environment_comes_before_the_code_and_after_an_outage() -> None:
    outage = result("b", Outcome.FAILED, Cause.DATABASE)
    mixed = judge(Facts((FAILED, ENVIRONMENT), REQUIRED))
    assert (mixed.recommendation, mixed.summary) == (Recommendation.FIX_ENVIRONMENT, "c says")
    assert judge(Facts((outage, ENVIRONMENT), REQUIRED)).recommendation is Recommendation.HOLD


ONE, ANOTHER, JOB = ("one session", "1"), ("one session", "2"), ("one sync job", "lead 7")


@pytest.mark.parametrize(
    ("checks", "writes"),
    [
        pytest.param([(ONE,)], ("one session",), id="one"),
        pytest.param([(ONE,), (ANOTHER,)], ("2 × one session",), id="two, of two checks"),
        pytest.param([(ONE, JOB), (JOB,)], ("one session", "one sync job"), id="the same twice is one"),
        pytest.param([(), ()], (), id="none"),
    ],
)
def test_what_is_left_behind_is_counted(checks: list[tuple[tuple[str, str], ...]], writes: tuple[str, ...]) -> None:
    results = tuple(result(f"c{number}", writes=each) for number, each in enumerate(checks))
    verdict = judge(Facts(results, {}, left_behind=("one session (at https://good)",)))
    assert verdict.writes == (*writes, "one session (at https://good)")


STAGED = Facts(
    role="staged, not live", staged=True, promotes="vercel promote https://inbox-1.vercel.app", required=REQUIRED
)


COMMAND = "vercel promote https://inbox-1.vercel.app"


@pytest.mark.parametrize(
    ("facts", "headline", "command", "advice"),
    [
        (STAGED, "READY TO PROMOTE: it has no users yet", COMMAND, Recommendation.KEEP),
        (replace(STAGED, window_open=True), "READY TO PROMOTE: it has no users yet", COMMAND, Recommendation.KEEP),
        (replace(STAGED, promotes=""), "WORKS, and has no users: it is not live", None, Recommendation.KEEP),
        (
            replace(STAGED, core=("x",), not_measured={"x": "asked"}),
            "PASS of what was asked: x left out (asked)",
            None,
            Recommendation.KEEP_WATCHING,
        ),
        (Facts(required=REQUIRED), "", None, Recommendation.KEEP),
        (Facts(required=REQUIRED, window_open=True), "", None, Recommendation.KEEP_WATCHING),
    ],
    ids=["staged", "its log is still open", "a preview", "not all was measured", "live", "live, the window is open"],
)
def test_a_staged_deployment_that_passes_is_ready_to_promote(
    facts: Facts, headline: str, command: str | None, advice: Recommendation
) -> None:
    verdict = judge(replace(facts, results=PASSED))
    assert (verdict.headline, verdict.command, verdict.recommendation) == (headline, command, advice)


def test_a_staged_deployment_that_works_is_kept_as_what_it_is() -> None:
    verdict = judge(replace(STAGED, results=PASSED))
    assert (verdict.decision, verdict.recommendation) == (Decision.PASS, Recommendation.KEEP)
    assert verdict.summary == "2 checks passed; it is staged, not live"


@pytest.mark.parametrize("cause", [*Cause, None])
def test_a_staged_deployment_that_fails_is_not_promoted_unless_it_is_not_its_own_fault(cause: Cause | None) -> None:
    live = judge(Facts((result("a"), result("b", Outcome.FAILED, cause)), REQUIRED)).recommendation
    verdict = judge(replace(STAGED, results=(result("a"), result("b", Outcome.FAILED, cause))))
    kept = live in (Recommendation.HOLD, Recommendation.FIX_ENVIRONMENT)
    assert verdict.decision is Decision.FAIL
    assert verdict.recommendation is (live if kept else Recommendation.DO_NOT_PROMOTE)
    assert kept or (verdict.command, verdict.target, verdict.will_help) == (None, None, None)


def test_what_is_known_of_a_live_deployment_is_no_reason_not_to_promote_it() -> None:
    facts = Facts((result("a"), FAILED), REQUIRED, role="the canary of a rolling release")
    assert judge(facts).recommendation is judge(replace(facts, role="")).recommendation


def test_notes_are_shown_and_change_nothing() -> None:
    note = Finding("deployments", Severity.WARN, "one look was answered by dpl_2")
    verdict = judge(Facts(PASSED, REQUIRED, notes=(note,)))
    assert (verdict.decision, verdict.findings) == (Decision.PASS, (note,))


def test_from_a_canary_only_an_instant_rollback_leads_back() -> None:
    good = LastGood(
        "dpl_0", "https://dpl-0.example", KnownBy.PLATFORM, "serves the other visitors of the rolling release"
    )
    failed = result("b", Outcome.FAILED, Cause.CLIENT_CRASH)
    facts = Facts((result("a"), failed), REQUIRED, url="https://x.example", last_good=good, canary=True)
    assert judge(facts).command == "postdeploy rollback dpl_0 --base-url=https://x.example --pin --yes"
    assert judge(replace(facts, canary=False)).command == "postdeploy rollback dpl_0 --base-url=https://x.example --yes"


@pytest.mark.parametrize(
    ("template", "typed"),
    [
        ("kubectl rollout undo inbox", "kubectl rollout undo inbox"),
        ("fly deploy --image registry/inbox:{build}", "fly deploy --image registry/inbox:b-1"),
        ("./back {build} --at={url}", "./back b-1 --at=https://x.example"),
    ],
)
def test_where_the_platform_is_not_vercel_the_rollback_is_a_template(template: str, typed: str) -> None:
    good = LastGood("b-1", "", KnownBy.RECORD, "passed its verification")
    facts = Facts((replace(FAILED, cause=Cause.CLIENT_CRASH),), REQUIRED, url="https://x.example", last_good=good)
    assert judge(replace(facts, ways=RollbackCommands(template))).command == typed


@pytest.mark.parametrize("name", ["b; rm -rf /", "$(id)", "a b"])
def test_what_a_page_calls_its_build_is_never_a_command(name: str) -> None:
    good = LastGood(name, "", KnownBy.RECORD, "passed its verification")
    facts = Facts((replace(FAILED, cause=Cause.CLIENT_CRASH),), REQUIRED, url="https://x.example", last_good=good)
    assert judge(replace(facts, ways=RollbackCommands("./back {build}"))).command == f"./back '{name}'"


def test_a_failure_of_what_does_not_serve_any_more_calls_for_no_rollback() -> None:
    good = LastGood("dpl_0", "https://0.example", KnownBy.PLATFORM, "was live before")
    crash = replace(FAILED, cause=Cause.CLIENT_CRASH)
    facts = Facts((crash,), REQUIRED, url="https://x.example", last_good=good, successor="dpl_mended")
    verdict = judge(facts)
    assert (verdict.reason, verdict.recommendation, verdict.command) == (
        Reason.SUPERSEDED,
        Recommendation.INVESTIGATE,
        None,
    )
    assert "verify that one" in verdict.evidence_against[0]
    assert judge(replace(facts, successor=None)).recommendation is Recommendation.ROLL_BACK


EMPTY, LOWERED = result("b", Outcome.FAILED, Cause.EMPTY_LIST), "its role was lowered. Give it back"


@pytest.mark.parametrize(
    ("failures", "role", "decision"),
    [
        pytest.param((EMPTY,), LOWERED, Decision.INCONCLUSIVE, id="an empty list, and another role"),
        pytest.param((EMPTY, replace(EMPTY, name="c")), LOWERED, Decision.INCONCLUSIVE, id="two empty lists"),
        pytest.param((EMPTY,), "", Decision.FAIL, id="the role is the same, or not known"),
        pytest.param((EMPTY, FAILED), LOWERED, Decision.FAIL, id="something else fails, too"),
        pytest.param((FAILED,), LOWERED, Decision.FAIL, id="only something else fails"),
        pytest.param((), LOWERED, Decision.PASS, id="nothing fails"),
    ],
)
def test_an_empty_list_of_a_lowered_role_proves_nothing(
    failures: tuple[CheckResult, ...], role: str, decision: Decision
) -> None:
    verdict = judge(Facts((result("a"), *failures), {"a": "inbox"}, role_changed=role))
    assert verdict.decision is decision
    if decision is Decision.INCONCLUSIVE:
        assert (verdict.reason, verdict.summary) == (Reason.BLOCKED, LOWERED)
        assert not any(one.severity is Severity.FAIL for one in verdict.findings)


# What is awaited ----------------------------------------------------------------------------------------------------------

AWAITED = "comparing with the last-good deployment, if one is known: up to 30 s"


@pytest.mark.parametrize(
    ("facts", "awaited"),
    [
        pytest.param(Facts((result("a"), FAILED), REQUIRED), AWAITED, id="it fails"),
        pytest.param(Facts((result("b", Outcome.FAILED, Cause.DATABASE),), REQUIRED), AWAITED, id="an outage"),
        pytest.param(Facts((FAILED,), REQUIRED, successor="dpl_2"), "", id="a superseded deployment is not compared"),
        pytest.param(Facts(PASSED, REQUIRED), "", id="it passes"),
        pytest.param(Facts(PASSED[:1], REQUIRED), "", id="nothing is proven"),
    ],
)
def test_only_a_failure_is_provisional_until_it_is_compared(facts: Facts, awaited: str) -> None:
    assert judge(facts).provisional == ""
    assert pending(judge(facts), 30.0) == replace(judge(facts), provisional=awaited)


@pytest.mark.parametrize("cause", [Cause.ENVIRONMENT, Cause.AUTH_SETTINGS])
@pytest.mark.parametrize("there", [AttemptOutcome.PASSED, AttemptOutcome.FAILED, AttemptOutcome.NOT_TRIED])
def test_whether_a_rollback_helps_is_not_the_question_where_the_environment_is_to_be_fixed(
    cause: Cause, there: AttemptOutcome
) -> None:
    compared = Comparison("b", Attempt(there), Attempt(AttemptOutcome.FAILED))
    verdict = judge(Facts((result("b", Outcome.FAILED, cause),), REQUIRED, last_good=GOOD, comparisons=(compared,)))
    assert verdict.recommendation is not Recommendation.FIX_ENVIRONMENT or verdict.will_help is None


def test_the_verdict_names_the_cause_of_the_failure_that_its_recommendation_is_about() -> None:
    first, second = result("a", Outcome.FAILED, Cause.CRON), result("b", Outcome.FAILED, Cause.SCHEMA)
    for failed in ((first, second), (second, first)):
        verdict = judge(Facts(failed, REQUIRED))
        assert (verdict.recommendation, verdict.cause) == (Recommendation.FIX_FORWARD, Cause.SCHEMA)


def test_an_optional_part_without_a_result_is_not_measured() -> None:
    looked = builders.result("test_y", part="filter")
    absent = builders.result("test_z", Outcome.NOT_REACHED, "search", summary="no visible element")
    verdict = judge(Facts((*PASSED, looked, absent), REQUIRED))
    assert verdict.decision is Decision.PASS
    assert verdict.coverage.measured == ("login", "inbox", "filter")
    assert verdict.coverage.not_measured == {"search": "no visible element"}
