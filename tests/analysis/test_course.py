"""When trouble began and came again, and what each minute held."""

from __future__ import annotations

import pytest

from postdeploy.analysis.course import course, onset
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.logs.protocol import Span
from tests.analysis.rules.judging import RUNBOOK
from tests.logs.rows import DEPLOYED, Sent, healthy, rows, tallied, throws

QUIET = RUNBOOK.threshold.window


def began(sent: list[Sent]) -> str:
    tally = tallied(rows(sent), span=None)
    judged = LogEvidence(tally=tally, first=tallied(rows(sent)), runbook=RUNBOOK)
    return onset(ordered.findings(judged), judged.tally, QUIET)


@pytest.mark.parametrize(
    ("failing", "says"),
    [
        ([], ""),
        ([60], "began 14:14:20, quiet in the 7 requests before"),
        ([60, 90], "began 14:14:20, quiet in the 7 requests before; last 14:14:50"),
        ([60, 90, 3000], "began 14:14:20, quiet in the 7 requests before; again 15:03:20; last 15:03:20"),
        (
            [60, 3000, 6000, 9000, 12_000, 12_060],
            "began 14:14:20, quiet in the 7 requests before; again 15:03:20, 15:53:20, 16:43:20 and 1 times more; last 17:34:20",
        ),
    ],
)
def test_the_onset_says_when_it_began_and_when_it_came_again(failing: list[float], says: str) -> None:
    assert began([*healthy(60), *(throws("A", at) for at in failing)]) == says


def test_trouble_from_the_first_request_on_was_never_quiet() -> None:
    assert began([throws("A", 0), *healthy(30)]).startswith("began 14:13:20, with the first request")


def test_where_a_log_spans_days_moments_have_dates() -> None:
    assert began([*healthy(60), throws("A", 60), throws("A", 90_000)]) == (
        "began 09-21 14:14:20, quiet in the 7 requests before; again 09-22 15:13:20; last 09-22 15:13:20"
    )


def test_the_onset_is_of_what_fails_the_deployment() -> None:
    cron = Sent(5, "GET", "/api/cron/x", 500, " ⨯ Error: B")
    assert began([cron, *healthy(60), *(throws(word, 300 + n) for n, word in enumerate("ABCD"))]).startswith(
        "began 14:18:20"
    )


def steps(sent: list[Sent], seconds: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int, str]:
    tally = tallied(rows(sent), span=None)
    found = course(tally, tally, Span(DEPLOYED, DEPLOYED + seconds * 1000), RUNBOOK.threshold, "")
    return found.requests, found.failed, found.unique, found.seconds, found.exceeded


def test_each_minute_holds_its_requests_and_failures() -> None:
    sent = [*(Sent(at) for at in (0, 59, 60, 179)), throws("A", 61), throws("A", 62), throws("B", 170)]
    assert steps(sent, 180) == ((2, 3, 2), (0, 2, 1), (0, 1, 2), 60, "")


def test_it_says_when_one_more_than_allowed_had_appeared() -> None:
    sent = [throws(word, 30 * n) for n, word in enumerate("ABCDE")]
    found = steps(sent, 180)
    assert found[2] == (2, 4, 5)
    assert found[4].startswith("2026-09-21T14:14:50")


@pytest.mark.parametrize(("hours", "step"), [(1, 60), (2, 120), (71, 4260), (720, 43_200)])
def test_a_long_log_has_longer_steps(hours: int, step: int) -> None:
    requests, *_, seconds, _ = steps([Sent(0), Sent(hours * 3600 - 1)], hours * 3600)
    assert (sum(requests), seconds) == (2, step)
    assert len(requests) <= 60


def test_the_suites_own_requests_are_not_in_it() -> None:
    assert steps([Sent(0), Sent(1, own=True), throws("A", 2, own=True)], 60)[:2] == ((1,), (0,))
