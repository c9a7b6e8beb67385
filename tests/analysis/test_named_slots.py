"""What is left out of a message is named where it stood, and the fingerprint does not depend on how."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import named_slots, words
from tests.logs.rows import healthy, rows, tallied, throws


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Error: lead lead_5 is gone", "Error: lead ‹id› is gone"),
        ("Error: Lead Anna Schmidt is archived", "Error: Lead ‹text› is archived"),
        ('Error: tag "very important" is not known', "Error: tag ‹text› is not known"),
        ('Error: tag "a17f" is not known', "Error: tag ‹id› is not known"),
        ("Error: workspace Zoë's Studio has no mailbox", "Error: workspace ‹text› has no mailbox"),
        ("Error: can't mail ada@example.com", "Error: can't mail ‹id›"),
        ("Error: cannot charge 7 % of $5", "Error: cannot charge ‹id› of ‹id›"),
        ("Error: P2002 on email", "Error: P2002 on email"),
        ("Loading… failed", "Loading... failed"),
    ],
)
def test_a_slot_says_what_stood_there(message: str, shown: str) -> None:
    assert named_slots(words(message), message) == shown


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ('lead "anna" is gone', 'lead "a17" is gone'),
        ("Lead Anna Schmidt is gone", "Lead 4711 is gone"),
        ('value ("x y") refused', 'value ("7") refused'),
    ],
)
def test_the_fingerprint_does_not_depend_on_it(one: str, another: str) -> None:
    assert words(one) == words(another)


def test_without_the_message_a_slot_is_text() -> None:
    assert named_slots("lead … is gone") == "lead ‹text› is gone"


def test_an_incident_shows_its_slots() -> None:
    [incident] = tallied(rows([*healthy(9), throws("lead lead_5 of Lead Anna is gone", 30)])).incidents
    assert incident.shown == "⨯ Error: lead ‹id› of Lead ‹text› is gone"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Error: Anna Schmidt not found", "Error: ‹text› not found"),
        ("Error: sync of Acme Corp failed", "Error: sync of ‹text› failed"),
        ("Error: calendar for Bob unreachable", "Error: calendar for ‹text› unreachable"),
        ('Contact "Ann O\'Neill" missing', "Contact ‹text› missing"),
        ("Error: An error occurred in the Server Components render.", None),
        ("AuthApiError: Invalid Refresh Token: Refresh Token Not Found", None),
        ("ConnectTimeoutError: Connect Timeout Error", None),
        ("Error: could not connect to Supabase", None),
        ("Invalid prisma.lead.create() invocation: Unique constraint failed", None),
    ],
)
def test_what_reads_like_a_name_is_not_shown(message: str, shown: str | None) -> None:
    assert named_slots(words(message), message) == (shown or message)


@pytest.mark.parametrize(
    "word", ["AuthApiError", "PrismaClientKnownRequestError", "AuthRetryableFetchError", "ZodError"]
)
def test_a_class_is_not_taken_for_an_id(word: str) -> None:
    assert words(f"{word}: x failed") == f"{word}: x failed"
