"""One incident for one trouble: classes of the same requests, retries of a client, and the error behind a line that only wraps it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from postdeploy.analysis import variants
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.entry import LogEntry
from tests.analysis.rules.judging import CODE, RUNBOOK, UNREACHABLE, evidence, failures, findings, warnings
from tests.logs.rows import Sent, healthy, rows, tallied, throws

RETRIES = (0.0, 1.2, 3.4, 7.8)
"""When a client's four attempts begin, each answered within half a second."""
WRAPPER = "⨯ Error: An error occurred in the Server Components render."
FIVE = (
    "Error [PrismaClientKnownRequestError]: x\n    at a (b.js:1:1) {\n  code: 'P2002'\n}",
    "Error [PrismaClientKnownRequestError]: x\n    at a (b.js:1:1) {\n  code: 'P2025'\n}",
    "TypeError: Cannot read properties of undefined (reading 'email')",
    "Error: OpenAI answered with status 429",
    'Error: missing "slackChannel"',
)


def behind(first: str, *others: str, at: float = 60) -> list[LogEntry]:
    """A failing Server Action that logged several errors, each in a row."""
    found = Sent(at, status=500, message=first).rows()
    more = [row for text in others for row in Sent(at, status=500, message=text).rows() if row.message]
    return [*found, *(msgspec.structs.replace(row, request_id=found[0].request_id) for row in more)]


def evidence_of(*requests: list[LogEntry]) -> LogEvidence:
    entries = [*rows(healthy(90)), *(row for request in requests for row in request)]
    tally = variants.linked(tallied(entries), RUNBOOK.logs)
    return LogEvidence(tally=tally, first=tally, runbook=RUNBOOK)


def calls_of(sent: Sequence[Sent]) -> list[tuple[int, int]]:
    """Of each Server Action error its requests and calls."""
    tally = tallied(rows(sent))
    return [(one.requests, variants.calls(tally, one, RUNBOOK.logs)) for one in tally.server_action_errors]


@pytest.mark.parametrize(
    "wrapper",
    [WRAPPER, "⨯ Error: Failed to load the lead", "⨯ ServiceError: Could not be saved", "⨯ Error"],
)
def test_a_line_that_only_wraps_does_not_hide_which_error_it_wrapped(wrapper: str) -> None:
    found = evidence_of(*(behind(wrapper, error) for error in FIVE)).first
    assert found.unique == 5
    assert {one.origin != "" for one in found.server_action_errors} == {True}


def test_five_wrapped_errors_are_over_the_threshold_and_one_five_times_is_not() -> None:
    def verdict(errors: Sequence[str]) -> list[object]:
        requests = (behind(WRAPPER, error, at=60 + at) for at, error in enumerate(errors))
        return [*failures(ordered.findings(evidence_of(*requests)))]

    assert verdict(FIVE) == [CODE]
    assert verdict(FIVE[:1] * 4) == []


@pytest.mark.parametrize(
    "lead",
    [
        "⨯ Error: P2002 on the lead",
        "⨯ TypeError: x is undefined",
        "⨯ Error: fetch answered 502",
        "⨯ Error: lead.owner is missing",
    ],
)
def test_a_line_that_names_its_trouble_is_not_told_apart_by_what_else_was_logged(lead: str) -> None:
    assert evidence_of(*(behind(lead, error) for error in FIVE)).first.unique == 1


def test_sentences_behind_a_wrapper_may_be_one_error_and_codes_may_not() -> None:
    sentences = ("the mail is late", "nobody answers", "no credit is left", "it was closed")
    given = evidence_of(*(behind(WRAPPER, f"Error: {sentence}") for sentence in sentences))
    assert failures(ordered.findings(given)) == []
    [doubt] = undecidable(given, ordered.findings(given))
    assert doubt.startswith("4 unique Server Action errors (more than 3 are too many), or 1 if variants")


def test_a_request_whose_second_row_is_missing_may_be_any_of_those_that_have_it() -> None:
    given = evidence_of(*(behind(WRAPPER, error) for error in FIVE[:3]), behind(WRAPPER))
    [doubt] = undecidable(given, ordered.findings(given))
    assert doubt.startswith("4 unique Server Action errors (more than 3 are too many), or 3 if variants")


@pytest.mark.parametrize(
    ("message", "classes"),
    [
        (UNREACHABLE, {Signal.SERVER_ACTION_ERROR, Signal.DATABASE_UNREACHABLE}),
        ("Vercel Runtime Timeout Error: Task timed out after 300 seconds", {Signal.SERVER_ACTION_ERROR, Signal.FUNCTION_DIED}),
        ("AuthApiError: Invalid Refresh Token: Refresh Token Not Found", {Signal.SERVER_ACTION_ERROR, Signal.SESSION_REJECTED}),
    ],
)  # fmt: skip
def test_the_classes_of_the_same_requests_are_one_incident(message: str, classes: set[Signal]) -> None:
    found = variants.linked(tallied(rows([Sent(at, status=500, message=message) for at in (60, 61)])), RUNBOOK.logs)
    assert {one.signal for one in found.incidents} >= classes
    assert len({one.trouble for one in found.incidents}) == 1


def test_the_same_message_on_two_routes_is_two_troubles() -> None:
    sent = [Sent(60, status=500, message=UNREACHABLE), Sent(61, "GET", "/api/x", 500, UNREACHABLE)]
    found = variants.linked(tallied(rows(sent)), RUNBOOK.logs)
    assert len({one.trouble for one in found.incidents}) == 2


def test_two_error_lines_of_one_healthy_request_are_one_pattern() -> None:
    entries = [
        msgspec.structs.replace(row, status=200) for row in behind("Error: the mail is late", "Error: a note is late")
    ]
    [said] = warnings(ordered.findings(evidence_of(entries)), LogSubject.PATTERNS)
    assert said.startswith("1 error pattern that no signal explains, in 1 request:")


@pytest.mark.parametrize(
    "statuses", [(500, 502, 503, 504), (504, 504, 503, 500), (503, 500, 500, 502), (-1, 504, 502, 500)]
)
def test_the_silent_retries_of_one_call_are_one_error_whatever_their_status(statuses: tuple[int, ...]) -> None:
    sent = [Sent(60 + at, status=status) for at, status in zip(RETRIES, statuses, strict=True)]
    given = evidence([*healthy(90), *sent])
    assert given.first.unique == 1
    assert failures(ordered.findings(given)) == []


@pytest.mark.parametrize("gaps", [(0, 60, 120, 180), (0, 0.2, 0.4, 0.6), (0, 20, 40, 40.5)])
def test_silent_failures_that_come_at_other_times_are_told_apart_by_their_status(gaps: tuple[float, ...]) -> None:
    sent = [Sent(60 + at, status=status) for at, status in zip(gaps, (500, 502, 503, 504), strict=True)]
    assert failures(findings([*healthy(90), *sent])) == [CODE]


def test_an_attempt_that_logged_nothing_belongs_to_the_call_whose_first_attempt_did() -> None:
    sent = [throws("A", 60), *(Sent(60 + at, status=500) for at in RETRIES[1:])]
    assert evidence([*healthy(90), *sent]).first.unique == 1
    assert evidence([*healthy(90), throws("A", 60), Sent(90, status=500)]).first.unique == 2


def test_four_messages_within_a_retry_schedule_stay_four_errors() -> None:
    sent = [throws(word, 60 + at) for word, at in zip("ABCD", RETRIES, strict=True)]
    assert failures(findings([*healthy(90), *sent])) == [CODE]


def test_two_people_who_meet_one_error_a_minute_apart_are_two_requests_two_calls_and_one_incident() -> None:
    assert calls_of([*healthy(90), throws("A", 60), throws("A", 120)]) == [(2, 2)]


def test_three_clicks_of_one_user_are_three_calls_of_twelve_requests() -> None:
    sent = [throws("A", 60 + 20 * click + at) for click in range(3) for at in RETRIES]
    assert calls_of([*healthy(90), *sent]) == [(12, 3)]


@pytest.mark.parametrize(
    ("moments", "firsts"),
    [
        ([0, 1200, 3400, 7800], [0, 0, 0, 0]),
        ([0, 1200, 3400, 7800, 12_000], [0, 0, 0, 0, 4]),
        ([0, 100, 1200, 1300], [0, 1, 0, 1]),
        ([0, 900], [0, 1]),
        ([0, 2600], [0, 1]),
        ([], []),
    ],
)
def test_attempts_are_put_together_by_the_schedule(moments: list[int], firsts: list[int]) -> None:
    assert variants.first_attempts(moments, RUNBOOK.logs) == firsts


def test_beyond_the_bound_calls_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [throws("A", 60 + at / 100) for at in range(30)]
    monkeypatch.setattr(variants, "MOST_REQUESTS", 20)
    assert calls_of(sent) == [(30, 30)]
