"""The inbox's own error lines say that it failed, though it answers 200: by their share of a route's requests."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation, Severity
from tests.analysis.rules.judging import ENVIRONMENT, OUTAGE, UNREACHABLE, before, failures, findings, warnings
from tests.logs.rows import Sent, healthy

READ, ACTION = ("GET", "/api/inbox/conversations"), ("POST", "/")
TYPE_ERROR = "Failed to fetch clients: TypeError: Cannot read properties of undefined (reading 'map') debugId: a1b2c3"
PEOPLE = [*healthy(60), *healthy(60, method="GET", path="/api/inbox/counts")]


def failing(said: str, part: tuple[str, str] = READ, count: int = 45, **more: object) -> list[Sent]:
    return [Sent(13.2 * at, *part, 200, said, **more) for at in range(count)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "cause"), [(READ, Cause.LIST_ROUTE), (ACTION, Cause.SERVER_ACTIONS)], ids=["reads", "Server Actions"]
)
@pytest.mark.parametrize("debug_id", ["debugId: a1b2c3", ""])
def test_an_inbox_that_fails_with_200_fails_the_deployment(part: tuple[str, str], cause: Cause, debug_id: str) -> None:
    said = TYPE_ERROR.replace("debugId: a1b2c3", debug_id)
    found = findings([*PEOPLE, *failing(said, part)])
    assert failures(found) == [(cause, Recommendation.ROLL_BACK)]
    [worst] = [one for one in found if one.severity is Severity.FAIL]
    assert "TypeError" in worst.incidents[0].shown
    assert worst.sentence.startswith("the inbox wrote that it failed in 45 of ")


def test_below_a_quarter_of_a_routes_requests_it_is_a_warning() -> None:
    reads = healthy(60, method="GET", path=READ[1])
    found = findings([*PEOPLE, *reads, *failing(TYPE_ERROR, count=19)])
    assert failures(found) == []
    [warning] = warnings(found, LogSubject.ROUTES)
    assert "in 19 of 79 requests to GET /api/inbox/conversations, which it answered without a 5xx" in warning
    assert failures(findings([*PEOPLE, *reads, *failing(TYPE_ERROR, count=21)])) != []


@pytest.mark.parametrize(
    ("failed", "well", "proves"),
    [(10, 0, False), (3, 3, False), (2, 0, True), (3, 4, True), (1, 18, True)],
)
def test_most_of_a_few_requests_prove_nothing(failed: int, well: int, *, proves: bool) -> None:
    """Too few to fail the deployment for; but such a route is not healthy."""
    reads = healthy(well, method="GET", path=READ[1]) if well else []
    found = findings([*PEOPLE, *reads, *failing(TYPE_ERROR, count=failed)])
    assert failures(found) == []
    [warning] = [one for one in found if "the inbox wrote that it failed" in one.sentence]
    assert (warning.severity, bool(warning.unproven)) == (Severity.WARN, not proves)


@pytest.mark.parametrize(
    "said",
    [
        "Fetched clients in 12 ms",
        "Loaded conversations: Failed to fetch one avatar",
    ],
)
def test_other_lines_do_not_say_so(said: str) -> None:
    assert failures(findings([*PEOPLE, *failing(said)])) == []


@pytest.mark.parametrize("level", ["info", "warning"])
def test_a_line_below_error_says_so_in_the_apps_exact_words(level: str) -> None:
    """The app answers 200 and people see its error, at whatever level it writes that."""
    assert failures(findings([*PEOPLE, *failing(TYPE_ERROR, level=level)]))
    assert failures(findings([*PEOPLE, *failing("Failed to fetch clients: timed out, retrying", level=level)])) == []
    assert failures(findings([*PEOPLE, *failing("Failed to flush events: timed out", level=level)])) == []


def test_a_line_of_another_route_does_not_say_so() -> None:
    assert failures(findings([*PEOPLE, *failing(TYPE_ERROR, ("GET", "/api/reports"))])) == []


def test_what_explains_it_decides() -> None:
    assert OUTAGE in failures(findings([*PEOPLE, *failing(UNREACHABLE)]))
    missing = "Failed to fetch clients: Error: SUPABASE_SERVICE_ROLE_KEY is not set"
    assert failures(findings([*PEOPLE, *failing(missing)])) == [ENVIRONMENT, ENVIRONMENT]


def test_what_was_so_before_is_not_rolled_back() -> None:
    sent = [*PEOPLE, *failing(TYPE_ERROR)]
    assert failures(findings(sent, baseline=before(sent))) == [(Cause.LIST_ROUTE, Recommendation.INVESTIGATE)]


def refusals(said: str, **more: object) -> list[Sent]:
    return [Sent(13.2 * at, *READ, 200, said, **more) for at in range(45)]  # type: ignore[arg-type]


SLOW = "[auth] getUser timed out after 3000 ms; Failed to fetch clients: Not authenticated"
REFUSED = "Failed to fetch clients: Not authenticated"


def test_an_inbox_that_refuses_everybody_by_a_slow_auth_service_is_down() -> None:
    assert failures(findings([*PEOPLE, *refusals(SLOW)])) == [(Cause.AUTH_SERVICE, Recommendation.HOLD)]
    few = [*PEOPLE, *healthy(200, method="GET", path=READ[1]), *refusals(SLOW)]
    assert failures(findings(few)) == []


def test_an_inbox_that_refuses_everybody_is_not_proven_unless_our_own_browser_is_not_refused() -> None:
    sent = [*PEOPLE, *refusals(REFUSED)]
    [refused] = [one for one in findings(sent) if one.unproven]
    assert refused.unproven == "45 of 45 requests to GET /api/inbox/conversations were refused as not authenticated"
    ours = [*sent, Sent(300, *READ, 200, own=True)]
    assert [one.unproven for one in findings(ours) if one.unproven] == []
    assert failures(findings(ours)) == []


def test_a_part_that_is_refused_as_before_is_people_without_a_session() -> None:
    used = healthy(90, method="GET", path=READ[1])
    sent = [*PEOPLE, *used, *refusals(REFUSED)]
    assert [one.unproven for one in findings(sent, baseline=before(sent)) if one.unproven] == []
    rarely = [*PEOPLE, *healthy(400, method="GET", path=READ[1]), *refusals(REFUSED)[:9]]
    assert [one.unproven for one in findings(sent, baseline=before(rarely)) if one.unproven] != []
    mostly = [*PEOPLE, *refusals(REFUSED)]
    assert [one.unproven for one in findings(mostly, baseline=before(mostly)) if one.unproven] != []
