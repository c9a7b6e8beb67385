"""Gateways that answer in the app's place, and answers that take long."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.model import Cause, Diagnosis, Recommendation
from postdeploy.page.delays import delay
from postdeploy.page.journal import Exchange, Kind
from postdeploy.page.network import throws_beside_database, with_database
from postdeploy.page.screen import Screen
from tests.page.test_diagnosis import LIST, action, api, cause, page

BLANK = Screen(path="/", text_length=0)
BAD_GATEWAY: dict[str, Any] = {"status": 502, "content_type": "text/html"}
OWN: dict[str, Any] = {"status": 502, "content_type": "application/json"}
NOW = 60_000.0


@pytest.mark.parametrize(
    ("answer", "gateway"),
    [
        pytest.param(api(status=502, content_type="text/html"), True, id="a page"),
        pytest.param(api(status=503, content_type="text/plain"), True, id="a sentence"),
        pytest.param(api(status=504, content_type=None), True, id="nothing"),
        pytest.param(action(status=502, content_type="text/html"), True, id="to a Server Action"),
        pytest.param(api(status=500, content_type="text/html"), False, id="500 is the app's"),
        pytest.param(api(status=502), False, id="JSON is the app's"),
        pytest.param(
            api(status=503, error="READ_API_DISABLED", content_type="text/plain"), False, id="so is its error"
        ),
        pytest.param(action(status=503, digest="1", content_type=None), False, id="and a digest"),
        pytest.param(api(status=502, content_type="text/html", build="dpl_1"), False, id="and its build"),
        pytest.param(
            api(status=504, content_type="text/plain", platform_error="FUNCTION_INVOCATION_TIMEOUT"),
            False,
            id="the platform's word is known",
        ),
        pytest.param(api(), False, id="200"),
    ],
)
def test_a_gateway_is_recognised_by_what_it_does_not_say(answer: Exchange, gateway: bool) -> None:
    assert answer.of_a_gateway is gateway


MANY = [api(f"{LIST}?page={number}") for number in range(23)]


@pytest.mark.parametrize(
    ("journal", "expected", "says"),
    [
        pytest.param(
            [*MANY, *(action(action=f"a{number}", **BAD_GATEWAY) for number in range(11))],
            Cause.NO_ANSWER,
            "11 of 34 requests were answered 502 by a gateway",
            id="one in three",
        ),
        pytest.param([action(**BAD_GATEWAY)], Cause.NO_ANSWER, "1 of 1 requests", id="the only request"),
        pytest.param(
            [action(**BAD_GATEWAY), api(status=504, content_type=None)],
            Cause.NO_ANSWER,
            "502 and 504",
            id="all of them",
        ),
        pytest.param(
            [action(status=500, digest="1"), action(action="a2", **BAD_GATEWAY)],
            Cause.SERVER_ACTIONS,
            "1 of 2 Server Actions threw",
            id="the app's own error comes first",
        ),
        pytest.param(
            [action(status=500, digest="1"), action(action="a2", status=500, digest="2"), api()],
            Cause.SERVER_ACTIONS,
            "every Server Action (2 of 2) answers 500",
            id="every one",
        ),
        pytest.param([api(**OWN)], Cause.LIST_ROUTE, "answered 502", id="the app's own 502"),
    ],
)
def test_what_a_gateway_answers_is_not_the_codes(journal: list[Exchange], expected: Cause, says: str) -> None:
    found = cause(*journal)
    assert (found[0], says in found[1]) == (expected, True), found


def hanging(seconds: float) -> Exchange:
    return Exchange(Kind.ASSET, "GET", "/_next/7.js", NOW - seconds * 1000)


def row(count: int, seconds: float, until: float = NOW, **more: Any) -> list[Exchange]:
    """Requests one after another, the last of which ends at `until`."""
    begins = [until - (number + 1) * seconds * 1000 for number in range(count)]
    return [api(f"{LIST}?page={number}", started=at, ms=seconds * 1000, **more) for number, at in enumerate(begins)]


@pytest.mark.parametrize(
    ("journal", "says"),
    [
        pytest.param(row(5, 4.0), "5 requests took 4.0 s (p50) and up to 4.0 s", id="each takes 4 s"),
        pytest.param(
            [page(started=NOW - 20_000, ms=9_000.0), *row(1, 8.0)],
            "2 requests took 8.5 s (p50) and up to 9.0 s",
            id="a document and a read",
        ),
        pytest.param(
            [action(started=NOW - 9_000, ms=None, status=None), *row(2, 4.0, NOW - 9_000)],
            "3 requests took 4.0 s (p50) and up to 9.0 s (POST / (Server Action)), 1 of them still pending",
            id="one is pending",
        ),
        pytest.param(
            [Exchange(Kind.ASSET, "GET", f"/_next/{number}.js", NOW - 11_000, 10_900.0, 200) for number in range(3)],
            "(GET /_next/0.js)",
            id="the build's files",
        ),
    ],
)
def test_slow_is_a_cause_with_its_numbers(journal: list[Exchange], says: str) -> None:
    found = cause(*journal, screen=BLANK, now=NOW)
    assert found[0] is Cause.NO_ANSWER
    assert says in found[1]
    assert found[1].endswith("it was not done within 20 s (`[budgets] settle`)")


@pytest.mark.parametrize(
    ("answered", "slow"),
    [
        pytest.param(row(4, 4.0), True, id="all take 4 s"),
        pytest.param(row(40, 0.2), False, id="the others are quick"),
        pytest.param(row(2, 4.0), False, id="too few to say so"),
        pytest.param([], False, id="it is the only one"),
    ],
)
def test_a_request_that_hangs_among_slow_ones_is_not_the_point(answered: list[Exchange], slow: bool) -> None:
    found = cause(hanging(12.0), *answered, screen=BLANK, now=NOW)
    assert found[0] is Cause.NO_ANSWER
    assert ("the app is slow" in found[1], "was not answered within" in found[1]) == (slow, not slow)


@pytest.mark.parametrize(
    "journal",
    [
        pytest.param(row(5, 0.3), id="quick answers"),
        pytest.param(row(2, 4.0), id="two slow ones, and then rest"),
        pytest.param(row(5, 4.0, NOW - 20_000), id="slow ones of long ago"),
        pytest.param([Exchange(Kind.OTHER, "GET", "/poll", NOW - 20_000)], id="a long poll"),
        pytest.param([api(started=NOW - 20_000, ms=None, status=None, cancelled=True)], id="what the page cancelled"),
        pytest.param([api(started=NOW - 15_000 + n, ms=300.0) for n in range(100)], id="many at the same time"),
        pytest.param([], id="nothing"),
    ],
)
def test_a_page_that_does_not_wait_is_not_slow(journal: list[Exchange]) -> None:
    assert delay(journal, NOW, 20.0) is None


@pytest.mark.parametrize(
    ("journal", "more", "expected"),
    [
        pytest.param([*row(5, 4.0), api("/api/inbox/counts", status=500)], {}, Cause.SERVER, id="a failed request"),
        pytest.param(row(5, 4.0), {"page_errors": ("TypeError: x",)}, Cause.CLIENT_CRASH, id="a crash"),
    ],
)
def test_what_failed_comes_before_what_is_slow(journal: list[Exchange], more: dict[str, Any], expected: Cause) -> None:
    found = cause(*journal, now=NOW, **more)
    assert found[0] is expected
    assert "the app is slow" not in found[1]


ROUTE = "/api/health"
HANG = Diagnosis(Cause.NO_ANSWER, "POST / was not answered", no_read_succeeds=True)


@pytest.mark.parametrize(
    ("answer", "app_answers", "expected", "blind", "says"),
    [
        pytest.param(None, True, Cause.DATABASE, True, "hangs too, and the login page does not", id="it hangs too"),
        pytest.param(None, False, Cause.NO_ANSWER, True, "", id="the whole app hangs"),
        pytest.param((200, 0.1), True, Cause.NO_ANSWER, False, "answers in 0.1 s: it is up", id="it answers"),
        pytest.param((404, 0.1), True, Cause.NO_ANSWER, False, "it is up", id="it answers without its row"),
        pytest.param((500, 0.1), True, Cause.NO_ANSWER, True, "", id="it fails"),
    ],
)
def test_a_route_that_reads_the_database_tells_what_hangs(
    answer: tuple[int, float] | None, app_answers: bool, expected: Cause, blind: bool, says: str
) -> None:
    found = with_database(HANG, ROUTE, answer, app_answers=app_answers)
    assert (found.cause, found.no_read_succeeds) == (expected, blind)
    assert says in found.sentence
    assert found.sentence.startswith(HANG.sentence)


THROWS = Diagnosis(Cause.LIST_ROUTE, "the conversation list answered 500", no_read_succeeds=True)


@pytest.mark.parametrize(
    ("answer", "blind", "called_for", "says"),
    [
        pytest.param((200, 0.1), False, Recommendation.ROLL_BACK, "answers 200: it is up", id="the database answers"),
        pytest.param((503, 0.1), True, None, "answers 503, too", id="nor does the database"),
        pytest.param((401, 0.1), True, None, "", id="it wants a session"),
        pytest.param((307, 0.1), True, None, "", id="it leads elsewhere"),
        pytest.param(None, True, None, "", id="it gives no answer"),
    ],
)
def test_a_route_that_throws_while_the_database_answers_is_this_deployments(
    answer: tuple[int, float] | None, blind: bool, called_for: Recommendation | None, says: str
) -> None:
    found = throws_beside_database(THROWS, ROUTE, answer)
    assert (found.cause, found.no_read_succeeds, found.recommendation) == (Cause.LIST_ROUTE, blind, called_for)
    assert says in found.sentence


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ([], "nothing else was answered meanwhile"),
        ([api(started=NOW - 5_000)], f"meanwhile answered: GET {LIST}"),
        ([api(started=NOW - 30_000)], "nothing else"),
        ([api(started=NOW - 5_000, status=500)], "nothing else"),
    ],
    ids=["nothing", "a read", "a read before", "a failed read"],
)
def test_what_is_answered_while_a_request_hangs_is_said(others: list[Exchange], says: str) -> None:
    hangs = action(started=NOW - 11_000, ms=None, status=None)
    assert says in cause(hangs, *others, now=NOW)[1]
