"""What explains a broken rule comes before the code, whatever row of the failing requests says it."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.causes import code_fault
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.logs.entry import LogEntry
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import (
    CODE,
    ENVIRONMENT,
    OUTAGE,
    RUNBOOK,
    UNREACHABLE,
    before,
    evidence,
    failures,
    findings,
)
from tests.logs.rows import Sent, healthy, rows, tallied, throws

ABORTED = "AbortError: This operation was aborted\n    at node:internal/deps/undici/undici:1:2"
ORIGIN = "`x-forwarded-host` header with value `a` does not match `origin` header"


@pytest.mark.parametrize(
    ("message", "explained"),
    [
        pytest.param(UNREACHABLE, OUTAGE, id="the database"),
        pytest.param("Error: [prisma] DATABASE_URL is not set", ENVIRONMENT, id="a variable"),
        pytest.param("Error: column `x` does not exist", (Cause.SCHEMA, Recommendation.FIX_FORWARD), id="the schema"),
        pytest.param("error: canceling statement due to statement timeout", OUTAGE, id="a slow database"),
        pytest.param("getUser: AbortError: This was aborted", (Cause.AUTH_SERVICE, Recommendation.HOLD), id="auth"),
    ],
)
def test_failing_actions_are_not_the_codes_fault_if_something_else_explains_them(
    message: str, explained: tuple[Cause, Recommendation]
) -> None:
    found = findings([Sent(30 * n, status=500, message=" ⨯ " + message) for n in range(20)])
    assert explained in failures(found)
    assert CODE not in failures(found)


@pytest.mark.parametrize(
    "message",
    ["AbortError: This operation was aborted", "Error: read ECONNRESET", "Error: connect ECONNREFUSED 1.2.3.4:9"],
)
def test_a_service_that_the_log_does_not_name_excuses_nothing(message: str) -> None:
    found = findings([Sent(30 * n, status=500, message=" ⨯ " + message) for n in range(20)])
    assert failures(found) == [CODE]


def test_a_mixture_is_the_codes_fault_if_the_code_alone_breaks_the_rule() -> None:
    outage = [Sent(50 + n, status=500, message=" ⨯ " + UNREACHABLE) for n in range(2)]
    assert failures(findings([*healthy(200), *outage, *(throws(w, 60) for w in "ABCD")])) == [CODE]


def spoke(at: float, *lines: str, status: int = 500) -> list[LogEntry]:
    """One request with several error lines."""
    first, *others = rows([Sent(at, status=status, message=line) for line in lines])
    return [first, *(msgspec.structs.replace(one, request_id=first.request_id) for one in others)]


GENERIC = " ⨯ Error: An error occurred in the Server Components render\n  digest: '1'"
REFUSAL = " ⨯ Error: Not authenticated\n  digest: '2'"


@pytest.mark.parametrize(
    ("lines", "cause", "recommendation"),
    [
        pytest.param((GENERIC, UNREACHABLE), *OUTAGE, id="a generic error and P1001"),
        pytest.param((GENERIC, "zzz", UNREACHABLE), *OUTAGE, id="the code in the last row"),
        pytest.param(
            (REFUSAL, ABORTED), Cause.AUTH_SERVICE, Recommendation.HOLD, id="RT-4: an abort, and not authenticated"
        ),
        pytest.param((ABORTED, REFUSAL), Cause.AUTH_SERVICE, Recommendation.HOLD, id="the same the other way round"),
        pytest.param(
            (GENERIC, ORIGIN), Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT, id="a generic error and the origin"
        ),
        pytest.param(
            (GENERIC, "The column `Lead.score` does not exist. code: 'P2022'"),
            Cause.SCHEMA,
            Recommendation.FIX_FORWARD,
            id="a generic error and a missing column",
        ),
        pytest.param((GENERIC, "TypeError: x is undefined"), *CODE, id="nothing but code"),
        pytest.param((REFUSAL, "HubSpot: AbortError: This operation was aborted"), *CODE, id="another service's abort"),
    ],
)
def test_all_rows_of_a_request_explain_its_failure(
    lines: tuple[str, ...], cause: Cause, recommendation: Recommendation
) -> None:
    traffic = [*rows(healthy(30)), *(row for n in range(20) for row in spoke(20 + 29 * n, *lines))]
    tally = tallied(traffic)
    judged = ordered.findings(LogEvidence(tally=tally, first=tally, runbook=RUNBOOK))
    threshold = next(one for one in judged if one.subject is LogSubject.ERRORS)
    assert (threshold.cause, threshold.recommendation) == (cause, recommendation)


def test_what_explains_half_of_an_error_explains_only_half() -> None:
    explained = [row for n in range(12) for row in spoke(20 + 20 * n, GENERIC, UNREACHABLE)]
    bare = [row for n in range(20) for row in spoke(25 + 20 * n, GENERIC)]
    tally = tallied([*rows(healthy(30)), *explained, *bare])
    judged = ordered.findings(LogEvidence(tally=tally, first=tally, runbook=RUNBOOK))
    threshold = next(one for one in judged if one.subject is LogSubject.ERRORS)
    assert (threshold.cause, threshold.recommendation) == CODE


@pytest.mark.parametrize(
    ("apart", "expected"), [pytest.param(1, OUTAGE, id="in a burst"), pytest.param(20, CODE, id="spread as widely")]
)
def test_what_an_outage_leaves_of_an_error_is_judged_by_its_own_times(
    apart: int, expected: tuple[Cause, Recommendation]
) -> None:
    crash = " ⨯ TypeError: Alpha is undefined"
    explained = [row for n in range(6) for row in spoke(20 + 80 * n, crash, UNREACHABLE)]
    left = [row for n in range(6) for row in spoke(200 + apart * n, crash)]
    tally = tallied([*rows(healthy(60)), *explained, *left])
    evidence = LogEvidence(tally=tally, first=tally, runbook=RUNBOOK)
    [errors] = [one for one in ordered.findings(evidence) if one.subject is LogSubject.ERRORS]
    assert [one.requests for one in errors.incidents] == [12]
    assert (errors.cause, errors.recommendation) == expected


@pytest.mark.parametrize(
    ("failing_before", "compared", "recommended"),
    [
        pytest.param(2, False, Recommendation.INVESTIGATE, id="the deployment before fails with all of it"),
        pytest.param(1, False, Recommendation.ROLL_BACK, id="with some of it"),
        pytest.param(0, False, Recommendation.ROLL_BACK, id="with none of it"),
        pytest.param(2, True, Recommendation.ROLL_BACK, id="a baseline that lacks it counts more"),
    ],
)
def test_what_the_deployment_before_fails_with_as_well_is_not_rolled_back(
    failing_before: int, recommended: Recommendation, *, compared: bool
) -> None:
    baseline = before(healthy(20)) if compared else None
    given = evidence([*healthy(20), throws("Alpha", 60), throws("Beta", 90)], baseline=baseline)
    incidents = given.tally.incidents
    known = frozenset(one.fingerprint for one in incidents[:failing_before])
    assert code_fault(replace(given, failing_before=known), incidents) is recommended
