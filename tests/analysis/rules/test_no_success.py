"""Nothing that succeeded proves nothing, whatever the status says: a part of the app needs an answer that is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.protocol import EVERYTHING, Shows
from postdeploy.model import Severity
from tests.analysis.rules.judging import evidence, failures, findings, warnings
from tests.logs.rows import Sent

READ, PAGE = ("GET", "/api/inbox/conversations"), ("GET", "/settings")
ACTION, INBOX_PAGE = ("POST", "/"), ("GET", "/")
PARTS = {"inbox read request": READ, "page request": PAGE, "Server Action request": ACTION}


def asked(part: tuple[str, str], status: int | None, count: int = 50) -> list[Sent]:
    return [Sent(10 * at, *part, status) for at in range(count)]


def doubts(*sent: Sent, shows: Shows = EVERYTHING & ~Shows.LIVE) -> list[str]:
    log = replace(evidence(sent), shows=shows)
    return undecidable(log, ordered.findings(log))


@pytest.mark.parametrize(("what", "part"), PARTS.items(), ids=PARTS)
@pytest.mark.parametrize("status", [302, 307, 400, 401, 402, 403, 404, 410, 429, 451])
def test_a_part_of_which_no_request_succeeded_is_not_proven(what: str, part: tuple[str, str], status: int) -> None:
    [doubt] = doubts(*asked(part, status))
    assert doubt == f"none of 50 {what}s succeeded (50 × {status})"
    assert failures(findings(asked(part, status))) == []


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_tabs_whose_session_is_over_go_on_asking_while_people_are_served(part: tuple[str, str]) -> None:
    assert doubts(*asked(part, 401), *asked(part, 200, 10)) == []
    assert doubts(*asked(part, 404, 9)) == []


@pytest.mark.parametrize("status", [200, 201, 204, 304])
def test_every_success_counts(status: int) -> None:
    assert doubts(*asked(READ, 401), *asked(READ, status, 10)) == []


@pytest.mark.parametrize("part", [READ, ACTION])
@pytest.mark.parametrize("status", [307, 400, 403, 404, 405, 409, 410, 422, 429])
def test_a_part_that_refuses_most_is_not_proven(part: tuple[str, str], status: int) -> None:
    refused = asked(part, status, 40)
    [doubt] = doubts(*refused, *asked(part, 200, 30))
    assert doubt.startswith("only 30 of 70")
    assert doubt.endswith(f"succeeded (40 × {status}, 30 × 200)")
    assert doubts(*refused, *asked(part, 200, 41)) == []
    assert doubts(*refused, *asked(part, 200, 30), Sent(595, *part, 200, own=True)) == []
    assert failures(findings([*refused, *asked(part, 200, 30)])) == []


@pytest.mark.parametrize("part", [READ, ACTION])
def test_nearly_all_signed_out_is_not_proven(part: tuple[str, str]) -> None:
    [doubt] = doubts(*asked(part, 401), Sent(595, *part, 200))
    assert doubt.startswith("only 1 of 51")
    assert doubt.endswith("succeeded (50 × 401, 1 × 200)")


@pytest.mark.parametrize("status", [403, 404, 405])
def test_bots_that_post_to_pages_without_actions_are_none_of_the_apps(status: int) -> None:
    bots = [Sent(10 * at, "POST", f"/{name}", status) for name in ("xmlrpc", "wp-login") for at in range(30)]
    assert doubts(*bots, *asked(ACTION, 200, 20)) == []
    assert doubts(*bots, *asked(ACTION, status, 30), *asked(ACTION, 200, 10)) != []
    assert doubts(*bots) != []


@pytest.mark.parametrize("status", [307, 401, 404])
def test_strangers_and_bots_are_led_away_from_pages_by_design(status: int) -> None:
    assert doubts(*asked(PAGE, status), Sent(595, *PAGE, 200)) == []


def test_a_read_that_mostly_fails_is_not_proven_by_another_one() -> None:
    refused = [*asked(("GET", "/api/inbox/counts"), 404, 20), *asked(("GET", "/api/inbox/counts"), 200, 5)]
    [doubt] = doubts(*asked(READ, 200), *refused)
    assert doubt == "only 5 of 25 requests to GET /api/inbox/counts succeeded (20 × 404, 5 × 200)"


SKEW = 'Error: Failed to find Server Action "undefined". This request might be from an older or newer deployment.'


@pytest.mark.parametrize("status", [404, 409, 500])
def test_a_version_skew_that_most_run_into_is_not_proven(status: int) -> None:
    skewed = [Sent(10 * at, *ACTION, status, SKEW) for at in range(40)]
    [doubt] = doubts(*skewed, *asked(ACTION, 200, 10))
    assert "Server Action request" in doubt
    assert doubts(*skewed[:10], *asked(ACTION, 200, 50)) == []


FAILED = "Error: boom"


@pytest.mark.parametrize(("what", "part"), PARTS.items(), ids=PARTS)
@pytest.mark.parametrize(("failed", "well"), [(3, 0), (9, 0), (9, 9), (5, 1)])
def test_too_few_to_judge_of_which_most_fail_is_not_proven(
    what: str, part: tuple[str, str], failed: int, well: int
) -> None:
    part = INBOX_PAGE if part == PAGE else part
    sent = [*(Sent(60 * at, *part, 500, FAILED) for at in range(failed)), *asked(part, 200, well)]
    [doubt] = doubts(*sent)
    counted = f"{failed} {what}s of {failed + well}" if part == ACTION else f"{failed} of {failed + well} requests ("
    assert doubt.startswith(counted)
    assert failures(findings(sent)) == []
    assert doubts(*sent, Sent(595, *part, 200, own=True)) == []


def test_the_inboxs_own_page_is_not_proven_by_others() -> None:
    fails = [Sent(60 * at, *INBOX_PAGE, 500, FAILED) for at in range(8)]
    others = [*(Sent(3 * at, *PAGE) for at in range(200)), *asked(READ, 200)]
    assert doubts(*fails, *others) == ["8 of 8 requests (GET /) failed with 5xx"]
    assert doubts(*fails[:2], *asked(INBOX_PAGE, 200, 9), *others) == []


def test_a_page_of_another_kind_that_fails_is_a_warning() -> None:
    assert doubts(*(Sent(60 * at, *PAGE, 500, FAILED) for at in range(9))) == []


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize(("failed", "well"), [(1, 0), (2, 0), (1, 18), (3, 4)])
def test_a_few_failures_among_few_requests_are_a_warning(part: tuple[str, str], failed: int, well: int) -> None:
    sent = [*(Sent(60 * at, *part, 500, FAILED) for at in range(failed)), *asked(part, 200, well)]
    assert doubts(*sent) == []
    assert [one.severity for one in findings(sent)] == [Severity.WARN]


def test_a_server_action_that_leads_on_succeeded_and_a_page_that_does_has_shown_nothing() -> None:
    assert doubts(*asked(ACTION, 303)) == []
    assert doubts(*asked(PAGE, 303)) == ["none of 50 page requests succeeded (50 × 303)"]


@pytest.mark.parametrize(("what", "part"), PARTS.items(), ids=PARTS)
@pytest.mark.parametrize("status", [499, None])
def test_a_part_that_mostly_gets_no_answer_is_not_proven(what: str, part: tuple[str, str], status: int | None) -> None:
    said = "no status" if status is None else "499"
    found = doubts(*asked(part, status, 40), *asked(part, 200, 30))
    assert f"40 of 70 {what}s got no answer (40 × {said}, 30 × 200)" in found


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_some_people_leave_before_they_are_answered(part: tuple[str, str]) -> None:
    assert doubts(*asked(part, 499, 30), *asked(part, 200, 40)) == []


def test_a_live_stream_shows_rows_before_their_answer() -> None:
    sent = [*asked(READ, None, 40), *asked(READ, 200, 30)]
    assert doubts(*sent, shows=EVERYTHING) == []
    assert doubts(*sent) != []


def test_where_our_own_browser_succeeded_it_is_a_warning() -> None:
    sent = [*asked(READ, 401), Sent(595, *READ, 200, own=True)]
    assert doubts(*sent) == []
    assert warnings(findings(sent), LogSubject.ROUTES) == [
        "none of 50 inbox read requests succeeded (50 × 401); our own browser's did"
    ]


def test_a_route_that_refuses_all_is_a_warning_where_our_own_browser_uses_that_part() -> None:
    refused = asked(("GET", "/api/inbox/counts"), 404)
    sent = [*asked(READ, 200, 59), *refused]
    assert doubts(*sent) != []
    used = [*sent, Sent(595, *READ, 200, own=True)]
    assert doubts(*used) == []
    [found] = warnings(findings(used), LogSubject.ROUTES)
    assert found.startswith("none of 50 requests to GET /api/inbox/counts succeeded")
    assert found.endswith("; what our own browser asked for did")


LEFT = " ⨯ Error: aborted\n    at abortIncoming (node:_http_server:838:17) {\n  code: 'ECONNRESET'\n}"


@pytest.mark.parametrize(("what", "part"), PARTS.items(), ids=PARTS)
def test_clients_that_all_leave_were_not_answered_though_none_of_them_is_an_error(
    what: str, part: tuple[str, str]
) -> None:
    left = [Sent(10 * at, *part, 500, LEFT) for at in range(40)]
    assert doubts(*left) == [f"none of 40 {what}s succeeded (40 × 500)"]
    assert f"40 of 70 {what}s got no answer (40 × 500, 30 × 200)" in doubts(*left, *asked(part, 200, 30))
    assert doubts(*left[:10], *asked(part, 200, 30)) == []


def test_an_inbox_that_leads_everyone_away_is_not_proven_by_other_pages() -> None:
    others = asked(PAGE, 200)
    assert doubts(*asked(("GET", "/"), 307), *others) == ["none of 50 requests to GET / succeeded (50 × 307)"]
    assert doubts(*asked(("GET", "/"), 404), *others) == ["none of 50 requests to GET / succeeded (50 × 404)"]
    assert doubts(*asked(("GET", "/"), 307), Sent(595, "GET", "/"), *others) == []
    assert doubts(*asked(("GET", "/"), 307, 9), *others) == []
