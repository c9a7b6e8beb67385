"""What a log says about the deployment: the two rules, the signals' amounts, and what only warns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import msgspec
import pytest

from postdeploy.analysis.baseline import Baseline, baseline_of, compared
from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.log_tables import KnownNoise, OwnSignal
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from tests.logs.rows import Sent, healthy, rows, tallied, throws

RUNBOOK = read_runbook()
DEBUG_ID = "debugId: 'b3e1c7a0-1111-4222-8333-123456789abc'"
UNREACHABLE = (
    "Failed to fetch clients: Error [PrismaClientKnownRequestError]: \n"
    "Can't reach database server at db.example.com:5432\n    at a (b.js:1:2) {\n  code: 'P1001'\n}"
)
POOL = (
    f"Failed to fetch conversations with cursor: {{\n  {DEBUG_ID},\n  errorClass: 'db_error'\n}} "
    "Error: Timed out fetching a new connection from the connection pool. code: 'P2024'"
)
REFUSED = f"Failed to fetch clients: {{ {DEBUG_ID}, errorClass: 'not_authenticated' }} Error: Not authenticated"
ORIGIN = "`x-forwarded-host` header with value `a` does not match `origin` header"
ABORTED = "AbortError: This operation was aborted\n    at node:internal/deps/undici/undici:1:2"
SKEW = 'Error: Failed to find Server Action "7f3a". This request might be from an older or newer deployment.'


def test_a_failing_request_means_something_whatever_it_was_for() -> None:
    paths = {Part.ACTION: "/", Part.PAGE: "/", Part.INBOX: "/api/inbox/counts", Part.ROUTE: "/api/cron/x"}
    paths[Part.ASSET] = "/favicon.ico"
    for part in Part:
        method = "POST" if part is Part.ACTION else "GET"
        tally = tallied(rows([Sent(1, method, paths[part], 500), Sent(2, method, paths[part], -1)]))
        assert {one.part for one in tally.incidents} == {part}


@pytest.mark.parametrize("path", ["/favicon.ico", "/_next/image", "/robots.txt", "/xmlrpc.php"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [500, 503, -1])
def test_a_failing_asset_warns_and_blinds_nothing(method: str, path: str, status: int) -> None:
    asset = [Sent(n, method, path, status) for n in range(30)]
    judged = said([*healthy(100), *asset])
    assert not failures(judged)
    assert any(f"{method} {path}" in one.sentence for one in judged)
    assert failures(said([*healthy(100), *asset, *(throws(w, 60) for w in "ABCD")])) == [CODE]


def test_slowness_of_another_service_excuses_no_refusals() -> None:
    aborts = [
        Sent(40 * n, "GET", "/api/crm", 200, "HubSpot: AbortError: This operation was aborted") for n in range(12)
    ]
    refusals = [Sent(6 * n, message=REFUSED) for n in range(80)]
    judged = said([*healthy(100), *aborts, *refusals], baseline=before(healthy(200)))
    assert failures(judged) == [(Cause.AUTH_REGRESSION, Recommendation.ROLL_BACK)]


def test_findings_come_in_the_order_of_what_they_call_for() -> None:
    environment = Sent(9, message="Error: [prisma] DATABASE_URL is not set")
    outage = [Sent(5 * n, message=UNREACHABLE) for n in range(30)]
    code = [throws(w, 60) for w in "ABCD"]
    for sent in ([*code, *outage, environment], [environment, *outage, *code], [*outage, environment, *code]):
        assert [one for _, one in failures(said(sent))][:2] == [
            Recommendation.HOLD,
            Recommendation.FIX_ENVIRONMENT,
        ]
    recommendations = [one for _, one in failures(said([*healthy(50), *code, environment]))]
    assert recommendations == [Recommendation.FIX_ENVIRONMENT, Recommendation.ROLL_BACK]


def said(sent: Iterable[Sent], runbook: Runbook = RUNBOOK, baseline: Baseline | None = None) -> tuple[LogFinding, ...]:
    tally = compared(tallied(rows(sent), runbook), baseline)
    return ordered.findings(LogEvidence(tally=tally, first=tally, runbook=runbook, baseline=baseline))


def failures(judged: Iterable[LogFinding]) -> list[tuple[Cause | None, Recommendation | None]]:
    return [(one.cause, one.recommendation) for one in judged if one.severity is Severity.FAIL]


def before(sent: Iterable[Sent]) -> Baseline:
    return baseline_of("dpl_before", tallied(rows(sent)))


CODE = (Cause.SERVER_ACTIONS, Recommendation.ROLL_BACK)
OUT = (Cause.DATABASE, Recommendation.HOLD)
KNOWN = KnownNoise("Gamma", "a plug-in", "web", dt.date(2027, 1, 1), 10)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param([*healthy(100)], [], id="healthy"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABC")], [], id="three unique"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABCD")], [CODE], id="four unique"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABC"), throws("D", 601)], [], id="the fourth at 10:01"),
        pytest.param([*healthy(100), *(throws(w, 60) for w in "ABC"), throws("D", 599)], [CODE], id="the fourth at 9:59"),
        pytest.param([throws("A", 20 * n) for n in range(18)], [CODE], id="18 of 18 with one cause"),
        pytest.param([*healthy(188), *(throws("A", 60 + n) for n in range(12))], [], id="12 of 200 in one burst"),
        pytest.param([*healthy(188), *(throws("A", 60 + 10 * n) for n in range(12))], [CODE], id="12 of 200 over two minutes"),
        pytest.param([*healthy(18), throws("A", 1), throws("A", 300)], [], id="2 of 20"),
        pytest.param(
            [*healthy(50), *(Sent(n / 20, "GET", "/api/cron/followups", 500, "Error: nope") for n in range(5000))],
            [],
            id="one cron 5,000 times",
        ),
        pytest.param([Sent(10 * n, message=UNREACHABLE) for n in range(30)], [OUT], id="an outage whose every answer is 200"),
        pytest.param(
            [Sent(5 * n, message=POOL if n % 7 == 0 else "") for n in range(100)], [OUT], id="pool time-outs for 15 %"
        ),
        pytest.param(
            [*healthy(100), *(Sent(1 + n / 10, message=UNREACHABLE) for n in range(8))], [], id="one cold-pool burst"
        ),
        pytest.param(
            [Sent(580 + n / 10, message=UNREACHABLE) for n in range(8)], [OUT], id="a burst, and nothing after it"
        ),
        pytest.param(
            [*healthy(50), *(Sent(n, status=404, message=SKEW) for n in range(40))], [], id="version skew"
        ),
        pytest.param(
            [*healthy(50), *(Sent(n, status=500, message=SKEW) for n in range(40))], [], id="version skew that answers 500"
        ),
        pytest.param(
            [*healthy(50), Sent(9, message="Error: [prisma] DATABASE_URL is not set")],
            [(Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT)],
            id="a variable is missing",
        ),
        pytest.param(
            [*healthy(50), Sent(9, "GET", "/api/inbox/conversations", 500, "PrismaClientKnownRequestError P2022 column `x`")],
            [(Cause.SCHEMA, Recommendation.FIX_FORWARD)],
            id="a column is missing",
        ),
        pytest.param(
            [*healthy(50), Sent(9, "GET", "/api/cron/x", 500, "PrismaClientKnownRequestError P2022 column `x`")],
            [],
            id="a column is missing for a cron",
        ),
        pytest.param(
            [
                *healthy(40, method="GET", path="/api/inbox/counts"),
                *(Sent(n * 30, "GET", "/api/inbox/conversations", 500) for n in range(3)),
            ],
            [(Cause.LIST_ROUTE, Recommendation.ROLL_BACK)],
            id="5 % of the inbox's reads, without a message",
        ),
        pytest.param(
            [*healthy(40), *(Sent(n * 30, "POST", "/", -1) for n in range(3))],
            [(Cause.FUNCTION_DIED, Recommendation.ROLL_BACK)],
            id="functions die",
        ),
        pytest.param(
            [*healthy(40), *(Sent(n, message=ORIGIN) for n in (1, 2, 3))],
            [(Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT)],
            id="origins are refused",
        ),
        pytest.param(
            [*healthy(40), *(Sent(60 * n, message=REFUSED) for n in range(6)), *(Sent(60 * n + 5, message=ABORTED) for n in range(6))],
            [],
            id="“Not authenticated” beside a slow auth service",
        ),
        pytest.param(
            [Sent(30 * n, status=500, message=" ⨯ " + UNREACHABLE) for n in range(20)], [OUT, OUT], id="an outage, not the code"
        ),
    ],
)  # fmt: skip
def test_the_amounts_decide(sent: list[Sent], expected: list[object]) -> None:
    assert failures(said(sent)) == expected


def test_two_of_four_that_are_known_noise_do_not_count() -> None:
    runbook = msgspec.structs.replace(RUNBOOK, known=(KNOWN, replace_known(pattern="Delta")))
    sent = [*healthy(100), *(throws(w, 60) for w in ("Alpha", "Beta", "Gamma", "Delta"))]
    judged = said(sent, runbook)
    assert failures(judged) == []
    assert next(one.sentence for one in judged if one.severity is Severity.NOTE).startswith(
        "known noise, 1 request: Gamma"
    )


def replace_known(**changes: object) -> KnownNoise:
    return msgspec.structs.replace(KNOWN, **changes)


def test_known_noise_counts_when_there_is_more_than_is_known() -> None:
    runbook = msgspec.structs.replace(RUNBOOK, known=(replace_known(at_most=2),))
    judged = said([throws("Gamma", 20 * n) for n in range(18)], runbook)
    assert failures(judged) == [CODE]
    assert any("more than the 2 that are known" in one.sentence for one in judged)


def test_noise_whose_day_has_come_hides_nothing() -> None:
    runbook = msgspec.structs.replace(RUNBOOK, known=(replace_known(until=dt.date(2026, 11, 24)),))
    assert failures(said([throws("Gamma", 20 * n) for n in range(18)], runbook)) == [CODE]


def test_what_existed_before_is_not_taken_away_by_a_rollback() -> None:
    errors = [throws(w, 60) for w in "ABCD"]
    assert failures(said(errors, baseline=before(errors))) == [(Cause.SERVER_ACTIONS, Recommendation.INVESTIGATE)]
    assert failures(said(errors, baseline=before(errors[:3]))) == [CODE]


def test_the_same_trouble_is_the_same_in_another_build() -> None:
    now = " ⨯ [le [AuthApiError]: no such user 17 at 10.0.0.1\n    at x (/var/task/.next/server/chunks/12.js:1:9)\n  digest: '1'"
    then = " ⨯ [aa [AuthApiError]: no such user 4 at 10.9.0.1\n    at y (/var/task/.next/server/chunks/7.js:5:1)\n  digest: '2'"
    one, other = (tallied(rows([Sent(1, status=500, message=m)])).incidents[0].fingerprint for m in (now, then))
    assert one == other


def test_not_authenticated_alone_fails_above_the_rate_of_before() -> None:
    sent = [*healthy(100), *(Sent(60 * n, message=REFUSED) for n in range(8))]
    regression = (Cause.AUTH_REGRESSION, Recommendation.ROLL_BACK)
    assert failures(said(sent)) == []
    assert failures(said(sent, baseline=before(healthy(100)))) == [regression]
    assert failures(said(sent, baseline=before(sent))) == []


def test_one_abort_far_away_excuses_nobody() -> None:
    sent = [*healthy(100), *(Sent(200 + 20 * n, message=REFUSED) for n in range(8)), Sent(1, message=ABORTED)]
    assert failures(said(sent, baseline=before(healthy(100)))) == [(Cause.AUTH_REGRESSION, Recommendation.ROLL_BACK)]


def test_rejected_sessions_fail_above_the_rate_of_before() -> None:
    sent = [*healthy(100), *(Sent(60 * n, message="AuthApiError: Invalid Refresh Token: Not Found") for n in range(8))]
    assert failures(said(sent, baseline=before(healthy(100)))) == [(Cause.SESSION_REJECTED, Recommendation.ROLL_BACK)]


def test_an_apps_own_signal_fails_it_with_its_own_advice() -> None:
    own = OwnSignal("quota", "insufficient_quota", "the quota is used up", "fail", 2, "hold")
    runbook = msgspec.structs.replace(RUNBOOK, signal=(own,))
    sent = [*healthy(9), *(Sent(n, "GET", "/api/x", message="Error: insufficient_quota", level="info") for n in (1, 2))]
    assert failures(said(sent, runbook)) == [(Cause.LOG_PATTERN, Recommendation.HOLD)]


@pytest.mark.parametrize(
    ("message", "says"),
    [
        pytest.param("Failed to fetch clients: { errorClass: 'x' } Error: y", "without a debug id", id="no debug id"),
        pytest.param("Error: can't mail ada@example.com", "e-mail address", id="personal data"),
        pytest.param("[Read API] disabled { route: 'x' }", "switched off", id="read API"),
        pytest.param("Error: never seen before", "no signal explains", id="new pattern"),
    ],
)
def test_some_lines_are_a_warning(message: str, says: str) -> None:
    judged = said([*healthy(9), Sent(3, message=message)])
    assert failures(judged) == []
    assert says in " ".join(one.sentence for one in judged if one.severity is Severity.WARN)


def test_a_mixture_is_the_codes_fault_if_the_code_alone_breaks_the_rule() -> None:
    outage = [Sent(50 + n, status=500, message=" ⨯ " + UNREACHABLE) for n in range(2)]
    assert failures(said([*healthy(200), *outage, *(throws(w, 60) for w in "ABCD")])) == [CODE]


def test_replacing_keeps_the_incident_marked() -> None:
    tally = tallied(rows([throws("A", 1)]))
    assert replace(tally.incidents[0], new=True).fingerprint == tally.incidents[0].fingerprint
