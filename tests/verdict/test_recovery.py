"""Did the rollback help? The verdict by what the checks and the log showed, and what is tolerated."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.analysis.log_report import LogProof, LogRecovery, LogReport, LogTotals, LogWindow
from postdeploy.model import Cause, CheckResult, Decision, Outcome, Reason, Recommendation, Severity, Stage
from postdeploy.record.document import RecoveryState
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.rollback import proof
from postdeploy.rollback.proof import Recovery
from postdeploy.rollback.report import Ending, PreviousDeployment, RollbackReport, TargetDeployment
from postdeploy.runbook.parts import ROLLBACK, SETTLED
from postdeploy.runbook.reading import read_runbook
from postdeploy.vercel.project import AliasRequest
from postdeploy.verdict import recovery
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Verdict
from tests import builders
from tests.builders import result

RUNBOOK = read_runbook()
SERVES, SIGN_IN, INBOX = RUNBOOK.checks[ROLLBACK]
[LOG] = RUNBOOK.checks[SETTLED]
REQUIRED = {SERVES: ROLLBACK, SIGN_IN: ROLLBACK, INBOX: ROLLBACK, LOG: SETTLED}
WENT = Recovery("dpl_good", "by rollback.json", "dpl_bad", (), ("environment variables",), ("vercel promote dpl_bad",))
QUIET = LogReport(
    stage=Stage.RECOVERY, says="window clean", window=LogWindow(seconds=300.0), proof=LogProof(proven=True)
)


def passed(*names: str) -> tuple[CheckResult, ...]:
    return tuple(result(name, part=REQUIRED[name]) for name in names)


def failed(name: str, cause: Cause, advice: Recommendation | None = None) -> CheckResult:
    return builders.failed(cause, name, REQUIRED[name], summary="it fails", recommendation=advice)


WORKS = "production serves dpl_good, signing in works, the Master Inbox loads conversations"
ALL = passed(SERVES, SIGN_IN, INBOX, LOG)
BACK = ALL[:3]


def judged(*results: CheckResult, log: LogReport | None = QUIET, went: Recovery = WENT, **facts: object) -> Verdict:
    found = replace(Facts(results, REQUIRED, url="https://app.example.com"), **facts)  # type: ignore[arg-type]
    return recovery.judge(found, went, log)


# The verdict ---------------------------------------------------------------------------------------------------------------


def test_all_is_well_again() -> None:
    verdict = judged(*ALL)
    assert (verdict.decision, verdict.recommendation) == (Decision.PASS, Recommendation.KEEP)
    assert verdict.headline == "RECOVERED"
    assert "5 minutes of its log show no new error pattern" in verdict.summary
    assert verdict.recovered is RecoveryState.RECOVERED


@pytest.mark.parametrize(("requests", "said"), [(0, True), (1, False), (200, False)])
def test_a_log_without_user_traffic_says_nothing_about_users(requests: int, said: bool) -> None:
    verdict = judged(*ALL, log=msgspec.structs.replace(QUIET, totals=LogTotals(requests=requests)))
    assert verdict.summary.endswith(", and no user traffic: nothing learned about users") is said


def test_what_was_not_restored_and_how_to_undo_it_is_said_with_every_verdict() -> None:
    for verdict in (judged(*ALL), judged(failed(INBOX, Cause.DATABASE)), judged(unfinished="too late")):
        notes = [one.summary for one in verdict.findings if one.severity is Severity.NOTE]
        assert "not restored: environment variables" in notes
        assert "to undo it: vercel promote dpl_bad" in notes


def test_the_inbox_alone_is_a_recovery_of_the_inbox() -> None:
    verdict = judged(*BACK, required=dict(list(REQUIRED.items())[:3]), log=None)
    assert (verdict.decision, verdict.recommendation) == (Decision.PASS, Recommendation.KEEP_WATCHING)
    assert verdict.headline == "RECOVERED (inbox): keep watching"
    assert verdict.summary.endswith("the log is still being watched")
    assert verdict.recovered is RecoveryState.INBOX


def test_without_a_log_it_stays_so_and_is_said() -> None:
    required = dict(list(REQUIRED.items())[:3])
    verdict = judged(*BACK, required=required, log=None, not_measured={SETTLED: "no VERCEL_TOKEN", "login": "not here"})
    assert verdict.headline.startswith("RECOVERED (inbox)")
    assert "the log was not measured (no VERCEL_TOKEN)" in verdict.summary
    assert verdict.coverage.not_measured == {SETTLED: "no VERCEL_TOKEN"}


@pytest.mark.parametrize("baseline", [None, "dpl_good by its own record"])
def test_a_new_pattern_below_the_amounts_keeps_people_watching(baseline: str | None) -> None:
    log = LogReport(
        stage=Stage.RECOVERY,
        says="",
        baseline=baseline,
        window=LogWindow(seconds=300),
        proof=LogProof(proven=True),
        recovery=LogRecovery(new=("3 × POST /: boom",)),
    )
    verdict = judged(*ALL, log=log)
    assert (verdict.decision, verdict.recommendation) == (Decision.PASS, Recommendation.KEEP_WATCHING)
    assert "the log shows 1 error pattern " in verdict.summary
    assert any("boom" in one.summary for one in verdict.findings if one.severity is Severity.WARN)


@pytest.mark.parametrize(
    ("baseline", "compared", "known"),
    [
        ("dpl_good by its own record", True, "not known on it before"),
        ("dpl_good by its own record", False, "without a baseline, so it is open whether they are new"),
        (None, True, "without a baseline, so it is open whether they are new"),
    ],
)
def test_whether_new_patterns_are_new_is_said_only_where_they_were_compared(
    baseline: str | None, compared: bool, known: str
) -> None:
    log = msgspec.structs.replace(
        QUIET, baseline=baseline, errors_compared=compared, recovery=LogRecovery(new=("boom", "bang"))
    )
    verdict = judged(*ALL, log=log)
    assert verdict.summary == f"{WORKS}; the log shows 2 error patterns {known}"


def test_a_log_that_no_check_has_judged_is_still_being_watched() -> None:
    verdict = judged(*BACK, required=dict(list(REQUIRED.items())[:3]))
    assert verdict.summary == f"{WORKS}; the log is still being watched"
    assert (verdict.recovered, verdict.recommendation) == (RecoveryState.INBOX, Recommendation.KEEP_WATCHING)


def test_a_recovery_is_kept_though_its_window_is_open() -> None:
    verdict = judged(*ALL, window_open=True)
    assert (verdict.headline, verdict.recommendation) == ("RECOVERED", Recommendation.KEEP)
    assert (
        verdict.summary
        == f"{WORKS}; 5 minutes of its log show no new error pattern, and no user traffic: nothing learned about users"
    )


@pytest.mark.parametrize("outcome", [Outcome.UNPROVEN, Outcome.BLOCKED, Outcome.BROKEN])
def test_a_log_that_proves_nothing_takes_the_inbox_nothing(outcome: Outcome) -> None:
    verdict = judged(*BACK, result(LOG, outcome, SETTLED, summary="a gap"))
    assert verdict.decision is Decision.INCONCLUSIVE
    assert verdict.headline == "RECOVERED (inbox), and nothing more is proven"
    assert verdict.summary.startswith(f"{WORKS}; nothing more is proven: ")
    assert "a gap" in verdict.summary
    assert verdict.recovered is RecoveryState.INBOX


@pytest.mark.parametrize("missing", [SERVES, SIGN_IN, INBOX])
def test_without_one_of_its_checks_nothing_is_recovered(missing: str) -> None:
    verdict = judged(*(one for one in ALL if one.name != missing))
    assert verdict.decision is Decision.INCONCLUSIVE
    assert "RECOVERED" not in verdict.headline
    assert verdict.recovered is RecoveryState.UNKNOWN


def test_another_deployment_that_serves_is_no_recovery_whatever_its_inbox_does() -> None:
    verdict = judged(failed(SERVES, Cause.NOT_RESTORED), *passed(SIGN_IN, INBOX))
    assert verdict.decision is Decision.FAIL
    assert verdict.headline == "NOT RECOVERED: production does not serve dpl_good"
    assert verdict.recommendation is Recommendation.INVESTIGATE
    assert verdict.command == "postdeploy deployments --base-url=https://app.example.com"
    assert verdict.recovered is RecoveryState.NOT


@pytest.mark.parametrize(
    ("cause", "advice"),
    [
        (Cause.DATABASE, Recommendation.HOLD),
        (Cause.AUTH_SERVICE, Recommendation.HOLD),
        (Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT),
        (Cause.SERVER_ACTIONS, Recommendation.INVESTIGATE),
        (Cause.CLIENT_CRASH, Recommendation.INVESTIGATE),
        (Cause.SCHEMA, Recommendation.INVESTIGATE),
        (Cause.UNKNOWN, Recommendation.INVESTIGATE),
    ],
)
def test_where_it_did_not_help_nobody_is_told_to_roll_back_again(cause: Cause, advice: Recommendation) -> None:
    verdict = judged(*passed(SERVES, SIGN_IN), failed(INBOX, cause))
    assert (verdict.decision, verdict.recommendation) == (Decision.FAIL, advice)
    assert verdict.headline.startswith("NOT RECOVERED: the rollback did not help")
    assert "dpl_good" in verdict.summary
    assert "rollback" not in (verdict.command or "")
    assert (verdict.command is not None) == (advice is Recommendation.FIX_ENVIRONMENT)
    assert (verdict.target, verdict.will_help, verdict.recovered) == (None, None, RecoveryState.NOT)


@pytest.mark.parametrize(
    ("cause", "do"),
    [
        (Cause.DATABASE, "HOLD: the database or the auth service is out"),
        (Cause.ENVIRONMENT, "FIX THE ENVIRONMENT and redeploy"),
        (Cause.CLIENT_CRASH, "investigate what both deployments have in common"),
    ],
)
def test_where_it_did_not_help_the_headline_says_what_to_do(cause: Cause, do: str) -> None:
    verdict = judged(*passed(SERVES, SIGN_IN), failed(INBOX, cause))
    assert verdict.headline == f"NOT RECOVERED: the rollback did not help, {do}"


def test_nothing_of_the_deployments_own_failure_is_left_where_it_did_not_help() -> None:
    """A comparison run would have recommended another rollback, and named its target."""
    good = LastGood("dpl_older", "https://older.example.app", KnownBy.RECORD, "passed")
    compared = (Comparison(INBOX, Attempt(AttemptOutcome.PASSED), Attempt(AttemptOutcome.FAILED)),)
    results = (*passed(SERVES, SIGN_IN), failed(INBOX, Cause.CLIENT_CRASH))
    verdict = judged(*results, last_good=good, comparisons=compared)
    assert (verdict.recommendation, verdict.command) == (Recommendation.INVESTIGATE, None)
    assert (verdict.target, verdict.will_help) == (None, None)


def test_production_that_serves_another_deployment_is_looked_into_whatever_the_failure_calls_for() -> None:
    verdict = judged(failed(SERVES, Cause.NOT_RESTORED), failed(INBOX, Cause.DATABASE))
    assert verdict.recommendation is Recommendation.INVESTIGATE


def test_a_log_that_fails_by_the_amounts_is_no_recovery() -> None:
    verdict = judged(*BACK, failed(LOG, Cause.SERVER_ACTIONS, Recommendation.ROLL_BACK))
    assert (verdict.decision, verdict.recommendation) == (Decision.FAIL, Recommendation.INVESTIGATE)
    assert verdict.headline.startswith("NOT RECOVERED")


def test_who_took_production_since_is_named_and_nothing_is_said_of_the_rollback() -> None:
    skipped = tuple(result(name, Outcome.NOT_REACHED, part) for name, part in REQUIRED.items())
    facts = Facts(skipped, REQUIRED, url="https://app.example.com")
    verdict = recovery.judge(facts, WENT, None, "superseded by dpl_newer after the rollback")
    assert (verdict.decision, verdict.reason) == (Decision.INCONCLUSIVE, Reason.SUPERSEDED)
    assert verdict.summary.startswith("superseded by dpl_newer after the rollback")
    assert verdict.recovered is RecoveryState.UNKNOWN


def test_a_failure_of_before_stays_one_of_a_superseded_deployment() -> None:
    verdict = judged(*passed(SERVES, SIGN_IN), failed(INBOX, Cause.DATABASE), successor="dpl_newer")
    assert (verdict.decision, verdict.reason) == (Decision.FAIL, Reason.SUPERSEDED)


def test_what_failed_there_before_is_said() -> None:
    went = replace(WENT, failing=("test_a",))
    warnings = [one.summary for one in judged(*ALL, went=went).findings if one.severity is Severity.WARN]
    assert warnings == ["tolerated, because it failed on the target before: test_a"]


def test_what_its_log_showed_is_tolerated_if_it_was_known_and_listed_if_it_is_new() -> None:
    log = msgspec.structs.replace(
        QUIET, baseline="dpl_good by its record", recovery=LogRecovery(new=("a", "b", "c", "d"), known=("boom", "bang"))
    )
    warnings = [one for one in judged(*ALL, went=replace(WENT, failing=("test_a",)), log=log).findings if one.part]
    assert [(one.part, one.severity, one.summary, [line.text for line in one.evidence]) for one in warnings] == [
        (ROLLBACK, Severity.WARN, "tolerated, because it failed on the target before: test_a", []),
        (
            SETTLED,
            Severity.WARN,
            "2 error patterns in its log tolerated, because known on the target before (dpl_good by its record)",
            ["boom", "bang"],
        ),
        (SETTLED, Severity.WARN, "new: a; b; c", ["a", "b", "c", "d"]),
        (ROLLBACK, Severity.NOTE, "not restored: environment variables", []),
        (ROLLBACK, Severity.NOTE, "to undo it: vercel promote dpl_bad", []),
    ]


def test_a_rollback_that_nobody_knows_how_to_undo_is_not_said_to_be_undone() -> None:
    notes = [one.summary for one in judged(*ALL, went=replace(WENT, undo=())).findings]
    assert notes == ["not restored: environment variables"]


@given(
    outcomes=st.fixed_dictionaries({name: st.sampled_from([None, *Outcome]) for name in REQUIRED}),
    causes=st.sampled_from(Cause),
    fresh=st.booleans(),
    log_is_there=st.booleans(),
    superseded=st.sampled_from([None, "superseded by dpl_newer after the rollback"]),
    successor=st.sampled_from([None, "dpl_newer"]),
    settled=st.booleans(),
)
def test_recovered_is_only_said_where_it_was_seen(
    *,
    outcomes: dict[str, Outcome | None],
    causes: Cause,
    fresh: bool,
    log_is_there: bool,
    superseded: str | None,
    successor: str | None,
    settled: bool,
) -> None:
    required = REQUIRED if settled else dict(list(REQUIRED.items())[:3])
    results = tuple(
        result(name, outcome, part, summary="x", cause=causes if outcome is Outcome.FAILED else None)
        for name, part in required.items()
        if (outcome := outcomes[name])
    )
    left_out = {} if settled else {SETTLED: "no --logs"}
    log = replace_log(fresh) if log_is_there and settled else None
    facts = Facts(results, required, left_out, successor, url="https://app.example.com")
    verdict = recovery.judge(facts, WENT, log, superseded)
    back = all(outcomes[name] is Outcome.PASSED for name in (SERVES, SIGN_IN, INBOX))
    if "RECOVERED" in verdict.headline.replace("NOT RECOVERED", ""):
        assert back
    if verdict.headline == "RECOVERED":
        assert outcomes[LOG] is Outcome.PASSED
        assert log is not None
        assert not fresh
    if verdict.decision is Decision.PASS:
        assert back
        assert not successor
    assert verdict.recommendation not in (Recommendation.ROLL_BACK, Recommendation.FIX_FORWARD)
    assert any(outcome is Outcome.FAILED for outcome in outcomes.values()) or verdict.decision is not Decision.FAIL


def replace_log(fresh: bool) -> LogReport:
    return LogReport(
        stage=Stage.RECOVERY,
        says="",
        window=LogWindow(seconds=300),
        proof=LogProof(proven=True),
        recovery=LogRecovery(new=("boom",) if fresh else ()),
    )


# What production was rolled back to ----------------------------------------------------------------------------------------------

DONE = RollbackReport(
    outcome=Ending.MOVED,
    url="https://app.example.com",
    how="promote",
    from_=PreviousDeployment("dpl_bad"),
    to=TargetDeployment("dpl_good", known_by=KnownBy.RECORD, failing=("test_a",)),
    requested_at="2026-11-25T12:00:07.123Z",
    not_restored=("environment variables",),
    undo=("vercel promote dpl_bad",),
)
ASKED = AliasRequest("dpl_good", "dpl_bad", "succeeded", "promote", 1_795_608_000_000)


def test_the_report_of_a_rollback_says_it_best() -> None:
    assert proof.by_report(DONE) == Recovery(
        "dpl_good",
        "by rollback.json of 2026-11-25 12:00:07 UTC",
        "dpl_bad",
        ("test_a",),
        ("environment variables",),
        ("vercel promote dpl_bad",),
    )


@pytest.mark.parametrize("outcome", Ending)
def test_what_was_never_done_is_no_rollback(outcome: Ending) -> None:
    import msgspec  # noqa: PLC0415 - once

    found = proof.by_report(msgspec.structs.replace(DONE, outcome=outcome))
    assert (found is None) == (outcome in {Ending.REFUSED, Ending.UNSENT})


@pytest.mark.parametrize("kind", ["promote", "rollback"])
def test_the_platforms_last_request_will_do(kind: str) -> None:
    found = proof.by_platform(replace(ASKED, type=kind))
    assert found is not None
    assert (found.target, found.left) == ("dpl_good", "dpl_bad")


@pytest.mark.parametrize(
    "asked", [None, replace(ASKED, from_=None), replace(ASKED, from_="dpl_good"), replace(ASKED, type="")]
)
def test_no_switch_is_no_rollback(asked: AliasRequest | None) -> None:
    assert proof.by_platform(asked) is None


def test_whoever_names_the_target_gets_the_rest_from_the_platform_if_it_fits() -> None:
    assert proof.by_option("dpl_good", ASKED).left == "dpl_bad"
    assert proof.by_option("dpl_else", ASKED).left == ""
    assert proof.by_option("dpl_good", None).left == ""


def test_failures_are_borne_with_by_the_name_of_their_check() -> None:
    went = replace(WENT, failing=("test_a",))
    assert went.counting("test_a", ["it fails"]) == []
    assert went.counting("test_b", ["it fails"]) == ["it fails"]
