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
    assert incident.shown == "Error: lead ‹id› of Lead ‹text› is gone"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Error: Anna Schmidt not found", "Error: ‹text› not found"),
        ("Error: sync of Acme Corp failed", "Error: sync of ‹text› failed"),
        ("Error: calendar for Bob unreachable", "Error: calendar for ‹text› unreachable"),
        ('Contact "Ann O\'Neill" missing', "Contact ‹text› missing"),
        ("Error: cannot greet Mariana today", "Error: cannot greet ‹text› today"),
        ("Error: cannot open Mariana's letter", "Error: cannot open ‹text› letter"),
        ("Error: Mariana has no seat", "Error: ‹text› has no seat"),
        ("Error: Mariana's mailbox is full", "Error: ‹text› mailbox is full"),
        ("Error: [sync] Zoë not found", "Error: [sync] ‹text› not found"),
        ("⨯ Error: Ahmed was removed", "Error: ‹text› was removed"),
        ("Error: Mariana and Ahmed share a seat", "Error: ‹text› and ‹text› share a seat"),
        ("Error: Slot is taken", "Error: Slot is taken"),
        ("Error: There is no seat", "Error: There is no seat"),
        ("Error: Vercel's limit is reached", "Error: Vercel's limit is reached"),
        ("Error: It's gone", "Error: It's gone"),
        ("Error: cannot greet Ludwig van Beethoven", "Error: cannot greet ‹text›"),
        ("Error: cannot greet Ursula von der Leyen now", "Error: cannot greet ‹text› now"),
        ("Error: cannot greet J. R. R. Tolkien", "Error: cannot greet ‹text›"),
        ("Error: could not enrich ANNA SCHMIDT", "Error: could not enrich ‹text›"),
        ("Error: slot ANNA-SCHMIDT missing", "Error: slot ‹text› missing"),
        ("Error: cannot send reply to राहुल शर्मा", "Error: cannot send reply to ‹text›"),
        ("Error: cannot greet A\u0301nna", "Error: cannot greet ‹text›"),
        ("Error: cannot read Анна.csv", "Error: cannot read ‹text›"),
        ("Error: cannot read Schmidt.pdf", "Error: cannot read ‹id›"),
        ("Error: cannot read anna_schmidt_lebenslauf.pdf: no header", "Error: cannot read ‹text›: no header"),
        ("Error: <@U02ABCDEF|anna> has left", "Error: ‹id› has left"),
        ("Unrecognized keys: [ 'anna_schmidt' ]", "Unrecognized keys: [ ‹text› ]"),
        ("Error: x, target: 'anna.schmidt'", "Error: x, target: ‹text›"),
        ("Unrecognized keys: [ 'lead_email' ]", "Unrecognized keys: [ lead_email ]"),
        ("Error: x, target: 'lead_email_key'", "Error: x, target: lead_email_key"),
        ("Error: cannot reach Stripe or OpenAI today", None),
        ("Error: could not sync Attio", None),
        ("Error: cannot render React child", None),
        ("Error: INTERNAL SERVER ERROR", None),
        ("Error: SSL SYSCALL error: EOF detected", None),
        ("Error: it threw TypeError again", None),
        ("Error: no model of Prisma", None),
        ("Error: no field score on model Opportunity", None),
        ("Error: it is expected Int, provided Decimal", None),
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


@pytest.mark.parametrize(
    "message",
    [
        "⨯ Error: could not invite zora.o'brien@acme.de",
        "Error: bounced for zora+geheim=x@acme.de",
        "⨯ error: null value in column \"a\" violates not-null constraint\n  detail: 'Failing row contains (12, zora, geheim).',",
        'new row for relation "leads" violates check constraint "x": Failing row contains (12, zora (geheim), 3)',
        '{"level":50,"err":{"message":"violates check constraint","detail":"Failing row contains (12, zora, geheim)."}}',
        '{"level":"error","msg":"Failed query: select a from b where c = $1\\nparams: zora geheim","took":1}',
    ],
)
def test_a_row_an_address_and_the_values_of_a_query_are_shown_nowhere(message: str) -> None:
    shown = named_slots(words(message), message)
    assert "zora" not in shown
    assert "geheim" not in shown
    assert "constraint" in shown or "Failed query" in shown or "invite" in shown or "bounced" in shown
